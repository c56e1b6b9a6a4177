import { clipped } from '../domain/clipped';
import type { Grid } from './metric-text';
import { onOneLine } from './prometheus/promql-tree';
import { formatDuration, formatTime, MAX_POINTS } from './time-input';

/** The least of a query that is repeated to its author. */
const LEAST_CHARS = 200;

/** A query as the head of a result repeats it: as it came, unless it would take more than a quarter of the room. */
export function shownQuery(query: string, roomChars: number): string {
  const most = Math.max(LEAST_CHARS, Math.floor(roomChars / 4));
  return query.length <= most ? query : clipped(onOneLine(query), most);
}

/** The query as it was run; a step that was widened is said, with what it hides. */
export function rangeHead(query: string, grid: Grid, widenedFrom?: number): string {
  const step = formatDuration(grid.stepSeconds);
  const widened =
    widenedFrom === undefined
      ? ''
      : ` (asked for ${formatDuration(widenedFrom)}; widened to keep at most ${MAX_POINTS} points a series: a shorter range shows finer steps, a rate window shorter than ${step} skips what lies between the points)`;
  return `query: ${query}\nrange: ${formatTime(grid.start)} to ${formatTime(grid.end)}, step ${step}${widened}`;
}
