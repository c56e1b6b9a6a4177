/** A change that the opening message tells, from before the start of the alert. */
export interface RecordedChange {
  readonly id: string;
  readonly line: string;
}

const CHANGE = /^- (?:deploy|flag|config), [^(]* before the start \([^)]*\), source "[^"]*", id "([^"]*)".*$/gm;

/** The nearest recorded change of this flag or database: its id begins with that name. */
export function recordedChange(opening: string, name: string): RecordedChange | undefined {
  const all = Array.from(opening.matchAll(CHANGE), ([line, id]): RecordedChange => ({ id: id ?? '', line }));
  return all.find(({ id }) => id.startsWith(`${name}/`));
}
