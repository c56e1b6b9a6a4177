/** What can be wrong. Each is a heading of docs/operations.md, where it is told at length. */
export const TROUBLES = [
  'database-unreachable',
  'database-read-only',
  'database-connections',
  'database-blocked',
  'long-transaction',
  'schema-missing',
  'schema-older',
  'schema-newer',
  'embedded-missing',
  'embedded-unreadable',
  'embedded-stopped',
  'embedded-busy',
  'embedded-ownerless',
  'disk-full',
  'not-running',
  'not-on-this-machine',
  'not-ready',
  'processes-unseen',
  'starting-or-draining',
  'port-of-another',
  'deaf',
  'nobody-takes-triages',
  'triages-stuck',
  'triages-backlog',
  'lease-expired',
  'suspects',
  'waiting-for-model',
  'waiting-for-money',
  'ended-as-error',
  'ended-as-failed',
  'deliveries-late',
  'deliveries-given-up',
  'slack-not-configured',
  'hourly-ceiling',
  'alerts-quarantined',
  'alerts-truncated',
  'no-alerts',
  'retention-behind',
  'model-refuses',
  'model-unreachable',
  'model-struggles',
  'backend-unreachable',
  'backend-empty',
  'slack-unreachable',
  'links-lead-nowhere',
  'not-known',
] as const;

export type Trouble = (typeof TROUBLES)[number];

/** One line of what the doctor tells. `look`: nothing is broken, but a person should know. */
export type Finding =
  | { readonly mark: 'ok'; readonly about: string; readonly what: string }
  | {
      readonly mark: 'look' | 'bad';
      readonly about: Trouble;
      readonly what: string;
      /** What follows from it. */
      readonly means: string;
      readonly todo: string;
    };

/** All is well here. */
export function ok(about: string, what: string): Finding {
  return { mark: 'ok', about, what };
}

/** What follows from a finding, and what to do about it. */
interface Advice {
  readonly means: string;
  readonly todo: string;
}

export function look(about: Trouble, what: string, advice: Advice): Finding {
  return { mark: 'look', about, what, ...advice };
}

export function bad(about: Trouble, what: string, advice: Advice): Finding {
  return { mark: 'bad', about, what, ...advice };
}
