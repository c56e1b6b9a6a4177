import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { ShutdownConfig, TriageConfig } from '../config/slices';
import { Clock } from '../domain/clock';
import { Ids } from '../domain/ids';
import { ToldTrouble } from '../domain/told-trouble';
import { VigilEventEmitter } from '../events/vigil-event-emitter';
import { AttemptRunner, Drained } from './attempt-runner';
import { ClaimTerms } from './claim-terms';
import { LeaseKeeper } from './lease-keeper';
import { type ClaimedTriage, TriageQueue } from './ports/triage-queue';

/** How often the queue is asked when nobody rings. */
const POLL_MS = 1_000;

/** Without a reason each abort makes an error with a stack, and each stored body rings twice. */
const RUNG = 'rung';

/** With the moment before the claim, on the monotonic clock: its lease is no older. */
type Claimed = ClaimedTriage & { readonly askedMs: number };

/** What bounds a worker, and the clock it is measured by. */
@Injectable()
export class WorkerLimits {
  readonly maxConcurrent: number;
  readonly leaseMs: number;
  readonly drainMs: number;
  constructor(
    triage: TriageConfig,
    shutdown: ShutdownConfig,
    readonly terms: ClaimTerms,
    readonly clock: Clock,
    readonly ids: Ids,
  ) {
    this.maxConcurrent = triage.maxConcurrent;
    this.leaseMs = triage.leaseMs;
    this.drainMs = shutdown.drainMs;
  }
}

/**
 * Claims owed triages and runs them, at most `max-concurrent-triages` at once. The poll is the truth; a ring of the
 * bell only shortens the sleep.
 */
@Injectable()
export class TriageWorker implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly log = new Logger(TriageWorker.name);
  private readonly trouble = new ToldTrouble();
  private readonly running = new Map<string, Promise<void>>();
  /** Triages that crashed two workers and have recorded no turn since: each runs alone. */
  private readonly suspects = new Set<string>();
  private readonly owner: string;
  /** The database may hold triages for this worker that it does not run, or its crash for a fact. */
  private mayHoldMore = false;
  private readonly stopping = new AbortController();
  private readonly draining = new AbortController();
  private bell = new AbortController();
  private claiming?: Promise<void>;
  private beatMs?: number;

  constructor(
    private readonly queue: TriageQueue,
    private readonly leases: LeaseKeeper,
    private readonly attempts: AttemptRunner,
    private readonly limits: WorkerLimits,
    private readonly events: VigilEventEmitter,
  ) {
    this.owner = limits.ids.next();
  }

  /** When the claim loop last came round, on the monotonic clock: the worker's pulse. */
  lastBeatMs(): number | undefined {
    return this.beatMs;
  }

  onApplicationBootstrap(): void {
    this.events.on('triage.queued', () => this.ring());
    this.events.on('triage.turn-recorded', ({ triageId }) => {
      if (this.suspects.delete(triageId)) this.ring();
    });
    this.claiming = this.claimUntilStopped();
  }

  /** Shutdown, first part: nothing is started any more. */
  onModuleDestroy(): void {
    this.stopping.abort();
    this.ring();
  }

  /** No more waiting for what runs: it is cut as soon as the second part begins, or at once in its middle. */
  skipDrain(): void {
    this.draining.abort();
  }

  /** Second part: what runs may end; what has not ended when the drain is over is cut and given back. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.claiming;
    const ended = Promise.allSettled([...this.running.values()]);
    await Promise.race([ended, this.limits.clock.sleep(this.limits.drainMs, this.draining.signal)]);
    this.draining.abort(); // a drain that was not needed to its end leaves no timer behind
    this.leases.abortAll(new Drained('this process is shutting down'));
    await ended;
    // Once more, for what could not be given back. If nobody hears it, that goes on when its lease ends.
    await this.disclaim().catch(() => undefined);
    await this.leases.stop();
  }

  private async claimUntilStopped(): Promise<void> {
    while (!this.isStopping()) {
      this.bell = new AbortController();
      const claimed = await this.claim();
      this.beatMs = this.limits.clock.monotonicMs();
      if (claimed && this.isStopping()) await this.putBack(claimed);
      else if (claimed) this.start(claimed);
      else await this.limits.clock.sleep(POLL_MS, this.bell.signal);
    }
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async claim(): Promise<Claimed | undefined> {
    try {
      await this.disclaim();
      if (this.running.size >= this.limits.maxConcurrent || this.suspects.size > 0) return undefined;
      const askedMs = this.limits.clock.monotonicMs();
      const running = [...this.running.keys()];
      const { owner } = this;
      const { leaseMs, terms } = this.limits;
      const { money } = terms;
      const outage = terms.outage();
      const idle = running.length === 0;
      const claimed = await this.queue.claim({ owner, leaseMs, idle, running, money, outage });
      if (this.trouble.ends()) this.log.log('the queue answers again');
      // What is handed out in the middle of an outage does not ask that model, or is too old: it is no probe.
      if (claimed && !outage) terms.begun();
      return claimed && { ...claimed, askedMs };
    } catch (error) {
      this.mayHoldMore = true; // the answer to the commit may be what is missing
      if (this.trouble.begins(error)) this.log.warn({ err: error }, 'the queue could not be asked; trying again');
      return undefined;
    }
  }

  /**
   * Before anything is claimed, so that a database that comes and goes cannot hear of crashes alone: the others do the
   * same, and each who lives says so at the first word that it gets through.
   */
  private async disclaim(): Promise<void> {
    if (!this.mayHoldMore) return;
    this.mayHoldMore = false;
    try {
      await this.queue.disclaim(this.owner, [...this.running.keys()]);
    } catch (error) {
      this.mayHoldMore = true;
      throw error;
    }
  }

  /** The claim was under way when the end began: nothing is started any more, so it is as if nobody had claimed. */
  private async putBack({ lease }: ClaimedTriage): Promise<void> {
    await this.queue.release(lease, 0).catch((error: unknown) => {
      this.mayHoldMore = true;
      this.log.warn({ err: error, triage_id: lease.triageId }, 'a triage could not be given back yet');
    });
  }

  private start(claimed: Claimed): void {
    const { lease, attempt, strikes } = claimed;
    this.log.log({ msg: 'triage started', triage_id: lease.triageId, attempt, strikes });
    if (strikes === 2) this.suspects.add(lease.triageId);
    const run = this.attempts.run(claimed, this.leases.keep(lease, claimed.askedMs)).then((isOver) => {
      if (!isOver) this.mayHoldMore = true;
      this.leases.drop(lease);
      this.suspects.delete(lease.triageId);
      this.running.delete(lease.triageId);
      this.ring();
    });
    this.running.set(lease.triageId, run);
  }

  /** Wakes the loop early. Missing a ring costs one poll, never work. */
  private ring(): void {
    this.bell.abort(RUNG);
  }
}
