import type { Labels } from '../domain/alert';
import { formatNumber } from './fit';
import type { Point } from './metric-result';
import { numberOf } from './metric-text';
import { formatTime } from './time-input';

/** How values are written: rounded for the text, exact for the full result. */
export type Written = (value: number) => string;

/**
 * `first= last= min= max= mean=`, and where they are: how many values are no numbers, what a counter lost, that points
 * are native histograms.
 */
export function seriesFigures(labels: Labels, points: readonly Point[], written: Written = formatNumber): string {
  const values = points.map(([, value]) => numberOf(value));
  const finite = values.filter(Number.isFinite);
  const figures = {
    first: values[0] ?? NaN,
    last: values.at(-1) ?? NaN,
    min: extreme(finite, Math.min),
    max: extreme(finite, Math.max),
    mean: finite.length ? finite.reduce((a, b) => a + b, 0) / finite.length : NaN,
  };
  const text = Object.entries(figures).map(([name, value]) => `${name}=${written(value)}`);
  return [...text, ...oddValues(values), ...resets(labels, points), ...natives(points)].join(' ');
}

/** Not by spreading the values into one call: a hundred thousand arguments overflow the stack. */
export function extreme(values: readonly number[], pick: (a: number, b: number) => number): number {
  return values.length ? values.reduce((a, b) => pick(a, b)) : NaN;
}

/** `NaN=3`, `+Inf=1`: how many values the figures beside it leave out. */
export function oddValues(values: readonly number[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) {
    if (Number.isFinite(value)) continue;
    const name = formatNumber(value);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return ['NaN', '+Inf', '-Inf'].flatMap((name) => (counts.has(name) ? [`${name}=${counts.get(name)}`] : []));
}

const COUNTER = /_(?:total|count|sum|bucket)$/;

/** A counter that falls has begun anew: its process did, too. */
function resets({ __name__: name = '' }: Labels, points: readonly Point[]): string[] {
  const counts = COUNTER.test(name) || points.some(([, value]) => typeof value !== 'number');
  if (!counts) return [];
  const falls = points.filter(([, value], i) => i > 0 && numberOf(value) < numberOf(points[i - 1]![1]));
  const last = falls.at(-1);
  return last ? [`resets=${falls.length} last_reset=${timeOf(last[0])}`] : [];
}

function natives(points: readonly Point[]): string[] {
  const count = points.filter(([, value]) => typeof value !== 'number').length;
  if (count === 0) return [];
  const which = count === points.length ? 'native histogram' : `${count} of its points are native histograms`;
  return [`(${which}: its counts are shown; histogram_quantile() reads it)`];
}

/** RFC 3339 of unix seconds, to the second. */
export function timeOf(seconds: number): string {
  return formatTime(new Date(Math.round(seconds) * 1000));
}
