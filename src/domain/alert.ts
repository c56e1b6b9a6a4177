/** Names and values; any string is a name. */
export type Labels = Readonly<Record<string, string>>;

export type AlertStatus = 'firing' | 'resolved';

/** One alert of a webhook body, read and cleaned. */
export interface Alert {
  /** 16 hex digits when Alertmanager sent it; any text else. Never empty: computed from the labels when absent. */
  readonly fingerprint: string;
  readonly status: AlertStatus;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Absent: the alert belongs to the open firing of its fingerprint, or starts now. */
  readonly startsAt?: Date;
  /** Absent while it fires. */
  readonly endsAt?: Date;
  /** Shown, never fetched. */
  readonly generatorUrl?: string;
}

/** A firing: one uninterrupted time of an alert, named by fingerprint and start. */
export interface Firing {
  readonly id: string;
  readonly fingerprint: string;
  readonly status: AlertStatus;
  readonly startsAt: Date;
  readonly endsAt?: Date;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly generatorUrl?: string;
}

/** That all of some firings are over, and when the last one ended, if that is known; undefined while one fires. */
export function resolutionOf(firings: readonly Firing[]): { readonly at?: Date } | undefined {
  if (firings.length === 0 || firings.some(({ status }) => status === 'firing')) return undefined;
  const ends = firings.flatMap(({ endsAt }) => endsAt?.getTime() ?? []);
  return ends.length > 0 ? { at: new Date(Math.max(...ends)) } : {};
}

/** What became of one alert of a body. `decision` is a metric label: a new one belongs into the contract. */
export type Admission =
  | { readonly decision: 'queued'; readonly fingerprint: string; readonly triageId: string }
  | { readonly decision: 'duplicate'; readonly fingerprint: string; readonly triageId: string; readonly reason: string }
  | {
      readonly decision: 'already_triaged';
      readonly fingerprint: string;
      readonly triageId: string;
      readonly reason: string;
    }
  | {
      readonly decision: 'cooling_down';
      readonly fingerprint: string;
      readonly triageId: string;
      readonly reason: string;
    }
  | {
      readonly decision: 'not_firing';
      readonly fingerprint: string;
      readonly triageId?: string;
      /** Its triage had not started, and has ended by this. */
      readonly cancelled: boolean;
      readonly reason: string;
    }
  | { readonly decision: 'quarantined'; readonly fingerprint?: string; readonly reason: string };

/** Why a webhook request was refused whole. A metric label: nothing in it comes from the caller. */
export type WebhookRefusal =
  /** No token, or a wrong one. */
  | 'unauthorized'
  /** A token without the scope. */
  | 'forbidden'
  | 'too_large'
  /** The body did not come to its end. */
  | 'incomplete'
  /** No JSON, or said to be none. */
  | 'not_json'
  /** JSON, but no webhook body of version 4; too deep, too many entries. */
  | 'bad_body'
  /** It could not be stored now. */
  | 'unavailable'
  /** A defect of ours. */
  | 'internal';
