import type { ListedTriage, Outcome, Triage, TriageStatus } from '../../domain/triage';

/** Which triages a list holds: those that match every part that is given. */
export interface TriageFilter {
  readonly status?: TriageStatus;
  readonly outcome?: Outcome;
  readonly alertName?: string;
  readonly fingerprint?: string;
  readonly severity?: string;
  /** Opened at this moment or later. */
  readonly since?: Date;
  /** Opened before this moment. */
  readonly until?: Date;
}

/** A place in the list of all triages, newest first. Many share one moment: a body of alerts is one transaction. */
export interface ListPosition {
  /** As exact as Postgres has it: a `Date` would lose the microseconds, and with them rows. */
  readonly createdAt: string;
  readonly id: string;
}

/** A part of a list. */
export interface TriageList {
  readonly triages: readonly ListedTriage[];
  /** The place of the last one; undefined when nothing comes after it. */
  readonly next?: ListPosition;
}

/** Triages for those who look at them. */
export abstract class TriageReader {
  /** With its firings, conversations and deliveries; undefined when there is none of this id. */
  abstract find(triageId: string): Promise<Triage | undefined>;

  /** The newest `limit` triages after a place, or from the start. */
  abstract list(filter: TriageFilter, limit: number, after?: ListPosition): Promise<TriageList>;
}
