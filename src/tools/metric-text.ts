import { formatNumber } from './fit';
import type { Point, SampleValue } from './metric-result';
import { MAX_POINTS, type TimeRange } from './time-input';

/** The grid of a range query: its values stand at `start`, `start + step` … */
export interface Grid extends TimeRange {
  readonly stepSeconds: number;
}

/** How many values stand on a grid. */
export function slotsOf({ start, end, stepSeconds }: Grid): number {
  return Math.floor((end.getTime() - start.getTime()) / 1000 / stepSeconds) + 1;
}

/** A value for each point of a grid; undefined where there is no sample. */
export function onGrid(points: readonly Point[], grid: Grid): (SampleValue | undefined)[] {
  const start = grid.start.getTime() / 1000;
  const slots: (SampleValue | undefined)[] = Array.from({ length: slotsOf(grid) }, () => undefined);
  for (const [at, value] of points) {
    const slot = Math.round((at - start) / grid.stepSeconds);
    if (slot >= 0 && slot < slots.length) slots[slot] = value;
  }
  return slots;
}

/** `[0.1 0.2 _ …]`: on a grid a value for each of its points; without one the newest, with their times. */
export function valueList(points: readonly Point[], grid: Grid | undefined, newest = MAX_POINTS): string {
  if (grid) return `[${onGrid(points, grid).map(slotText).join(' ')}]`;
  const shown = points.slice(-newest).map(([at, value]) => `${at}:${formatNumber(numberOf(value))}`);
  return `[${shown.join(' ')}]`;
}

export function slotText(value: SampleValue | undefined): string {
  return value === undefined ? '_' : formatNumber(numberOf(value));
}

/** A value by itself. */
export function formatValue(value: SampleValue): string {
  if (typeof value === 'number') return formatNumber(value);
  const { count, sum, p50, p99 } = value;
  const mean = count > 0 ? ` mean=${formatNumber(sum / count)}` : '';
  const quantiles =
    p50 === undefined || p99 === undefined ? '' : ` p50<=${formatNumber(p50)} p99<=${formatNumber(p99)}`;
  return `native histogram count=${formatNumber(count)} sum=${formatNumber(sum)}${mean}${quantiles}`;
}

/** Of a native histogram its count. */
export function numberOf(value: SampleValue): number {
  return typeof value === 'number' ? value : value.count;
}
