import type { Firing } from '../../domain/alert';
import type { Ending, WaitReason } from '../../domain/triage';

/** The right to write to one running triage. Every write is fenced by (owner, epoch): who lost it writes nothing. */
export interface Lease {
  readonly triageId: string;
  readonly owner: string;
  readonly epoch: number;
}

/** A triage that this worker holds. */
export interface ClaimedTriage {
  readonly lease: Lease;
  readonly alertName: string;
  readonly fingerprint: string;
  /** How often it was claimed, this time included. */
  readonly attempt: number;
  /** Crashes since its last recorded turn. */
  readonly strikes: number;
  /** Running time before this attempt, milliseconds. */
  readonly runningMs: number;
  /** Time since it was queued, waiting included, milliseconds. */
  readonly ageMs: number;
  readonly firings: readonly Firing[];
}

export interface ClaimOptions {
  readonly owner: string;
  readonly leaseMs: number;
  /** This worker runs nothing else: it may take a triage that crashed its last worker. */
  readonly idle: boolean;
  /** The triages that this worker still runs: it takes none of them again, also when their leases have run out. */
  readonly running: readonly string[];
}

/** The triages that are owed: queued or parked and due, or running under a lease that has expired. */
export abstract class TriageQueue {
  /** Takes the most urgent one, or none. */
  abstract claim(options: ClaimOptions): Promise<ClaimedTriage | undefined>;
  /** Extends leases; returns the ids of those that are still held. */
  abstract renew(leases: readonly Lease[], leaseMs: number): Promise<ReadonlySet<string>>;
  /** Gives a triage back as it stands: another worker may go on after `afterMs`, at once where that is 0. */
  abstract release(lease: Lease, afterMs: number): Promise<void>;
  /** Gives it back until `afterMs` from now. The time since its last turn was a wait already: no running time. */
  abstract park(lease: Lease, reason: WaitReason, afterMs: number): Promise<void>;
  /**
   * Ends it: outcome, report and one delivery for each channel that is configured now, in one transaction.
   * @throws LeaseLost when another worker holds it
   */
  abstract settle(lease: Lease, ending: Ending): Promise<void>;
}
