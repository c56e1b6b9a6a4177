import { setTimeout as delay } from 'node:timers/promises';
import { inWords } from './fault-plan.ts';
import type { KillKind, PlannedFault } from './fault-plan.ts';
import type { Moments } from './moments.ts';
import type { OwnPostgres, PostgresEnd } from './own-postgres.ts';
import { signal } from './life.ts';
import type { Life } from './life.ts';
import { within } from './replica.ts';
import type { Replica } from './replica.ts';
import type { Seeded } from './seeded.ts';

/** A moment that does not come by then is not waited for; in milliseconds. */
const MOMENT_LIMIT_MS = 4_000;
/** So long a replica may take to be up again before a fault that waits for it; in milliseconds. */
const CALM_LIMIT_MS = 15_000;
const GAP_MS = [50, 900] as const;

/** A fault that has struck. */
export interface Fault {
  readonly kind: KillKind | PostgresEnd;
  /** Absent: it is the database's. */
  readonly life?: Life;
  readonly at: number;
  /** When what was stopped went on, or the database answered again. */
  endedAt?: number;
  /** What it was planned as. */
  readonly words: string;
}

export interface Victims {
  readonly replicas: readonly Replica[];
  readonly postgres: OwnPostgres;
}

/** Lets the planned faults strike one after the other; what lasts goes on meanwhile. */
export class Faults {
  readonly struck: Fault[] = [];
  private readonly victims: Victims;
  private readonly moments: Moments;
  private readonly seeded: Seeded;
  private readonly lasting: Promise<void>[] = [];
  private postgresIsUp = Promise.resolve();

  constructor(victims: Victims, moments: Moments, seeded: Seeded) {
    this.victims = victims;
    this.moments = moments;
    this.seeded = seeded;
  }

  /** @returns when it has struck */
  async strike(planned: PlannedFault): Promise<void> {
    const { replicas } = this.victims;
    if (planned.calm) await within(CALM_LIMIT_MS, () => replicas.every((replica) => replica.isListening()));
    else await within(CALM_LIMIT_MS, () => replicas.some((replica) => replica.isListening()));
    if (planned.what === 'postgres') await this.postgresIsUp;
    const act = (life: Life | undefined): void =>
      planned.what === 'postgres' ? this.restartPostgres(planned) : this.hit(planned, life ?? this.anyLife());
    if ('moment' in planned.trigger) {
      await this.moments.at(planned.trigger, MOMENT_LIMIT_MS, act);
    } else {
      await delay(planned.trigger.thenMs);
      act(undefined);
    }
    await delay(this.seeded.whole(...GAP_MS));
  }

  /** @returns when all that lasts is over */
  async over(): Promise<void> {
    await Promise.all(this.lasting);
  }

  private hit(planned: Extract<PlannedFault, { what: 'replica' }>, life: Life): void {
    // The process of the moment may have ended by now: then the fault is its successor's, or the other one's.
    const hit = life.endedAt === undefined ? life : this.anyLife();
    const fault: Fault = { kind: planned.kind, life: hit, at: Date.now(), words: inWords(planned) };
    this.struck.push(fault);
    if (planned.kind !== 'stop') {
      signal(hit, planned.kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
      return;
    }
    signal(hit, 'SIGSTOP');
    const goOn = delay(planned.forMs).then(() => {
      fault.endedAt = Date.now();
      signal(hit, 'SIGCONT');
    });
    this.lasting.push(goOn);
  }

  private anyLife(): Life {
    const lives = this.victims.replicas.flatMap(({ current }) => (current ? [current] : []));
    const alive = lives.filter(({ endedAt }) => endedAt === undefined);
    return this.seeded.pick(alive.length > 0 ? alive : lives);
  }

  private restartPostgres(planned: Extract<PlannedFault, { what: 'postgres' }>): void {
    const { postgres } = this.victims;
    const fault: Fault = { kind: planned.kind, at: Date.now(), words: inWords(planned) };
    this.struck.push(fault);
    const restart = async (): Promise<void> => {
      await postgres.end(planned.kind);
      await delay(planned.forMs);
      await postgres.begin();
      fault.endedAt = Date.now();
    };
    this.postgresIsUp = restart();
    this.lasting.push(this.postgresIsUp);
  }
}
