/** The key that signed links are made with: one for all replicas, kept in the database. */
export abstract class LinkKey {
  /** 32 random bytes, made at the first call ever. */
  abstract key(): Promise<Buffer>;
}
