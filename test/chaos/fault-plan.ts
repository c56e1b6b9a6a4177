import type { MomentName, Trigger } from './moments.ts';
import type { PostgresEnd } from './own-postgres.ts';
import type { Seeded } from './seeded.ts';

/** `kill`: SIGKILL. `term`: SIGTERM. `stop`: SIGSTOP, longer than the lease, then SIGCONT. */
export type KillKind = 'kill' | 'term' | 'stop';

export type PlannedFault = {
  /** Undefined: at a time of its own, `thenMs` after the fault before it has been dealt with. */
  readonly trigger: Trigger | { readonly thenMs: number };
  /** Whether both replicas must be up again before it is armed. */
  readonly calm: boolean;
} & (
  | { readonly what: 'replica'; readonly kind: KillKind; readonly forMs: number }
  | { readonly what: 'postgres'; readonly kind: PostgresEnd; readonly forMs: number }
);

export interface RunSize {
  readonly alerts: number;
  readonly kills: number;
  readonly postgresRestarts: number;
}

export const FULL: RunSize = { alerts: 50, kills: 20, postgresRestarts: 5 };
export const SHORT: RunSize = { alerts: 12, kills: 4, postgresRestarts: 1 };

/** One in so many kills is another one than SIGKILL. */
const TERM_EVERY = 6;
const STOP_EVERY = 5;

/** Where a kill may strike: after which moment, how many of them at most, and how long after it at most. */
const KILL_TRIGGERS: readonly (readonly [MomentName | 'time', nth: number, thenMs: number])[] = [
  ['model.request', 6, 300],
  ['model.request', 2, 20],
  ['model.answered', 6, 12],
  ['model.answered', 3, 4],
  ['opening.recorded', 2, 6],
  ['turn.recorded', 6, 6],
  ['backend.request', 8, 100],
  ['call.recorded', 6, 5],
  ['call.recorded', 3, 0],
  ['triage.settled', 2, 30],
  ['slack.post', 1, 3],
  ['alerts.sent', 2, 15],
  ['alerts.acknowledged', 2, 5],
  ['replica.spawned', 1, 1_500],
  ['time', 0, 1_500],
];

/** A channel's message that was in flight holds the channel for half a minute: a short run has no time for that. */
const SHORT_TRIGGERS = KILL_TRIGGERS.filter(([moment]) => moment !== 'slack.post' && moment !== 'replica.spawned');

const POSTGRES_TRIGGERS: typeof KILL_TRIGGERS = [
  ['model.request', 4, 200],
  ['model.answered', 4, 6],
  ['turn.recorded', 4, 6],
  ['backend.request', 6, 60],
  ['alerts.sent', 2, 10],
  ['slack.post', 1, 3],
  ['time', 0, 1_000],
];

/** The faults of a run, in their order. */
export function faultPlan(seeded: Seeded, { kills, postgresRestarts }: RunSize, leaseMs: number): PlannedFault[] {
  const ends: readonly PostgresEnd[] = ['fast', 'immediate', 'crash'];
  const first = seeded.whole(0, ends.length - 1);
  const triggers = kills < FULL.kills ? SHORT_TRIGGERS : KILL_TRIGGERS;
  const killed = Array.from({ length: kills }, (_, i): PlannedFault => {
    const kind = i % STOP_EVERY === 1 ? 'stop' : i % TERM_EVERY === 2 ? 'term' : 'kill';
    const forMs = kind === 'stop' ? leaseMs + seeded.whole(500, 2_500) : 0;
    return { what: 'replica', kind, forMs, trigger: triggerOf(seeded, triggers), calm: seeded.chance(0.6) };
  });
  const restarted = Array.from({ length: postgresRestarts }, (_, i): PlannedFault => {
    // One outage in three is longer than a lease.
    const forMs = i % 3 === 2 ? leaseMs + seeded.whole(200, 1_500) : seeded.whole(50, 1_500);
    const trigger = triggerOf(seeded, kills < FULL.kills ? POSTGRES_TRIGGERS.slice(0, 5) : POSTGRES_TRIGGERS);
    return { what: 'postgres', kind: ends[(first + i) % ends.length]!, forMs, trigger, calm: seeded.chance(0.6) };
  });
  return seeded.shuffled([...killed, ...restarted]);
}

function triggerOf(seeded: Seeded, triggers: typeof KILL_TRIGGERS): PlannedFault['trigger'] {
  const [moment, nth, thenMs] = seeded.pick(triggers);
  const after = seeded.whole(0, thenMs);
  return moment === 'time' ? { thenMs: after } : { moment, nth: seeded.whole(1, nth), thenMs: after };
}

/** `SIGKILL 4 ms after model.answered (2)`. */
export function inWords(fault: PlannedFault): string {
  const kind = fault.what === 'replica' ? fault.kind : `postgres ${fault.kind}`;
  const { trigger } = fault;
  const when = 'moment' in trigger ? `${trigger.moment} (${trigger.nth})` : 'the last fault';
  return `${kind} ${trigger.thenMs} ms after ${when}${fault.forMs > 0 ? `, for ${fault.forMs} ms` : ''}`;
}
