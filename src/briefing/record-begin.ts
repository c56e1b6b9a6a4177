import type { RangeSeries } from '../tools/metric-result';
import type { Grid } from '../tools/metric-text';

export type RecordBegin =
  { readonly kind: 'covers' } | { readonly kind: 'begins'; readonly at: Date } | { readonly kind: 'unknown' };

const HOUR_SECONDS = 3600;
const FINE_SECONDS = 15;

/**
 * Since when Prometheus has samples within `grid`, right to 15 s: asked hour by hour, then within the first. At its
 * start alone before that: of thousands of targets, most often with an older record, the days between are not read.
 */
export async function beginOfRecord(
  ask: (query: string, over: Grid) => Promise<readonly RangeSeries[]>,
  { start, end }: Grid,
): Promise<RecordBegin> {
  const atStart = await ask('count(up)', { start, end: start, stepSeconds: FINE_SECONDS });
  if (firstPoint(atStart)) return { kind: 'covers' };
  const hour = firstPoint(await ask('count(up)', { start, end, stepSeconds: HOUR_SECONDS }));
  if (hour === undefined) return { kind: 'unknown' };
  const before = new Date(hour.getTime() - HOUR_SECONDS * 1000);
  const fine = firstPoint(await ask('count(up)', { start: before, end: hour, stepSeconds: FINE_SECONDS }));
  return { kind: 'begins', at: fine ?? hour };
}

function firstPoint(series: readonly RangeSeries[]): Date | undefined {
  const at = series[0]?.points[0]?.[0];
  return at === undefined ? undefined : new Date(Math.round(at * 1000));
}
