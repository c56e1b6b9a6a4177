import { Injectable, Logger } from '@nestjs/common';
import { TriageConfig } from '../config/slices';
import { Clock } from '../domain/clock';
import { LeaseLost } from '../domain/errors';
import { ToldTrouble } from '../domain/told-trouble';
import { type Lease, TriageQueue } from './ports/triage-queue';

/** Beats in a lease: one may fail, and there is time to try again. */
const BEATS_PER_LEASE = 3;
/** A database that was away may be back sooner than the next beat is due. */
const AGAIN_MS = 1_000;

/** A lease while this process renews it. */
interface KeptLease {
  readonly lease: Lease;
  readonly abort: AbortController;
  /** Ends the watch over it. */
  readonly dropped: AbortController;
  /** When it runs out unless it is renewed, on the monotonic clock. */
  endsMs: number;
}

/** Renews the leases that this process holds, all in one statement, and tells at once when one is lost. */
@Injectable()
export class LeaseKeeper {
  private readonly log = new Logger(LeaseKeeper.name);
  private readonly trouble = new ToldTrouble();
  private readonly kept = new Map<string, KeptLease>();
  private readonly stopping = new AbortController();
  private beating?: Promise<void>;

  constructor(
    private readonly queue: TriageQueue,
    private readonly config: TriageConfig,
    private readonly clock: Clock,
  ) {}

  /**
   * @param askedMs when it was asked for, on the monotonic clock
   * @returns a signal that aborts with LeaseLost, or with what `abortAll` gives as the reason
   */
  keep(lease: Lease, askedMs: number): AbortSignal {
    this.beating ??= this.beat();
    const [abort, dropped] = [new AbortController(), new AbortController()];
    const kept = { lease, abort, dropped, endsMs: askedMs + this.config.leaseMs };
    this.kept.set(lease.triageId, kept);
    void this.watch(kept);
    return abort.signal;
  }

  /** Stops renewing: nothing works under it any more. */
  drop(lease: Lease): void {
    this.kept.get(lease.triageId)?.dropped.abort();
    this.kept.delete(lease.triageId);
  }

  abortAll(reason: Error): void {
    for (const { abort } of this.kept.values()) abort.abort(reason);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.beating;
  }

  /** A beat that hung is followed by the next one at once. */
  private async beat(): Promise<void> {
    const beatMs = this.config.leaseMs / BEATS_PER_LEASE;
    for (let pauseMs = beatMs; !this.stopping.signal.aborted;) {
      await this.clock.sleep(pauseMs, this.stopping.signal);
      const askedAtMs = this.clock.monotonicMs();
      const isDone = await this.renewAll(askedAtMs);
      const tookMs = this.clock.monotonicMs() - askedAtMs;
      pauseMs = Math.max(0, (isDone ? beatMs : Math.min(beatMs, AGAIN_MS)) - tookMs);
    }
  }

  /** @returns whether it is known of each what became of it */
  private async renewAll(askedAtMs: number): Promise<boolean> {
    const asked = [...this.kept.values()].filter(({ abort }) => !abort.signal.aborted);
    if (asked.length === 0) return true;
    try {
      const { renewed, lost } = await this.queue.renew(
        asked.map(({ lease }) => lease),
        this.config.leaseMs,
      );
      if (this.trouble.ends()) this.log.log('the leases are renewed again');
      for (const one of asked) {
        if (renewed.has(one.lease.triageId)) one.endsMs = askedAtMs + this.config.leaseMs;
        if (lost.has(one.lease.triageId)) this.lose(one);
      }
      return renewed.size + lost.size === asked.length;
    } catch (error) {
      if (this.trouble.begins(error)) this.log.warn({ err: error }, 'the leases could not be renewed; trying again');
      return false;
    }
  }

  /**
   * A lease that could not be renewed, or whose renewal hangs, ends by this process' clock: another worker may hold it by
   * now, and each further call of the model would be paid for in vain.
   */
  private async watch(one: KeptLease): Promise<void> {
    const { dropped } = one;
    for (let leftMs = this.leftMs(one); leftMs > 0; leftMs = this.leftMs(one)) {
      await this.clock.sleep(leftMs, dropped.signal);
      if (dropped.signal.aborted) return;
    }
    this.lose(one);
  }

  private leftMs({ endsMs }: KeptLease): number {
    return endsMs - this.clock.monotonicMs();
  }

  /** A triage that was settled while the renewal was under way is no longer kept: nothing is lost. */
  private lose(one: KeptLease): void {
    if (this.kept.get(one.lease.triageId) !== one || one.abort.signal.aborted) return;
    this.log.warn({ msg: 'lease lost', triage_id: one.lease.triageId, epoch: one.lease.epoch });
    one.abort.abort(new LeaseLost(one.lease.triageId));
  }
}
