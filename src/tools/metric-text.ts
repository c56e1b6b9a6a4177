import { assertNever } from '../domain/errors';
import { commonLabels, formatLabels, formatNumber, takeLines, withoutLabels } from './fit';
import type { MetricResult, Point, RangeSeries, SampleValue } from './metric-result';
import { formatDuration, formatTime, MAX_POINTS, type TimeRange } from './time-input';

/** The grid of a range query: its values stand at `start`, `start + step` … */
export interface Grid extends TimeRange {
  readonly stepSeconds: number;
}

/** Of the room of a range result, the part for series with all their values; the others get their figures only. */
const SHARE_WITH_VALUES = 0.7;

/**
 * A result as lines for the model: labels that all series share once, then a series a line. What does not fit is left
 * out and said so. `grid` is that of a range query; without it a matrix shows the times it came with.
 */
export function metricText(result: MetricResult, roomChars: number, grid?: Grid): string {
  switch (result.type) {
    case 'scalar':
      return `result: scalar\n${formatNumber(result.value)}`;
    case 'string':
      return `result: string\n${JSON.stringify(result.text)}`;
    case 'vector': {
      const common = commonLabels(result.series.map(({ labels }) => labels));
      const lines = result.series.map(
        ({ labels, point }) => `${formatLabels(withoutLabels(labels, common))} ${formatValue(point[1])}`,
      );
      const head = headOf('vector', lines.length, common);
      const kept = takeLines(lines, roomChars - head.length - 300);
      return [head, ...kept, ...leftOut(lines.length - kept.length)].join('\n');
    }
    case 'matrix':
      return matrixText(result.series, roomChars, grid);
    default:
      return assertNever(result);
  }
}

/** Every series with its values if they fit; else those that vary most keep them, and the rest is figures. */
function matrixText(series: readonly RangeSeries[], roomChars: number, asked: Grid | undefined): string {
  const grid = asked && aligned(asked, series);
  const common = commonLabels(series.map(({ labels }) => labels));
  const legend = grid
    ? `values: [v v …] from ${formatTime(grid.start)} every ${formatDuration(grid.stepSeconds)}, _ = no sample`
    : `values: [unix seconds:v …], at most the newest ${MAX_POINTS} of a series`;
  const head = `${headOf('matrix', series.length, common)}\n${legend}`;
  const room = roomChars - head.length - 400;
  const name = (one: RangeSeries): string => formatLabels(withoutLabels(one.labels, common));
  const lines = series.map((one) => `${name(one)} ${figures(one.points)} ${valueList(one.points, grid)}`);
  if (takeLines(lines, room).length === lines.length) return [head, ...lines].join('\n');

  const ranked = [...series.keys()].sort((a, b) => spread(series[b]!.points) - spread(series[a]!.points));
  const whole = takeLines(
    ranked.map((i) => lines[i]!),
    room * SHARE_WITH_VALUES,
  );
  const used = whole.reduce((sum, line) => sum + line.length + 1, 0);
  const rest = ranked.slice(whole.length).map((i) => `${name(series[i]!)} ${figures(series[i]!.points)}`);
  const short = takeLines(rest, room - used);
  const order = `order: largest change (max - min) first; values are left out of ${short.length} series to save room`;
  return [head, order, ...whole, ...short, ...leftOut(rest.length - short.length)].join('\n');
}

/**
 * Loki moves the range to whole multiples of the step: the grid begins and ends where the points say that it does. By
 * no more than a step: points from anywhere would make a grid of years.
 */
function aligned(grid: Grid, series: readonly RangeSeries[]): Grid {
  const ends = series.flatMap(({ points }) => (points.length ? [points[0]![0], points.at(-1)![0]] : []));
  if (ends.length === 0) return grid;
  const step = grid.stepSeconds;
  const first = Math.max(extreme(ends, Math.min), grid.start.getTime() / 1000 - step);
  const last = Math.min(extreme(ends, Math.max), grid.end.getTime() / 1000 + step);
  if (!Number.isFinite(first) || !Number.isFinite(last)) return grid;
  const steps = Math.floor((first - grid.start.getTime() / 1000) / step + 1e-6);
  return {
    stepSeconds: step,
    start: new Date(Math.round((first - Math.max(0, steps) * step) * 1000)),
    end: new Date(Math.max(grid.end.getTime(), last * 1000)),
  };
}

function headOf(type: string, count: number, common: Readonly<Record<string, string>>): string {
  const shared = Object.keys(common).length ? `\ncommon labels: ${formatLabels(common)}` : '';
  return `result: ${type}, ${count} series${shared}`;
}

function leftOut(count: number): string[] {
  return count
    ? [`left out: ${count} more series. Narrow the selector, aggregate with sum by (…), or use topk(10, …).`]
    : [];
}

function figures(points: readonly Point[]): string {
  const values = points.map(([, value]) => numberOf(value));
  const finite = values.filter(Number.isFinite);
  const mean = finite.length ? finite.reduce((a, b) => a + b, 0) / finite.length : NaN;
  const shown = {
    first: values[0] ?? NaN,
    last: values.at(-1) ?? NaN,
    min: extreme(finite, Math.min),
    max: extreme(finite, Math.max),
    mean,
  };
  const text = Object.entries(shown).map(([name, value]) => `${name}=${formatNumber(value)}`);
  const native = points.some(([, value]) => typeof value !== 'number');
  return text.join(' ') + (native ? ' (native histogram: these are its counts; histogram_quantile() reads it)' : '');
}

/** `[0.1 0.2 _ …]`: on a grid a value for each of its points; without one those that there are, with their times. */
export function valueList(points: readonly Point[], grid: Grid | undefined): string {
  if (!grid)
    return `[${points
      .slice(-MAX_POINTS)
      .map(([at, value]) => `${at}:${formatValue(value)}`)
      .join(' ')}]`;
  const start = grid.start.getTime() / 1000;
  const count = Math.floor((grid.end.getTime() / 1000 - start) / grid.stepSeconds) + 1;
  const slots: string[] = Array.from({ length: count }, () => '_');
  for (const [at, value] of points) {
    const slot = Math.round((at - start) / grid.stepSeconds);
    if (slot >= 0 && slot < count) slots[slot] = formatNumber(numberOf(value));
  }
  return `[${slots.join(' ')}]`;
}

function spread(points: readonly Point[]): number {
  const finite = points.map(([, value]) => numberOf(value)).filter(Number.isFinite);
  return finite.length ? extreme(finite, Math.max) - extreme(finite, Math.min) : 0;
}

/** Not by spreading the values into one call: a hundred thousand arguments overflow the stack. */
function extreme(values: readonly number[], pick: (a: number, b: number) => number): number {
  return values.length ? values.reduce((a, b) => pick(a, b)) : NaN;
}

function formatValue(value: SampleValue): string {
  if (typeof value === 'number') return formatNumber(value);
  return `native histogram count=${formatNumber(value.count)} sum=${formatNumber(value.sum)}`;
}

/** Of a native histogram its count. */
export function numberOf(value: SampleValue): number {
  return typeof value === 'number' ? value : value.count;
}
