import { labelKey, without } from './label-matchers.ts';
import type { Labels } from './label-matchers.ts';
import type { Value, VectorSample } from './promql-value.ts';
import type { Expression } from './promql-expression.ts';

type Points = readonly (readonly [number, number])[];
interface Range {
  readonly start: number;
  readonly end: number;
}

/** A function over the samples of one series; undefined: no value (too few samples). */
export function overTime(name: string, points: Points, range: Range): number | undefined {
  const values = points.map(([, value]) => value);
  const sum = values.reduce((a, b) => a + b, 0);
  switch (name) {
    case 'rate':
      return extrapolated(points, range, { counter: true, perSecond: true });
    case 'increase':
      return extrapolated(points, range, { counter: true, perSecond: false });
    case 'delta':
      return extrapolated(points, range, { counter: false, perSecond: false });
    case 'irate':
      return instantRate(points);
    case 'avg_over_time':
      return sum / values.length;
    case 'sum_over_time':
      return sum;
    case 'count_over_time':
      return values.length;
    case 'min_over_time':
      return Math.min(...values);
    case 'max_over_time':
      return Math.max(...values);
    case 'last_over_time':
      return values.at(-1);
    case 'changes':
      return values.filter((value, i) => i > 0 && value !== values[i - 1]).length;
    case 'resets':
      return values.filter((value, i) => i > 0 && value < values[i - 1]!).length;
    default:
      throw new Error(`no function ${name}`);
  }
}

/**
 * Prometheus' own way (promql/functions.go, extrapolatedRate): counter resets are added back, and the difference is
 * stretched to the window's ends where the samples lie close enough to them, but never below zero.
 */
function extrapolated(
  points: Points,
  range: Range,
  mode: { readonly counter: boolean; readonly perSecond: boolean },
): number | undefined {
  if (points.length < 2) return undefined;
  const [firstAt, first] = points[0]!;
  const [lastAt, last] = points.at(-1)!;
  let difference = last - first;
  if (mode.counter) {
    for (let i = 1; i < points.length; i++) if (points[i]![1] < points[i - 1]![1]) difference += points[i - 1]![1];
  }
  const sampled = lastAt - firstAt;
  const between = sampled / (points.length - 1);
  let toStart = firstAt - range.start;
  let toEnd = range.end - lastAt;
  if (toStart >= between * 1.1) toStart = between / 2;
  if (mode.counter && difference > 0 && first >= 0) toStart = Math.min(toStart, sampled * (first / difference));
  if (toEnd >= between * 1.1) toEnd = between / 2;
  const stretched = difference * ((sampled + toStart + toEnd) / sampled);
  return mode.perSecond ? stretched / (range.end - range.start) : stretched;
}

function instantRate(points: Points): number | undefined {
  const [previous, last] = points.slice(-2);
  if (!previous || !last) return undefined;
  const difference = last[1] < previous[1] ? last[1] : last[1] - previous[1];
  return difference / (last[0] - previous[0]);
}

/** A function over values of one moment. */
export function instantFunction(
  name: string,
  args: readonly Value[],
  context: { readonly time: number; readonly argument?: Expression },
): Value {
  const [first, second] = args;
  const samples = first?.type === 'vector' ? first.samples : [];
  const number = second?.type === 'scalar' ? second.value : undefined;
  switch (name) {
    case 'time':
      return { type: 'scalar', value: context.time };
    case 'vector':
      return vector(first?.type === 'scalar' ? [{ labels: {}, value: first.value }] : []);
    case 'scalar':
      return { type: 'scalar', value: samples.length === 1 ? samples[0]!.value : NaN };
    case 'abs':
      return each(samples, Math.abs);
    case 'round':
      return each(samples, (v) => Math.floor(v / (number ?? 1) + 0.5) * (number ?? 1));
    case 'clamp_min':
      return each(samples, (v) => Math.max(v, number!));
    case 'clamp_max':
      return each(samples, (v) => Math.min(v, number!));
    case 'sort':
      return vector([...samples].sort((a, b) => a.value - b.value));
    case 'sort_desc':
      return vector([...samples].sort((a, b) => b.value - a.value));
    case 'timestamp': // of anything but a selector: the moment of the evaluation
      return each(samples, () => context.time);
    case 'absent':
      return vector(samples.length ? [] : [{ labels: absentLabels(context.argument), value: 1 }]);
    case 'label_replace':
      return vector(
        labelReplace(
          samples,
          args.slice(1).map((arg) => (arg.type === 'string' ? arg.value : '')),
        ),
      );
    case 'histogram_quantile':
      return vector(histogramQuantile(first?.type === 'scalar' ? first.value : NaN, second));
    default:
      throw new Error(`no function ${name}`);
  }
}

