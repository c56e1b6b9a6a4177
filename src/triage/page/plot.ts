import { html, type Html } from './html';
import { compactNumber, plotTime } from './plot-words';
import type { ReadPoint, ReadSeries } from './read-result';

/** A plot is drawn in these units and scaled to the width that there is; its words are sized by the style sheet. */
const WIDTH = 400;
const HEIGHT = 172;
const LEFT = 50;
const RIGHT = WIDTH - 8;
const TOP = 22;
const BOTTOM = HEIGHT - 24;

export interface PlottedTime {
  readonly start: Date;
  readonly end: Date;
}

export interface PlotFacts {
  /** Those that are drawn, at most as many as there are colours (PLOT_COLOURS). */
  readonly series: readonly ReadSeries[];
  /** The time that was asked for; absent: that of the points. */
  readonly asked?: PlottedTime;
  /** When the alert starts; it is marked where it lies in that time. */
  readonly alertStart?: Date;
  /** What the values are compared with; drawn where it does not lie so far away that their shape would be lost. */
  readonly limit?: number;
}

/** The style sheet has so many colours, each with a dash of its own: classes `s1` … `s6`. */
export const PLOT_COLOURS = 6;

/** Lines over time, with the start of the alert marked. Undefined when there is no point to draw. */
export function plot({ series, asked, alertStart, limit }: PlotFacts): Html | undefined {
  const points = series.flatMap((one) => one.points);
  if (points.length === 0) return undefined;
  const time = timeOf(points, asked);
  const drawn = limit !== undefined && isNear(limit, points) ? limit : undefined;
  const values = valuesOf([...points.map(({ value }) => value), ...(drawn === undefined ? [] : [drawn])]);
  const inLanes = series.length > 1 && points.every(({ value }) => value === points[0]!.value);
  const x = ({ at }: ReadPoint): number => scaled(at, time, [LEFT, RIGHT]);
  const start = alertStart && alertStart.getTime() / 1000;
  const marked = start !== undefined && start >= time.from && start <= time.to ? start : undefined;
  const title = inWords({ series, time, points, alertStart, limit });
  return html`<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">
    <title>${title}</title>
    ${marked === undefined ? undefined : alertMark(scaled(marked, time, [LEFT, RIGHT]), plotTime(marked, time))}
    <path class="grid" d="M${LEFT} ${TOP}H${RIGHT}M${LEFT} ${BOTTOM}H${RIGHT}" />
    ${drawn === undefined ? undefined : limitLine(scaled(drawn, values, [BOTTOM, TOP]), drawn)}
    ${inLanes ? laneAxis(points[0]!.value) : valueAxis(values)} ${timeAxis(time)}
    ${series.map((one, index) => {
      const y = ({ value }: ReadPoint): number => scaled(value, values, [BOTTOM, TOP]);
      return line(one.points, index, { x, y: inLanes ? () => laneY(index, series.length) : y });
    })}
  </svg>`;
}

/** Times the largest value. */
const FAR = 5;

