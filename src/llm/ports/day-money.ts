/** What the model has cost today, over all replicas. */
export abstract class DayMoney {
  /** US dollars since the UTC day began, by the database's clock. */
  abstract spentUsd(): Promise<number>;
}
