import type { Change } from '../../domain/change';
import type { ChangeRecords } from '../../domain/change-records';

/** The changes of a time. */
export interface ChangesOfATime {
  /** The nearest to the asked moment first. */
  readonly changes: readonly Change[];
  /** How many there are, with those that were too many to be given. */
  readonly total: number;
}

/** What was changed, for every service and those without one. */
export abstract class ChangeHistory {
  /**
   * The changes after one moment and up to another.
   * @param nearestTo the order: by their distance from this moment
   */
  abstract between(
    times: { readonly after: Date; readonly upTo: Date; readonly nearestTo: Date },
    limit: number,
  ): Promise<ChangesOfATime>;

  /** What is recorded of the time until `now`. */
  abstract records(now: Date): Promise<ChangeRecords>;
}
