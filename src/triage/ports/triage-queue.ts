import type { Firing } from '../../domain/alert';
import type { NoticeAbout } from '../../domain/notice';
import type { Ending } from '../../domain/triage';

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
  /** Crashes since its last recorded turn, as far as is known: a worker that lives takes back the one of its own. */
  readonly strikes: number;
  /** The last of them was counted by this claim: the worker before may still say that it lives. */
  readonly struck: boolean;
  /** Running time before this attempt, milliseconds. */
  readonly runningMs: number;
  /** Time since it was queued, waiting included, milliseconds. */
  readonly ageMs: number;
  /** W3C traceparent of the request that brought the alert. */
  readonly traceContext?: string;
  readonly firings: readonly Firing[];
  /** How many alerts Alertmanager cut off the body that opened it. */
  readonly truncatedAlerts?: number;
}

export interface ClaimOptions {
  readonly owner: string;
  readonly leaseMs: number;
  /** This worker runs nothing else: it may take a triage that crashed its last two workers. */
  readonly idle: boolean;
  /** The triages that this worker still runs: it takes none of them again, also when their leases have run out. */
  readonly running: readonly string[];
  /** Absent: money has no limit. */
  readonly money?: MoneyLimit;
  /** Absent: the model answers, or it is time to look whether it does. */
  readonly outage?: ModelOutage;
}

/** When the day's money, over all replicas, does not pay for a triage to begin. */
export interface MoneyLimit {
  readonly limitUsd: number;
  /** What must be left of it. */
  readonly leastUsd: number;
  /** Older triages are handed out without money too, to be given up. Milliseconds. */
  readonly giveUpAfterMs: number;
}

/** A model that gives no answers now: what would ask it is not handed out. */
export interface ModelOutage {
  readonly model: string;
  /** When one triage is to be handed out to look again. */
  readonly afterMs: number;
  readonly happened: string;
  /** Older triages are handed out all the same, to be given up. Milliseconds. */
  readonly giveUpAfterMs: number;
}

/**
 * After so many milliseconds; or as soon as the UTC day is another one, but not later than after so many, or as soon as
 * that much money is left.
 */
export type WakeUp = number | { readonly nextUtcDayWithinMs: number; readonly neededUsd: number };

/** Ids of triages. Those in neither are being written to at this moment: they are held, and not extended. */
export interface Renewal {
  readonly renewed: ReadonlySet<string>;
  readonly lost: ReadonlySet<string>;
}

/** The triages that are owed: queued or parked and due, or running under a lease that has expired. */
export abstract class TriageQueue {
  /**
   * Takes the most urgent one, or none. Without money for it none is begun: those that are due wait for the next UTC
   * day, or until there is money, and a notice says so. During an outage of the model those that are due wait for it.
   */
  abstract claim(options: ClaimOptions): Promise<ClaimedTriage | undefined>;
  /** Extends leases. Rejects when the answer takes longer than a third of `leaseMs`. */
  abstract renew(leases: readonly Lease[], leaseMs: number): Promise<Renewal>;
  /**
   * Says that this worker lives, and what it runs: whatever else it holds is given back, and strikes that presume its
   * crash are taken back. To be said after a lease was lost, or where it is not known what became of a statement.
   */
  abstract disclaim(owner: string, running: readonly string[]): Promise<void>;
  /** Gives a triage back as it stands: another worker may go on after `afterMs`, at once where that is 0. */
  abstract release(lease: Lease, afterMs: number): Promise<void>;
  /**
   * Gives it back until then. The time since its last turn was a wait already: no running time. `happened` is told to
   * the channels, once a day for each reason.
   */
  abstract park(lease: Lease, reason: NoticeAbout, wake: WakeUp, happened: string): Promise<void>;
  /**
   * Ends it: outcome, report and one delivery for each channel that is configured now, in one transaction.
   * @throws LeaseLost when another worker holds it
   */
  abstract settle(lease: Lease, ending: Ending): Promise<void>;
}
