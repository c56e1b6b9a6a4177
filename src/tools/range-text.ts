import { commonLabels, formatLabelsWithin, formatNumber, takeLines, withoutLabels } from './fit';
import { median } from './level-shift';
import type { RangeSeries, SampleValue } from './metric-result';
import { type Grid, numberOf, onGrid, slotsOf, slotText, valueList } from './metric-text';
import { rankedByChange, type Ranked } from './ranked-series';
import { type Fitted, headOf, MAX_NAME_CHARS, type MetricRoom, READ_THE_REST } from './result-head';
import { extreme, oddValues, seriesFigures, timeOf } from './series-figures';
import { formatDuration, formatTime, MAX_POINTS } from './time-input';

/** Grids so many times coarser are tried before series are left out. */
const COARSER = [2, 3, 4];
/** A course has at least some fifteen values: fewer have no shape. */
const LEAST_SLOTS = 15;
/** More single series say no more; some are shown where none is notable. */
const MAX_TOLD = 12;
const LEAST_TOLD = 4;
/** For the order and the line on the others. */
const FOOT_CHARS = 420;

/**
 * Values over time, a series a line. All of them with all values if they fit; else all on a coarser grid, if that helps;
 * else those that changed most, and the others together in one line.
 */
export function rangeText(series: readonly RangeSeries[], { roomChars, grid: asked, startsAt }: MetricRoom): Fitted {
  const grid = asked && aligned(asked, series);
  const common = commonLabels(series.map(({ labels }) => labels));
  const head = headOf('matrix', series.length, common);
  const name = (one: RangeSeries): string => formatLabelsWithin(withoutLabels(one.labels, common), MAX_NAME_CHARS);
  const line = (one: RangeSeries, course: Course, change = ''): string =>
    `${name(one)} ${seriesFigures(one.labels, one.points)}${change} ${course.of(one)}`;

  const all = (course: Course): Fitted | undefined => {
    const lines = series.map((one) => line(one, course));
    const fits = takeLines(lines, roomChars - head.length - course.legend.length - 2).length === lines.length;
    return fits ? { text: [head, course.legend, ...lines].join('\n'), isWhole: course.isWhole } : undefined;
  };
  const whole = grid ? gridCourse(grid, 1) : timedCourse(MAX_POINTS, series);
  const coarser = grid ? COARSER.filter((factor) => slotsOf(grid) / factor >= LEAST_SLOTS) : [];
  /* thousands of series fit nowhere: their lines are not made to find that out */
  const few = series.length * 60 <= roomChars;
  const fitted = few ? first([whole, ...coarser.map((factor) => gridCourse(grid!, factor))], all) : undefined;
  if (fitted) return fitted;

  const course = grid ? gridCourse(grid, Math.ceil(slotsOf(grid) / LEAST_SLOTS)) : timedCourse(LEAST_SLOTS, series);
  const ranked = rankedByChange(series, grid, startsAt);
  const notable = ranked.filter(({ isNotable }) => isNotable).length;
  const lines = ranked
    .slice(0, Math.min(MAX_TOLD, Math.max(LEAST_TOLD, notable)))
    .map(({ one, change }) => line(one, course, changeText(change)));
  const told = takeLines(lines, roomChars - head.length - course.legend.length - FOOT_CHARS);
  const others = ranked.slice(told.length);
  return {
    text: [head, orderLine(grid, startsAt), course.legend, ...told, othersLine(others)].join('\n'),
    isWhole: false,
  };
}

function first<Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return undefined;
}

/** How the values of a series are shown, and the line that says so once for all. */
interface Course {
  readonly legend: string;
  readonly isWhole: boolean;
  of(one: RangeSeries): string;
}

/** Every point of the grid, or of each `factor` points the one that tells most: a spike does not vanish in a mean. */
function gridCourse(grid: Grid, factor: number): Course {
  const step = formatDuration(grid.stepSeconds * factor);
  const legend = `values: [v v …] from ${formatTime(grid.start)} every ${step}, _ = no sample`;
  if (factor === 1) return { legend, isWhole: true, of: ({ points }) => valueList(points, grid) };
  const how = `of ${factor} points (${formatDuration(grid.stepSeconds)} apart) the one farthest from its series' median`;
  return {
    legend: `${legend}; ${how}`,
    isWhole: false,
    of: ({ points }) => `[${tellingSlots(onGrid(points, grid), factor).map(slotText).join(' ')}]`,
  };
}

