import type { Labels } from '../../domain/alert';
import type { InstantSeries, Point, RangeSeries } from '../../tools/metric-result';
import { numberOf, type Grid } from '../../tools/metric-text';
import type { FirstLook } from './first-look';
import type { HurriedPrometheus, SeriesAnswer } from './hurried-prometheus';
import type { Reasons } from './reasons';
import { onlySeries, seriesOfAlert, tellingLabels } from './series-of-alert';

/** What is asked for the alert's series: the whole expression, and the sides of its comparison. */
export interface SideQueries {
  readonly whole: string;
  /** Absent without a comparison. */
  readonly left?: string;
  /** Absent where the right side is a number. */
  readonly right?: string;
  readonly pick: {
    readonly whole: Picking;
    readonly left: Picking;
    readonly right: Picking;
  };
}

/** By which labels a series of an answer is known as the alert's. */
interface Picking {
  readonly labels: Labels;
  readonly counts?: (name: string) => boolean;
}

/** The alert's series over a grid; a side that could not be asked for, or has no such series, is absent. */
export interface Sides {
  readonly grid: Grid;
  /** Has a point where the expression holds. */
  readonly whole?: readonly Point[];
  readonly left?: readonly Point[];
  readonly right?: readonly Point[];
  readonly notes: readonly string[];
}

/** Above this many, only the alert's series is asked for. */
const MANY_SERIES = 500;

export function sideQueries(expression: string, { branch, labels, series, holding, compared }: FirstLook): SideQueries {
  const { comparison } = branch;
  const own = series?.labels ?? {};
  const isCrowded = (count: number | undefined): boolean => (count ?? 0) > MANY_SERIES;
  const whole = isCrowded(holding?.all) ? onlySeries(expression, own) : expression;
  if (!comparison) return { whole, pick: { whole: { labels }, left: { labels }, right: { labels } } };

  const pick = {
    whole: { labels },
    left: { labels, counts: tellingLabels(comparison, 'left') },
    right: { labels, counts: tellingLabels(comparison, 'right') },
  };
  const crowded = isCrowded(compared);
  const { left, right, scalarLeft, scalarRight, threshold } = comparison;
  return {
    whole,
    left: crowded && !scalarLeft ? onlySeries(left, own, pick.left.counts) : left,
    ...(threshold === undefined && {
      right: crowded && !scalarRight ? onlySeries(right, own, pick.right.counts) : right,
    }),
    pick,
  };
}

export async function sidesOver(
  queries: SideQueries,
  grid: Grid,
  prometheus: HurriedPrometheus,
  reasons: Reasons,
): Promise<Sides> {
  const { pick } = queries;
  const [whole, left, right] = await Promise.all([
    prometheus.over(queries.whole, grid),
    queries.left === undefined ? undefined : prometheus.over(queries.left, grid),
    queries.right === undefined ? undefined : prometheus.over(queries.right, grid),
  ]);
  const found = {
    whole: reasons.foundIn('the course of the expression', whole),
    left: left && reasons.foundIn('the course of the left side', left),
    right: right && reasons.foundIn('the course of the right side', right),
  };
  return {
    grid,
    ...(found.whole && { whole: pointsOf(found.whole.series, grid, pick.whole) }),
    ...(found.left && { left: pointsOf(found.left.series, grid, pick.left) }),
    ...(found.right && { right: pointsOf(found.right.series, grid, pick.right) }),
    notes: [...new Set([...(found.whole?.notes ?? []), ...(found.left?.notes ?? [])])],
  };
}

/** Where the expression holds for the alert's series; undefined when Prometheus did not tell. */
export async function heldOver(
  { whole, pick }: SideQueries,
  grid: Grid,
  prometheus: HurriedPrometheus,
): Promise<readonly Point[] | undefined> {
  const answer = await prometheus.over(whole, grid);
  return answer.kind === 'series' ? pointsOf(answer.series, grid, pick.whole) : undefined;
}

/** Both sides now, as numbers; undefined when Prometheus did not tell. */
export async function sidesNow(
  { left, right, pick }: SideQueries,
  now: Date,
  prometheus: HurriedPrometheus,
): Promise<{ readonly left?: number; readonly right?: number } | undefined> {
  const ask = async (query: string | undefined) => (query === undefined ? undefined : prometheus.at(query, now));
  const [leftAnswer, rightAnswer] = await Promise.all([ask(left), ask(right)]);
  if (leftAnswer?.kind === 'failed') return undefined;
  const [a, b] = [valueOf(leftAnswer, pick.left), valueOf(rightAnswer, pick.right)];
  return { ...(a !== undefined && { left: a }), ...(b !== undefined && { right: b }) };
}

/** The number that an answer gives for the alert's series. */
function valueOf(answer: SeriesAnswer<InstantSeries> | undefined, { labels, counts }: Picking): number | undefined {
  if (answer?.kind !== 'series') return undefined;
  const [largest] = seriesOfAlert(answer.series, labels, counts)
    .map(({ point }) => numberOf(point[1]))
    .toSorted((a, b) => b - a);
  return largest;
}

/** Where several series fit, that with the largest last value. Points that nobody asked for would make a grid of years. */
function pointsOf(series: readonly RangeSeries[], grid: Grid, { labels, counts }: Picking): readonly Point[] {
  const last = ({ points }: RangeSeries): number => numberOf(points.at(-1)?.[1] ?? NaN);
  const [largest] = seriesOfAlert(series, labels, counts).toSorted((a, b) => last(b) - last(a));
  const [from, to] = [grid.start.getTime() / 1000 - 0.5, grid.end.getTime() / 1000 + 0.5];
  return (largest?.points ?? []).filter(([at]) => at >= from && at <= to);
}
