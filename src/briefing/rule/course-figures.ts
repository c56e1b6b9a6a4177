import type { Point } from '../../tools/metric-result';
import { numberOf } from '../../tools/metric-text';
import { median } from './median';
import type { Operator } from './split-expression';

export interface Baseline {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly count: number;
  readonly from: Date;
  readonly lengthMs: number;
}

/** What was usual up to this moment; NaN and infinities are left out. Undefined where there is nothing else. */
export function baselineOf(points: readonly Point[], until: Date): Baseline | undefined {
  const before = points.filter(([at, value]) => at * 1000 <= until.getTime() && Number.isFinite(numberOf(value)));
  const values = before.map(([, value]) => numberOf(value));
  const middle = median(values);
  if (middle === undefined) return undefined;
  const from = new Date(before[0]![0] * 1000);
  return {
    median: middle,
    least: Math.min(...values),
    most: Math.max(...values),
    count: values.length,
    from,
    lengthMs: until.getTime() - from.getTime(),
  };
}

/** How far the value went in the direction that the comparison looks for; nothing for `==` and `!=`. */
export function extremeOf(
  points: readonly Point[],
  since: Date,
  operator: Operator,
): { readonly kind: 'largest' | 'smallest'; readonly value: number; readonly at: Date } | undefined {
  if (operator === '==' || operator === '!=') return undefined;
  const sign = operator.startsWith('>') ? 1 : -1;
  const after = points.filter(([at, value]) => at * 1000 >= since.getTime() && !Number.isNaN(numberOf(value)));
  if (after.length === 0) return undefined;
  const furthest = after.reduce((a, b) => (sign * numberOf(b[1]) > sign * numberOf(a[1]) ? b : a));
  return {
    kind: sign > 0 ? 'largest' : 'smallest',
    value: numberOf(furthest[1]),
    at: new Date(furthest[0] * 1000),
  };
}

/** The value at a point of the grid. */
export function valueAt(points: readonly Point[] | undefined, time: Date): number | undefined {
  const point = points?.find(([at]) => Math.abs(at * 1000 - time.getTime()) < 500);
  return point && numberOf(point[1]);
}
