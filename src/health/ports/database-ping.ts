/** The shortest question the database can answer. */
export abstract class DatabasePing {
  /** Rejects when the database does not answer. May take long: the caller has a time limit of its own. */
  abstract ping(): Promise<void>;
}
