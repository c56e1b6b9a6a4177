/** A place in a query, and what is wrong there. */
export interface Misfit {
  /** Offset in the text of the query. */
  readonly at: number;
  /** In Prometheus' own words, where it has some. */
  readonly what: string;
  /** The whole query as it should be. */
  readonly mend?: string;
  /** Where no query can be told: how to find it. */
  readonly hint?: string;
}

/** Characters of the query on either side of the mark. */
const AROUND = 60;
/** A longer query is repeated around the place alone: cut at its end it would be another fault. */
const MAX_MEND_CHARS = 400;

/** `1:7: parse error: unclosed left parenthesis`, below it the text with a mark at that place, and the mend. */
export function misfitText(query: string, { at, what, mend, hint }: Misfit): string {
  const before = query.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = query.indexOf('\n', at) < 0 ? query.length : query.indexOf('\n', at);
  const place = `${before.split('\n').length}:${at - lineStart + 1}`;
  const from = Math.max(lineStart, at - AROUND);
  const left = `${from > lineStart ? '…' : ''}${query.slice(from, at).toWellFormed()}`;
  const right = `${query.slice(at, Math.min(lineEnd, at + AROUND)).toWellFormed()}${at + AROUND < lineEnd ? '…' : ''}`;
  const instead = mend === undefined ? hint : around(mend, at);
  const mended = instead === undefined ? '' : `\ninstead: ${instead}`;
  return `Not sent: ${place}: ${what}\nat the mark ⟨!⟩: ${left}⟨!⟩${right}${mended}`;
}

function around(mend: string, at: number): string {
  if (mend.length <= MAX_MEND_CHARS) return mend;
  const from = Math.max(0, at - MAX_MEND_CHARS / 2);
  const to = from + MAX_MEND_CHARS;
  return `${from > 0 ? '…' : ''}${mend.slice(from, to).toWellFormed()}${to < mend.length ? '…' : ''}`;
}
