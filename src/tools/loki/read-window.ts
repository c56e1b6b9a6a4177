import type { TimeRange } from '../time-input';
import type { Coverage } from './compare-patterns';
import type { LogEntry } from './loki-client';

/** Loki's own bound of one answer (max_entries_limit_per_query). */
export const MAX_LINES = 5000;

/** How much of a window its lines, oldest first, stand for. */
export function coverageOf(entries: readonly LogEntry[], { start, end }: TimeRange, silent: boolean): Coverage {
  const cut = entries.length >= MAX_LINES;
  const from = cut ? Number(entries[0]!.nanos / 1_000_000n) : start.getTime();
  /* lines of one and the same moment must not make a rate without end */
  const minutes = Math.max(end.getTime() - from, 1000) / 60_000;
  return { lines: entries.length, minutes, cut, silent };
}

/** `{app="a"}` of `{app="a"} |= "x" | json`; undefined where the braces do not close. */
export function streamSelector(query: string): string | undefined {
  const start = query.indexOf('{');
  let quote = '';
  for (let at = start; at >= 0 && at < query.length; at += 1) {
    const char = query[at]!;
    if (quote !== '') {
      if (char === '\\' && quote === '"') at += 1;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === '`') quote = char;
    else if (char === '}') return query.slice(start, at + 1);
  }
  return undefined;
}
