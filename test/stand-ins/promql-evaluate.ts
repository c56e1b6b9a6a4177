import { labelKey, matches, only, without } from './label-matchers.ts';
import type { Labels } from './label-matchers.ts';
import { evaluateBinary } from './promql-binary.ts';
import type { AggregateExpression, Expression, SelectorExpression } from './promql-expression.ts';
import { instantFunction, overTime } from './promql-functions.ts';
import { PromqlError } from './promql-tokens.ts';
import type { RangeSeries, Sample, Series, Value, VectorSample } from './promql-value.ts';

/** Prometheus' default `--query.lookback-delta`. */
const LOOKBACK_SECONDS = 300;

/** The value of a checked expression at one moment. */
export function evaluate(expression: Expression, series: readonly Series[], time: number): Value {
  switch (expression.type) {
    case 'number':
      return { type: 'scalar', value: expression.value };
    case 'string':
      return { type: 'string', value: expression.value };
    case 'selector':
      return expression.rangeSeconds === undefined
        ? { type: 'vector', samples: select(expression, series, time) }
        : { type: 'matrix', series: selectRange(expression, series, time) };
    case 'negate':
      return negate(evaluate(expression.of, series, time));
    case 'aggregate':
      return { type: 'vector', samples: aggregate(expression, series, time) };
    case 'binary': {
      const left = evaluate(expression.left, series, time);
      return distinct(evaluateBinary(expression, left, evaluate(expression.right, series, time)));
    }
    case 'call':
      return distinct(call(expression, series, time));
  }
}

function call(expression: Extract<Expression, { type: 'call' }>, series: readonly Series[], time: number): Value {
  const [first] = expression.args;
  if (first?.type === 'selector' && first.rangeSeconds !== undefined) {
    const end = time - first.offsetSeconds;
    const range = { start: end - first.rangeSeconds, end };
    const samples = selectRange(first, series, time).flatMap(({ labels, samples: points }) => {
      const value = overTime(expression.name, points, range);
      const kept = expression.name === 'last_over_time' ? labels : without(labels, ['__name__']);
      return value === undefined ? [] : [{ labels: kept, value }];
    });
    return { type: 'vector', samples };
  }
  if (expression.name === 'timestamp' && first?.type === 'selector') {
    return { type: 'vector', samples: timesOf(first, series, time) };
  }
  const args = expression.args.map((arg) => evaluate(arg, series, time));
  return instantFunction(expression.name, args, { time, argument: first });
}

/** The newest sample of the last five minutes of each series. */
function select(selector: SelectorExpression, series: readonly Series[], time: number): VectorSample[] {
  return newest(selector, series, time).map(({ labels, sample }) => ({ labels, value: sample[1] }));
}

/** When those samples were taken. */
function timesOf(selector: SelectorExpression, series: readonly Series[], time: number): VectorSample[] {
  return newest(selector, series, time).map(({ labels, sample }) => ({
    labels: without(labels, ['__name__']),
    value: sample[0],
  }));
}

function newest(
  selector: SelectorExpression,
  series: readonly Series[],
  time: number,
): { readonly labels: Labels; readonly sample: readonly [number, number] }[] {
  const at = time - selector.offsetSeconds;
  return series.flatMap(({ labels, samples }) => {
    if (!matches(labels, selector.matchers)) return [];
    const sample = samples[lastUntil(samples, at)];
    if (!sample || sample[1] === 'stale' || sample[0] <= at - LOOKBACK_SECONDS) return [];
    return [{ labels, sample: [sample[0], sample[1]] as const }];
  });
}

/** Samples of (time − range, time]: open on the left, as since Prometheus 3.0. */
function selectRange(selector: SelectorExpression, series: readonly Series[], time: number): RangeSeries[] {
  const end = time - selector.offsetSeconds;
  const start = end - (selector.rangeSeconds ?? 0);
  return series.flatMap(({ labels, samples }) => {
    if (!matches(labels, selector.matchers)) return [];
    const points = samples
      .slice(lastUntil(samples, start) + 1, lastUntil(samples, end) + 1)
      .filter((sample): sample is readonly [number, number] => sample[1] !== 'stale');
    return points.length ? [{ labels, samples: points }] : [];
  });
}

/** Index of the last sample at or before `time`; −1: none. */
function lastUntil(samples: readonly Sample[], time: number): number {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (samples[middle]![0] <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function negate(value: Value): Value {
  if (value.type === 'scalar') return { type: 'scalar', value: -value.value };
  if (value.type !== 'vector') return value;
  const samples = value.samples.map((s) => ({ labels: without(s.labels, ['__name__']), value: -s.value }));
  return distinct({ type: 'vector', samples });
}

function aggregate(expression: AggregateExpression, series: readonly Series[], time: number): VectorSample[] {
  const inner = evaluate(expression.of, series, time);
  const samples = inner.type === 'vector' ? inner.samples : [];
  const groups = new Map<string, { labels: Labels; members: VectorSample[] }>();
  for (const sample of samples) {
    const { mode, names } = expression.grouping;
    const labels = mode === 'by' ? only(sample.labels, names) : without(sample.labels, [...names, '__name__']);
    const group = groups.get(labelKey(labels)) ?? { labels, members: [] };
    group.members.push(sample);
    groups.set(labelKey(labels), group);
  }
  if (expression.op === 'topk' || expression.op === 'bottomk') {
    const parameter = expression.parameter ? evaluate(expression.parameter, series, time) : undefined;
    const k = Math.trunc(parameter?.type === 'scalar' ? parameter.value : 0);
    const sign = expression.op === 'topk' ? -1 : 1;
    return [...groups.values()].flatMap(({ members }) =>
      [...members].sort((a, b) => sign * (a.value - b.value)).slice(0, Math.max(0, k)),
    );
  }
  return [...groups.values()].map(({ labels, members }) => ({
    labels,
    value: combine(
      expression.op,
      members.map((m) => m.value),
    ),
  }));
}

function combine(op: string, values: readonly number[]): number {
  const sum = values.reduce((a, b) => a + b, 0);
  const numbers = values.filter((v) => !Number.isNaN(v));
  switch (op) {
    case 'sum':
      return sum;
    case 'avg':
      return sum / values.length;
    case 'count':
      return values.length;
    case 'min':
      return numbers.length ? Math.min(...numbers) : NaN;
    case 'max':
      return numbers.length ? Math.max(...numbers) : NaN;
    default:
      throw new Error(`no aggregation ${op}`);
  }
}

/** Two series of one label set are refused, as the real engine refuses them. */
function distinct(value: Value): Value {
  if (value.type !== 'vector') return value;
  const seen = new Set<string>();
  for (const { labels } of value.samples) {
    if (seen.has(labelKey(labels))) {
      throw new PromqlError(422, 'execution', 'vector cannot contain metrics with the same labelset');
    }
    seen.add(labelKey(labels));
  }
  return value;
}
