/** Names and values in the order in which they stand. */
export type LabelPairs = readonly (readonly [name: string, value: string])[];

/** The labels at the beginning of a line, and what follows them. */
export interface LabelledLine {
  /** `http_requests_total{service="payments"}`, as it stands there. */
  readonly text: string;
  readonly pairs: LabelPairs;
  readonly rest: string;
}

/**
 * Reads `name{a="b", c="d"} rest`; undefined for a line that does not begin so. A value may hold braces, quotes and
 * blanks: they are escaped as in JSON, so the line is walked once from its beginning.
 */
export function readLabels(line: string): LabelledLine | undefined {
  const open = line.indexOf('{');
  if (open === -1 || !/^[\w:]*$/.test(line.slice(0, open))) return undefined;
  const pairs: (readonly [string, string])[] = [];
  let at = open + 1;
  while (line[at] !== '}') {
    const quote = line.indexOf('="', at);
    const end = quote === -1 ? -1 : endOfQuoted(line, quote + 1);
    if (end === -1) return undefined;
    const value = unquoted(line.slice(quote + 1, end));
    if (value === undefined) return undefined;
    pairs.push([line.slice(at, quote), value]);
    at = line.startsWith(', ', end) ? end + 2 : end;
    if (at === end && line[at] !== '}') return undefined;
  }
  return { text: line.slice(0, at + 1), pairs, rest: line.slice(at + 1) };
}

/** @returns the place behind the closing quote; -1 when there is none */
function endOfQuoted(line: string, open: number): number {
  for (let at = open + 1; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === '"') return at + 1;
  }
  return -1;
}

function unquoted(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}
