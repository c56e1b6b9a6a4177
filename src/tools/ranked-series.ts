import { levelShift, spikeScore, TELLING_SCORE, type Sample } from './level-shift';
import type { RangeSeries } from './metric-result';
import { type Grid, numberOf } from './metric-text';
import { MAX_POINTS } from './time-input';

/** How the level of a series changed. Times are unix seconds. */
export type SeriesChange =
  | { readonly kind: 'shifted'; readonly at: number; readonly from: number; readonly to: number }
  /** It rises or falls all along. */
  | { readonly kind: 'drifted'; readonly at: number; readonly from: number; readonly to: number }
  /** Its first sample lies well behind the start of the range, its last one well before the end. */
  | { readonly kind: 'began' | 'ended'; readonly at: number };

export interface Ranked {
  readonly one: RangeSeries;
  readonly change?: SeriesChange;
  /** Worth a line of its own: it changed, or has a spike that noise does not make. */
  readonly isNotable: boolean;
}

/** What changed elsewhere counts for so much less. */
const ELSEWHERE = 0.3;
/** Near the alert's start: a quarter of the range, but at least ten minutes. */
const LEAST_NEAR_SECONDS = 600;
/** A series that begins or ends: more than noise, less than a clear step. */
const EDGE_SCORE = 8;
/** Slots without a sample that make a begin or an end. */
const LEAST_MISSING = 2;
/** A spike is worth as much of its score, and no more than a weak step. */
const SPIKE_WEIGHT = 0.25;
const MAX_SPIKE_SCORE = 6;
/** So many times its usual distance from the median no noise lies. */
const NOTABLE_SPIKE = 8;

/** The series that changed most first; what happened near `startsAt` before the rest, where that lies in the range. */
export function rankedByChange(
  series: readonly RangeSeries[],
  grid: Grid | undefined,
  startsAt: Date | undefined,
): Ranked[] {
  const near = nearness(grid, startsAt);
  const scored = series.map((one) => {
    const samples = samplesOf(one);
    const numbers = one.points.filter(([, value]) => Number.isFinite(numberOf(value)));
    const shift = levelShift(samples);
    const told = shift && shift.score >= TELLING_SCORE && shift.from !== shift.to ? shift : undefined;
    const edge = told ? undefined : edgeOf(numbers[0]?.[0], numbers.at(-1)?.[0], grid);
    const change: SeriesChange | undefined = told
      ? { kind: told.isDrift ? 'drifted' : 'shifted', at: told.at, from: told.from, to: told.to }
      : edge;
    const strength = told?.score ?? (edge ? EDGE_SCORE : (shift?.score ?? 0) * ELSEWHERE);
    const spike = spikeScore(samples);
    const isNotable = change !== undefined || spike >= NOTABLE_SPIKE;
    const score = Math.max(strength * (change ? near(change.at) : 1), Math.min(MAX_SPIKE_SCORE, spike * SPIKE_WEIGHT));
    return {
      ranked: { one, isNotable, ...(change && { change }) },
      rank: rankOf(score, sizeOf(samples, edge !== undefined)),
    };
  });
  return scored.sort((a, b) => b.rank - a.rank).map(({ ranked }) => ranked);
}

/** How far its values are apart counts a little, too: of two clear changes the larger is meant. */
const SIZE_WEIGHT = 0.25;

function rankOf(score: number, size: number): number {
  return Math.log2(Math.max(score, 1e-3)) + SIZE_WEIGHT * Math.log2(Math.max(size, 1e-12));
}

/** How far the values are apart; of a series that begins or ends, how far from nothing. */
function sizeOf(samples: readonly Sample[], isEdge: boolean): number {
  let [min, max] = isEdge ? [0, 0] : [Infinity, -Infinity];
  for (const { value } of samples) [min, max] = [value < min ? value : min, value > max ? value : max];
  return max - min;
}

function samplesOf({ points }: RangeSeries): Sample[] {
  return points
    .slice(-MAX_POINTS)
    .map(([at, value]) => ({ at, value: numberOf(value) }))
    .filter(({ value }) => Number.isFinite(value));
}

function nearness(grid: Grid | undefined, startsAt: Date | undefined): (at: number) => number {
  if (!grid || !startsAt || startsAt < grid.start || startsAt > grid.end) return () => 1;
  const seconds = (grid.end.getTime() - grid.start.getTime()) / 1000;
  const reach = Math.max(LEAST_NEAR_SECONDS, seconds / 4);
  return (at) => (Math.abs(at - startsAt.getTime() / 1000) <= reach ? 1 : ELSEWHERE);
}

/** By the times of its first and its last number: those that the scores leave out are there, too. */
function edgeOf(first: number | undefined, last: number | undefined, grid: Grid | undefined): SeriesChange | undefined {
  if (!grid || first === undefined || last === undefined) return undefined;
  const [start, end] = [grid.start.getTime() / 1000, grid.end.getTime() / 1000];
  const slack = LEAST_MISSING * grid.stepSeconds;
  if (first >= start + slack) return { kind: 'began', at: first };
  return last <= end - slack - grid.stepSeconds ? { kind: 'ended', at: last } : undefined;
}
