import type { Labels } from '../domain/alert';

/** A number, or what a native histogram boils down to. */
export type SampleValue = number | NativeHistogram;

export interface NativeHistogram {
  readonly count: number;
  readonly sum: number;
  /** Upper bounds of the buckets in which its median and its 99th percentile lie. */
  readonly p50?: number;
  readonly p99?: number;
}
/** Unix seconds and a value. */
export type Point = readonly [at: number, value: SampleValue];

export interface InstantSeries {
  readonly labels: Labels;
  readonly point: Point;
}

export interface RangeSeries {
  readonly labels: Labels;
  /** In the order of time. */
  readonly points: readonly Point[];
}

/** An answer of Prometheus, or of Loki to a metric query: both have these four forms. */
export type MetricResult =
  | { readonly type: 'vector'; readonly series: readonly InstantSeries[] }
  | { readonly type: 'matrix'; readonly series: readonly RangeSeries[] }
  | { readonly type: 'scalar'; readonly at: number; readonly value: number }
  | { readonly type: 'string'; readonly at: number; readonly text: string };

/** Reads `{resultType, result}`; undefined when it has a form that is not known. */
export function readMetricResult(data: unknown): MetricResult | undefined {
  if (!isObject(data)) return undefined;
  const { resultType, result } = data;
  if (resultType === 'scalar' || resultType === 'string') {
    if (!isPair(result)) return undefined;
    const [at, value] = [Number(result[0]), String(result[1])];
    return resultType === 'scalar'
      ? { type: 'scalar', at, value: parseValue(value) }
      : { type: 'string', at, text: value };
  }
  if (!Array.isArray(result)) return undefined;
  if (resultType === 'vector') return whole('vector', result.map(readInstant));
  return resultType === 'matrix' ? whole('matrix', result.map(readRange)) : undefined;
}

function whole<Type extends 'vector' | 'matrix', Series>(
  type: Type,
  series: readonly (Series | undefined)[],
): { readonly type: Type; readonly series: readonly Series[] } | undefined {
  const known = series.filter((one): one is Series => one !== undefined);
  return known.length === series.length ? { type, series: known } : undefined;
}

function readInstant(item: unknown): InstantSeries | undefined {
  if (!isObject(item)) return undefined;
  const labels = readLabels(item.metric);
  const point = readPoint(item.value) ?? readHistogram(item.histogram);
  return labels && point ? { labels, point } : undefined;
}

/** One series may hold numbers and native histograms, side by side in two lists. */
function readRange(item: unknown): RangeSeries | undefined {
  if (!isObject(item)) return undefined;
  const labels = readLabels(item.metric);
  const values = listOf(item.values, readPoint);
  const histograms = listOf(item.histograms, readHistogram);
  if (!labels || !values || !histograms) return undefined;
  return { labels, points: [...values, ...histograms].sort(([a], [b]) => a - b) };
}

function listOf(list: unknown, read: (item: unknown) => Point | undefined): Point[] | undefined {
  if (list === undefined) return [];
  if (!Array.isArray(list)) return undefined;
  const points = list.map(read).filter((point): point is Point => point !== undefined);
  return points.length === list.length ? points : undefined;
}

function readPoint(pair: unknown): Point | undefined {
  return isPair(pair) ? [Number(pair[0]), parseValue(String(pair[1]))] : undefined;
}

function readHistogram(pair: unknown): Point | undefined {
  if (!isPair(pair) || !isObject(pair[1])) return undefined;
  const { buckets } = pair[1];
  const [count, sum] = [parseValue(String(pair[1].count)), parseValue(String(pair[1].sum))];
  const [p50, p99] = [0.5, 0.99].map((share) => boundAt(share * count, buckets));
  return [Number(pair[0]), { count, sum, ...(p50 !== undefined && p99 !== undefined && { p50, p99 }) }];
}

/** The upper bound of the bucket that holds the observation of this rank; buckets are `[rule, lower, upper, count]`. */
function boundAt(rank: number, buckets: unknown): number | undefined {
  if (!Array.isArray(buckets)) return undefined;
  let seen = 0;
  for (const bucket of buckets as unknown[]) {
    if (!Array.isArray(bucket)) return undefined;
    seen += parseValue(String(bucket[3]));
    if (seen > 0 && seen >= rank) return parseValue(String(bucket[2]));
  }
  return undefined;
}

export function readLabels(metric: unknown): Labels | undefined {
  if (!isObject(metric)) return undefined;
  return Object.fromEntries(Object.entries(metric).map(([name, value]) => [name, String(value)]));
}

/** Values come as text, "NaN" and "+Inf" among them. */
function parseValue(text: string): number {
  if (text === '+Inf' || text === 'Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
