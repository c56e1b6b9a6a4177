import { Injectable, Logger } from '@nestjs/common';
import { TriageConfig } from '../config/slices';
import { Clock } from '../domain/clock';
import { LeaseLost } from '../domain/errors';
import { type Lease, TriageQueue } from './ports/triage-queue';

/** Beats in a lease: two may fail before it is lost. */
const BEATS_PER_LEASE = 3;

/** A lease while this process renews it. */
interface KeptLease {
  readonly lease: Lease;
  readonly abort: AbortController;
  /** When it runs out unless it is renewed, on the monotonic clock. */
  endsMs: number;
}

/** Renews the leases that this process holds, all in one statement, and tells at once when one is lost. */
@Injectable()
export class LeaseKeeper {
  private readonly log = new Logger(LeaseKeeper.name);
  private readonly kept = new Map<string, KeptLease>();
  private readonly stopping = new AbortController();
  private beating?: Promise<void>;

  constructor(
    private readonly queue: TriageQueue,
    private readonly config: TriageConfig,
    private readonly clock: Clock,
  ) {}

  /** @returns a signal that aborts with LeaseLost, or with what `abortAll` gives as the reason */
  keep(lease: Lease): AbortSignal {
    this.beating ??= this.beat();
    const abort = new AbortController();
    this.kept.set(lease.triageId, { lease, abort, endsMs: this.clock.monotonicMs() + this.config.leaseMs });
    return abort.signal;
  }

  /** Stops renewing: the triage is settled or given back. */
  drop(lease: Lease): void {
    this.kept.delete(lease.triageId);
  }

  abortAll(reason: Error): void {
    for (const { abort } of this.kept.values()) abort.abort(reason);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.beating;
  }

  private async beat(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.clock.sleep(this.config.leaseMs / BEATS_PER_LEASE, this.stopping.signal);
      await this.renewAll();
    }
  }

  private async renewAll(): Promise<void> {
    const asked = [...this.kept.values()];
    if (asked.length === 0) return;
    const askedAtMs = this.clock.monotonicMs();
    try {
      const held = await this.queue.renew(
        asked.map(({ lease }) => lease),
        this.config.leaseMs,
      );
      for (const one of asked) {
        if (held.has(one.lease.triageId)) one.endsMs = askedAtMs + this.config.leaseMs;
        else this.lose(one);
      }
    } catch (error) {
      this.log.warn({ err: error }, 'the leases could not be renewed');
      // The database did not say so, but by its clock another worker may hold them by now.
      for (const one of asked) if (this.clock.monotonicMs() >= one.endsMs) this.lose(one);
    }
  }

  /** A triage that was settled while the renewal was under way is no longer kept: nothing is lost. */
  private lose(one: KeptLease): void {
    if (this.kept.get(one.lease.triageId) !== one) return;
    this.log.warn({ msg: 'lease lost', triage_id: one.lease.triageId, epoch: one.lease.epoch });
    one.abort.abort(new LeaseLost(one.lease.triageId));
  }
}
