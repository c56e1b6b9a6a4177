import { clipped } from '../../domain/clipped';
import { formatNumber } from '../../tools/fit';
import type { Point } from '../../tools/metric-result';
import { numberOf, valueList, type Grid } from '../../tools/metric-text';
import { formatDuration, formatTime } from '../../tools/time-input';
import type { Course } from './expression-course';
import { slotOf } from './held-run';
import { onOneLine } from '../../tools/prometheus/promql-tree';

/** A query that is longer is shown cut: nobody could run it again from here. Characters. */
const MAX_QUERY_CHARS = 600;
const MAX_ROW_CHARS = 400;

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

/** From the first value on; a value that never changes is told once, and a row that is too long shows fewer of its points. */
function row(points: readonly Point[], grid: Grid): string {
  const [first] = points;
  if (!first) return 'none of the alert in this range';
  const from = { ...grid, start: new Date(first[0] * 1000) };
  const slots = slotOf(grid.end, from) + 1;
  const values = new Set(points.map(([, value]) => numberOf(value)));
  if (slots > 1 && values.size === 1 && points.length === slots) {
    return `${formatNumber(numberOf(first[1]))} at each of ${slots} points ${whereOf(from)}`;
  }
  let shown = from;
  let list = valueList(points, shown);
  for (let every = 2; list.length > MAX_ROW_CHARS; every++) {
    shown = { ...from, stepSeconds: every * grid.stepSeconds };
    const kept = points.filter(([at]) => slotOf(new Date(at * 1000), from) % every === 0);
    list = valueList(kept, shown);
  }
  return `${list} ${whereOf(shown)}, _ = no sample`;
}

function whereOf({ start, stepSeconds }: Grid): string {
  return `from ${formatTime(start)} every ${formatDuration(stepSeconds)}`;
}
