/** What one source (the command line, the environment) gives. */
export interface Given {
  /** The text by field, as it was written. */
  readonly values: ReadonlyMap<string, string>;
  /** One sentence each. */
  readonly faults: readonly string[];
  /** Fields that were given but could not be read; a fault says why, so they are not also missing. */
  readonly broken: ReadonlySet<string>;
}
