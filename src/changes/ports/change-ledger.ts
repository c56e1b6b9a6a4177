import type { Change, ChangeKind } from '../../domain/change';

/** Which changes a list holds: those that match every part that is given. */
export interface ChangeFilter {
  /** Changes without a service match too: they may concern any. */
  readonly service?: string;
  readonly kind?: ChangeKind;
  /** The revision of the change, or one that it brings; of a hash its first seven digits or more are enough. */
  readonly revision?: string;
  /** Made at this moment or later. */
  readonly since?: Date;
  /** Made before this moment. */
  readonly until?: Date;
}

/** A place in the list of all changes, newest first. */
export interface ChangePosition {
  /** As exact as Postgres has it: a `Date` would lose the microseconds, and with them rows. */
  readonly at: string;
  readonly source: string;
  readonly id: string;
}

/** A part of a list. */
export interface ChangeList {
  readonly changes: readonly Change[];
  /** The place of the last one; undefined when nothing comes after it. */
  readonly next?: ChangePosition;
}

/** Where changes are kept, one for each source and id. */
export abstract class ChangeLedger {
  /**
   * Stores all of them or none. What is stored under the same source and id is replaced.
   * @param changes no two of the same source and id
   * @throws Unavailable when nothing was stored
   */
  abstract record(changes: readonly Change[]): Promise<void>;

  /** The newest `limit` changes after a place, or from the start. */
  abstract list(filter: ChangeFilter, limit: number, after?: ChangePosition): Promise<ChangeList>;
}
