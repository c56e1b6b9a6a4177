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
  return runsOf(points, windowSeconds * 1.5).map((run) => {
    const [first, last] = [run[0]!, run.at(-1)!];
    const [opens, closes] = [first[0] - windowSeconds, last[0] - windowSeconds];
    if (spacingSeconds === undefined) return { from: dateOf(opens), to: dateOf(last[0]) };
    const held = ([, count]: Point): number => Math.min(windowSeconds, Number(count) * spacingSeconds);
    if (run.length === 1) return { from: dateOf(opens), to: dateOf(opens + held(first)) };
    return { from: dateOf(first[0] - held(first)), to: dateOf(closes + held(last)) };
  });
}

/** What is known of an alert's firings: windows over a long time, and the samples themselves of its end. */
export interface FiringSamples {
  readonly windows: readonly Point[];
  readonly windowSeconds: number;
  /** In the order of time. */
  readonly recent: readonly Point[];
  /** The end of a window: from there on the samples are asked. Unix seconds. */
  readonly recentSince: number;
}

/** The firings in the order of time: the last ones are right to one sample. */
export function allFirings({ windows, windowSeconds, recent, recentSince }: FiringSamples): PastFiring[] {
  const spacing = spacingOf(recent);
  const before = firingsIn(
    windows.filter(([at]) => at < recentSince + 1),
    windowSeconds,
    spacing,
  );
  const apart = GAP_SAMPLES * (spacing ?? windowSeconds);
  const after = runsOf(
    recent.filter(([at]) => at > recentSince),
    apart,
  ).map((run) => ({ from: dateOf(run[0]![0]), to: dateOf(run.at(-1)![0] + (spacing ?? 0)) }));
  const [last, first] = [before.at(-1), after[0]];
  const isOne =
    last &&
    first &&
    isNear(windows.findLast(([at]) => at < recentSince + 1)![0], recentSince, 1) &&
    isNear(first.from.getTime() / 1000, recentSince, apart);
  if (!isOne) return [...before, ...after];
  /* it held to the end of its last window, wherever it lay in it */
  const from = new Date(recentSince * 1000 - (last.to.getTime() - last.from.getTime()));
  return [...before.slice(0, -1), { from, to: first.to }, ...after.slice(1)];
}

function isNear(a: number, b: number, apart: number): boolean {
  return Math.abs(a - b) < apart;
}

/** So many samples may be missing within one firing: an evaluation can be late. */
const GAP_SAMPLES = 3;

/** Points that follow each other without a gap. */
function runsOf(points: readonly Point[], apartSeconds: number): Point[][] {
  const runs: Point[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    if (run && point[0] - run.at(-1)![0] < apartSeconds) run.push(point);
    else runs.push([point]);
  }
  return runs;
}

/** The middle one; of an even number the lower: a length that did occur. */
export function lowerMedian(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

/** The usual distance of samples, in seconds; undefined for fewer than two. */
export function spacingOf(points: readonly Point[]): number | undefined {
  return lowerMedian(points.slice(1).map(([at], i) => at - points[i]![0]));
}

function dateOf(seconds: number): Date {
  return new Date(Math.round(seconds * 1000));
}