function isNear(limit: number, points: readonly ReadPoint[]): boolean {
  const largest = points.reduce((size, { value }) => Math.max(size, Math.abs(value)), 0);
  return Math.abs(limit) <= FAR * largest;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

interface Place {
  readonly x: (point: ReadPoint) => number;
  readonly y: (point: ReadPoint) => number;
}

function scaled(value: number, { from, to }: Span, [low, high]: readonly [number, number]): number {
  /* halves first: the width of a span between the largest numbers is infinite */
  return low + ((value / 2 - from / 2) / (to / 2 - from / 2)) * (high - low);
}

/** Unix seconds. All points are in it, also those that lie beside what was asked for: the backend aligns its grid. */
function timeOf(points: readonly ReadPoint[], asked: PlottedTime | undefined): Span {
  const span = spanOf([
    ...points.map(({ at }) => at),
    ...(asked ? [asked.start.getTime() / 1000, asked.end.getTime() / 1000] : []),
  ]);
  return span.from < span.to ? span : { from: span.from - 60, to: span.to + 60 };
}

/** From zero, unless all that is drawn lies so far from it that its shape would be lost. */
function valuesOf(numbers: readonly number[]): Span {
  const { from, to } = spanOf(numbers);
  if (from === to) return from === 0 ? { from: 0, to: 1 } : spanOf([0, from]);
  if (from >= 0 && from < to / 2) return { from: 0, to };
  return to <= 0 && to > from / 2 ? { from, to: 0 } : { from, to };
}

function spanOf(numbers: readonly number[]): Span {
  return {
    from: numbers.reduce((a, b) => Math.min(a, b)),
    to: numbers.reduce((a, b) => Math.max(a, b)),
  };
}

function line(points: readonly ReadPoint[], index: number, { x, y }: Place): Html {
  const at = (point: ReadPoint): string => `${round(x(point))} ${round(y(point))}`;
  const course = points.map((point) => `${point.afterGap ? 'M' : 'L'}${at(point)}`).join('');
  const alone = points.filter((point, i) => point.afterGap && (points[i + 1]?.afterGap ?? true));
  const colour = `s${index + 1}`;
  return html`<path class="line ${colour}" d="${course}" />
    ${alone.length === 0 ? undefined : html`<path class="dots ${colour}" d="${alone.map((point) => `M${at(point)}h0`).join('')}" />`}`;
}

/** Lines that would lie on each other, as those of versions do that are 1 while they run: each gets a height of its own. */
function laneY(index: number, lanes: number): number {
  return TOP + ((index + 0.5) / lanes) * (BOTTOM - TOP);
}

function laneAxis(value: number): Html {
  return html`<text class="end" x="${LEFT - 5}" y="${(TOP + BOTTOM) / 2 + 4}">all ${compactNumber(value)}</text>`;
}

function valueAxis({ from, to }: Span): Html {
  return html`<text class="end" x="${LEFT - 5}" y="${TOP + 4}">${compactNumber(to)}</text>
    <text class="end" x="${LEFT - 5}" y="${BOTTOM + 4}">${compactNumber(from)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function alertMark(x: number, at: string): Html {
  const leftHalf = x < (LEFT + RIGHT) / 2;
  return html`<rect class="firing" x="${round(x)}" y="${TOP}" width="${round(RIGHT - x)}" height="${BOTTOM - TOP}" />
    <path class="start" d="M${round(x)} ${TOP - 6}V${BOTTOM}" />
    <text class="${leftHalf ? 'start' : 'start end'}" x="${round(x)}" y="${TOP - 9}">alert starts ${at}</text>`;
}

/** Its word stands below a line that is high up: above it stand the words of the start. */
function limitLine(y: number, limit: number): Html {
  return html`<path class="limit" d="M${LEFT} ${round(y)}H${RIGHT}" />
    <text class="limit" x="${LEFT + 4}" y="${round(y < TOP + 14 ? y + 13 : y - 4)}"
      >limit ${compactNumber(limit)}</text
    >`;
}

function timeAxis(time: Span): Html {
  const middle = (time.from + time.to) / 2;
  return html`<path class="grid" d="M${(LEFT + RIGHT) / 2} ${BOTTOM}v4" />
    <text x="${LEFT}" y="${HEIGHT - 6}">${plotTime(time.from, time)}</text>
    <text class="middle" x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 6}">${plotTime(middle, time)}</text>
    <text class="end" x="${RIGHT}" y="${HEIGHT - 6}">${plotTime(time.to, time)} UTC</text>`;
}

function inWords(facts: {
  readonly series: readonly ReadSeries[];
  readonly time: Span;
  readonly points: readonly ReadPoint[];
  readonly alertStart?: Date;
  readonly limit?: number;
}): string {
  const { series, time, points, alertStart, limit } = facts;
  const { from, to } = spanOf(points.map(({ value }) => value));
  const many = series.length === 1 ? 'One series' : `${series.length} series`;
  const values =
    from === to ? `always ${compactNumber(from)}` : `between ${compactNumber(from)} and ${compactNumber(to)}`;
  const start = alertStart ? ` The alert starts at ${alertStart.toISOString().slice(11, 19)} UTC.` : '';
  const compared = limit === undefined ? '' : ` The limit is ${compactNumber(limit)}.`;
  return `${many} from ${plotTime(time.from, time)} to ${plotTime(time.to, time)} UTC, ${values}.${compared}${start}`;
}
