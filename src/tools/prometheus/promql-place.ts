import { beginning } from '../../domain/clipped';

/** A place in a query, and what is wrong there. */
export interface Misfit {
  /** Offset in the text of the query. */
  readonly at: number;
  /** In Prometheus' own words, where it has some. */
  readonly what: string;
  /** What to send instead, or how to find it. */
  readonly mend?: string;
}

/** Characters of the query on either side of the mark. */
const AROUND = 60;

/** `1:7: parse error: unclosed left parenthesis`, below it the text with a mark at that place, and the mend. */
export function misfitText(query: string, { at, what, mend }: Misfit): string {
  const before = query.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = query.indexOf('\n', at) < 0 ? query.length : query.indexOf('\n', at);
  const place = `${before.split('\n').length}:${at - lineStart + 1}`;
  const from = Math.max(lineStart, at - AROUND);
  const left = `${from > lineStart ? '…' : ''}${query.slice(from, at).toWellFormed()}`;
  const right = `${query.slice(at, Math.min(lineEnd, at + AROUND)).toWellFormed()}${at + AROUND < lineEnd ? '…' : ''}`;
  const mended = mend === undefined ? '' : `\ninstead: ${beginning(mend, 400)}`;
  return `Not sent: ${place}: ${what}\nat the mark ⟨!⟩: ${left}⟨!⟩${right}${mended}`;
}
