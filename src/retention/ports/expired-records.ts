/** What is kept only for so long, in the order in which it is deleted: what hangs on a thing goes with it. */
export const EXPIRING = [
  'triages',
  'firings',
  'notices',
  'quarantined alerts',
  'changes',
  'full results',
  'days of money',
] as const;

export type Expiring = (typeof EXPIRING)[number];

/** Records that are older than they need be. Nothing unfinished or still owed is ever among them. */
export abstract class ExpiredRecords {
  /**
   * Deletes one batch in one transaction.
   * @returns how many went and whether more may be left; undefined while another replica is at it
   */
  abstract deleteBatch(
    what: Expiring,
    olderThanDays: number,
  ): Promise<{ readonly deleted: number; readonly more: boolean } | undefined>;
}
