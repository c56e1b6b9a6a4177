import { clipped } from '../../domain/clipped';
import { formatNumber } from '../../tools/fit';
import type { Point } from '../../tools/metric-result';
import { numberOf, valueList, type Grid } from '../../tools/metric-text';
import { formatDuration, formatTime } from '../../tools/time-input';
import type { Course } from './expression-course';
import { onOneLine } from './promql-tree';

/** A query that is longer is shown cut: nobody could run it again from here. Characters. */
const MAX_QUERY_CHARS = 600;

/** The query and its values as a tool would show them: a link to the same graph can be made of it (evidence-link.ts). */
export function valueLines({ sides, queries, branch }: Course): string[] {
  const points = branch.comparison ? sides.left : sides.whole;
  if (!points) return [];
  const { grid, right = [] } = sides;
  return [
    `query: ${clipped(onOneLine(queries.left ?? queries.whole), MAX_QUERY_CHARS)}`,
    `range: ${formatTime(grid.start)} to ${formatTime(grid.end)}, step ${formatDuration(grid.stepSeconds)}`,
    `values: ${row(points, grid)}`,
    ...(right.length > 0 ? [`right side: ${row(right, grid)}`] : []),
  ];
}

/** From the first value on; a value that never changes is told once. */
function row(points: readonly Point[], grid: Grid): string {
  const [first] = points;
  if (!first) return 'none of the alert in this range';
  const from = { ...grid, start: new Date(first[0] * 1000) };
  const where = `from ${formatTime(from.start)} every ${formatDuration(grid.stepSeconds)}`;
  const slots = Math.round((grid.end.getTime() - from.start.getTime()) / 1000 / grid.stepSeconds) + 1;
  const values = new Set(points.map(([, value]) => numberOf(value)));
  if (slots > 1 && values.size === 1 && points.length === slots) {
    return `${formatNumber(numberOf(first[1]))} at each of ${slots} points ${where}`;
  }
  return `${valueList(points, from)} ${where}, _ = no sample`;
}