function tellingSlots(slots: readonly (SampleValue | undefined)[], factor: number): (SampleValue | undefined)[] {
  const finite = slots.flatMap((slot) =>
    slot === undefined || !Number.isFinite(numberOf(slot)) ? [] : numberOf(slot),
  );
  const middle = median(finite);
  const distance = (slot: SampleValue | undefined): number => {
    if (slot === undefined) return -2;
    const far = Math.abs(numberOf(slot) - middle);
    return Number.isNaN(far) ? -1 : far;
  };
  return Array.from({ length: Math.ceil(slots.length / factor) }, (_, i) =>
    slots
      .slice(i * factor, (i + 1) * factor)
      .reduce((best, slot) => (distance(slot) > distance(best) ? slot : best), undefined),
  );
}

function timedCourse(newest: number, series: readonly RangeSeries[]): Course {
  return {
    legend: `values: [unix seconds:v …], at most the newest ${newest} of a series`,
    isWhole: series.every(({ points }) => points.length <= newest),
    of: ({ points }) => valueList(points, undefined, newest),
  };
}

/**
 * Loki moves the range to whole multiples of the step: the grid begins and ends where the points say that it does. By
 * no more than a step: points from anywhere would make a grid of years.
 */
function aligned(grid: Grid, series: readonly RangeSeries[]): Grid {
  const ends = series.flatMap(({ points }) => (points.length ? [points[0]![0], points.at(-1)![0]] : []));
  if (ends.length === 0) return grid;
  const step = grid.stepSeconds;
  const firstAt = Math.max(extreme(ends, Math.min), grid.start.getTime() / 1000 - step);
  const lastAt = Math.min(extreme(ends, Math.max), grid.end.getTime() / 1000 + step);
  if (!Number.isFinite(firstAt) || !Number.isFinite(lastAt)) return grid;
  const steps = Math.floor((firstAt - grid.start.getTime() / 1000) / step + 1e-6);
  return {
    stepSeconds: step,
    start: new Date(Math.round((firstAt - Math.max(0, steps) * step) * 1000)),
    end: new Date(Math.max(grid.end.getTime(), lastAt * 1000)),
  };
}

/** ` changed=2026-11-23T19:21:00Z from=0.01 to=0.25`; nothing where nothing tells of a change. */
function changeText(change: Ranked['change']): string {
  switch (change?.kind) {
    case undefined:
      return '';
    case 'shifted':
      return ` changed=${timeOf(change.at)} from=${formatNumber(change.from)} to=${formatNumber(change.to)}`;
    case 'drifted':
      return change.to > change.from ? ' rises all along' : ' falls all along';
    case 'began':
      return ` began=${timeOf(change.at)}`;
    case 'ended':
      return ` ended=${timeOf(change.at)}`;
  }
}

function orderLine(grid: Grid | undefined, startsAt: Date | undefined): string {
  const isInside = grid && startsAt && startsAt >= grid.start && startsAt <= grid.end;
  return `order: largest change of level over noise first${isInside ? `, those near the alert's start (${formatTime(startsAt)}) before others` : ''}`;
}

function othersLine(others: readonly Ranked[]): string {
  const values = others.flatMap(({ one }) => one.points.map(([, value]) => numberOf(value)));
  const finite = values.filter(Number.isFinite);
  const odd = oddValues(values).join(' ');
  const changed = others.filter(({ change }) => change).length;
  const [min, max] = [extreme(finite, Math.min), extreme(finite, Math.max)];
  const range =
    finite.length === 0
      ? 'none of their values a number'
      : min === max
        ? `their values all ${formatNumber(min)}${odd && ` (${odd})`}`
        : `their values between ${formatNumber(min)} and ${formatNumber(max)}${odd && ` (${odd})`}`;
  const less =
    changed > 0 ? `; ${changed} of them changed, too, by less or at another time` : '; none of them changed its level';
  return `others: ${others.length} more series, ${range}${less}${READ_THE_REST}`;
}