function vector(samples: readonly VectorSample[]): Value {
  return { type: 'vector', samples };
}

function each(samples: readonly VectorSample[], change: (value: number) => number): Value {
  return vector(samples.map((s) => ({ labels: without(s.labels, ['__name__']), value: change(s.value) })));
}

/** The labels that the selector asked for by equality. */
function absentLabels(argument: Expression | undefined): Labels {
  if (argument?.type !== 'selector') return {};
  const equal = argument.matchers.filter((m) => m.op === '=' && m.name !== '__name__');
  return Object.fromEntries(equal.map((m) => [m.name, m.value]));
}

/** The pattern has to match the whole value; a label that becomes empty is gone. */
function labelReplace(samples: readonly VectorSample[], texts: readonly string[]): VectorSample[] {
  const [target = '', replacement = '', source = '', pattern = ''] = texts;
  return samples.map(({ labels, value }) => {
    const match = new RegExp(`^(?:${pattern})$`).exec(labels[source] ?? '');
    if (!match) return { labels, value };
    const filled = replacement.replace(/\$(\$|\d+)/g, (_, what: string) =>
      what === '$' ? '$' : (match[Number(what)] ?? ''),
    );
    return { labels: { ...without(labels, [target]), ...(filled && { [target]: filled }) }, value };
  });
}

/** Classic histograms: linear inside the bucket that holds the quantile. */
function histogramQuantile(quantile: number, buckets: Value | undefined): VectorSample[] {
  const groups = new Map<string, { labels: Labels; buckets: { le: number; count: number }[] }>();
  for (const { labels, value } of buckets?.type === 'vector' ? buckets.samples : []) {
    if (labels.le === undefined) continue;
    const rest = without(labels, ['le', '__name__']);
    const group = groups.get(labelKey(rest)) ?? { labels: rest, buckets: [] };
    group.buckets.push({ le: labels.le === '+Inf' ? Infinity : Number(labels.le), count: value });
    groups.set(labelKey(rest), group);
  }
  return [...groups.values()].map((group) => ({ labels: group.labels, value: quantileOf(quantile, group.buckets) }));
}

function quantileOf(quantile: number, unsorted: readonly { le: number; count: number }[]): number {
  if (Number.isNaN(quantile)) return NaN;
  if (quantile < 0) return -Infinity;
  if (quantile > 1) return Infinity;
  const buckets = [...unsorted].sort((a, b) => a.le - b.le);
  const total = buckets.at(-1);
  if (buckets.length < 2 || total?.le !== Infinity || !(total.count > 0)) return NaN;
  const rank = quantile * total.count;
  const index = buckets.findIndex((b) => b.count >= rank);
  const bucket = buckets[index]!;
  if (index === buckets.length - 1) return buckets.at(-2)!.le;
  if (index === 0 && bucket.le <= 0) return bucket.le;
  const lower = index === 0 ? 0 : buckets[index - 1]!.le;
  const below = index === 0 ? 0 : buckets[index - 1]!.count;
  return lower + (bucket.le - lower) * ((rank - below) / (bucket.count - below));
}
