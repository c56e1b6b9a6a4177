import type { Point } from '../tools/metric-result';

/** One time in which an alert fired, as far as windows show it. */
export interface PastFiring {
  readonly from: Date;
  readonly to: Date;
}

/**
 * The firings that a row of windows shows. Each point says how many samples of `ALERTS` lie in the window that ends at
 * it; where there are none, there is no point. With the spacing of the samples the ends of a firing are right to one
 * sample, unless it lies within one window; without, to one window.
 * @param points in the order of time, summed over nothing: one series, or the most of several
 */
export function firingsIn(
  points: readonly Point[],
  windowSeconds: number,
  spacingSeconds: number | undefined,
): PastFiring[] {
  return runsOf(points, windowSeconds).map((run) => {
    const [first, last] = [run[0]!, run.at(-1)!];
    const [opens, closes] = [first[0] - windowSeconds, last[0] - windowSeconds];
    if (spacingSeconds === undefined) return { from: dateOf(opens), to: dateOf(last[0]) };
    const held = ([, count]: Point): number => Math.min(windowSeconds, Number(count) * spacingSeconds);
    if (run.length === 1) return { from: dateOf(opens), to: dateOf(opens + held(first)) };
    return { from: dateOf(first[0] - held(first)), to: dateOf(closes + held(last)) };
  });
}

/** Windows that follow each other without a gap. */
function runsOf(points: readonly Point[], windowSeconds: number): Point[][] {
  const runs: Point[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    if (run && point[0] - run.at(-1)![0] < windowSeconds * 1.5) run.push(point);
    else runs.push([point]);
  }
  return runs;
}

/** The middle one; of an even number the lower: a length that did occur. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

/** The usual distance of samples, in seconds; undefined for fewer than two. */
export function spacingOf(points: readonly Point[]): number | undefined {
  return median(points.slice(1).map(([at], i) => at - points[i]![0]));
}

function dateOf(seconds: number): Date {
  return new Date(Math.round(seconds * 1000));
}
