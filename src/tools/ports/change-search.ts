import type { Change, ChangeKind } from '../../domain/change';
import type { ChangeRecords } from '../../domain/change-records';

/** Which changes are asked for: those that match every part that is given. */
export interface ChangeQuestion {
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

export interface ChangesFound {
  /** The nearest to the asked moment first. */
  readonly changes: readonly Change[];
  /** How many there are, with those that were too many to be given; and how many of them not after the moment. */
  readonly total: number;
  readonly before: number;
}

/** What was changed, as the model asks for it. */
export abstract class ChangeSearch {
  /** The `limit` changes that are nearest to a moment. */
  abstract nearest(asked: ChangeQuestion, to: Date, limit: number): Promise<ChangesFound>;

  /** What is recorded of the time until `now`. */
  abstract records(now: Date): Promise<ChangeRecords>;
}
