import { heightOf } from './change-search.ts';
import { type ToldCourse, toldCourse } from './level-change.ts';
import type { ScoredChange, SeriesFigures } from './messages.ts';
import { endOfSamples, motionChange, presenceChange } from './presence.ts';
import { rankDeviate } from './rank-test.ts';
import { asRates, type Named } from './rates.ts';
import { medianOf, scaleOf, withoutSpikes } from './robust.ts';
import { spreadChange } from './spread-change.ts';

/** One series, as it is scored. */
export interface ScoredSeries {
  /** NaN: no sample. */
  readonly raw: Float64Array;
  /** What its name says that it is. */
  readonly named?: Named;
  readonly stepSeconds: number;
  /** Points at which any series has a sample: outside of them nothing can have vanished. */
  readonly seen: { readonly first: number; readonly last: number };
}

export type SeriesScore = Omit<ScoredChange, 'series'>;

/** A change by this part of the level counts half. */
const HALF_WORTH = 0.01;
/** A change by less than this part of the level is no change, however steady the series is. */
const LEAST_PART = 0.002;
/** Rounding of whole numbers. */
const LEAST_OF_COUNTS = 0.3;
/** Points that a series must have before anything is said of it. */
const LEAST_POINTS = 16;
/** Rank deviates: below the first nothing differs, from the second on it surely does. */
const SAME = 1.5;
const DIFFERENT = 3.5;
/** A change that takes so many points to come about is a ramp. */
const SLOWLY = 8;
/** So many points before a change tell what it changed from. */
const KNOWN_BEFORE = 20;

/** The clearest change of a series; undefined where there is none at all, and of constant series. */
export function scoreSeries({ raw, named, stepSeconds, seen }: ScoredSeries): SeriesScore | undefined {
  const { values, rate } = asRates(raw, named, stepSeconds);
  const at: number[] = [];
  const present = new Uint8Array(seen.last + 1 - seen.first);
  raw.forEach((value, i) => {
    if (Number.isFinite(values[i]!)) at.push(i);
    if (!Number.isNaN(value) && i >= seen.first && i <= seen.last) present[i - seen.first] = 1;
  });
  const course = Float64Array.from(at, (i) => values[i]!);
  const figures = figuresOf(course);
  const found = [
    ...levels(course, at, rate),
    ...presences(present, seen.first, course, at, (from) => endOfSamples(raw, from, stepSeconds)),
  ];
  const best = found.reduce<Found | undefined>((a, b) => (a && a.score >= b.score ? a : b), undefined);
  return best && best.score > 0 ? { ...best, rate, figures } : undefined;
}

type Found = Omit<SeriesScore, 'rate' | 'figures'>;

function presences(
  present: Uint8Array,
  offset: number,
  course: Float64Array,
  at: readonly number[],
  endBefore: (from: number) => number,
): Found[] {
  const change = presenceChange(present);
  if (!change) return [];
  const { kind, from, evidence } = change;
  const onset = kind === 'vanished' ? endBefore(offset + from) : offset + from;
  const behind = at.filter((point) => point < onset).length;
  const level = kind === 'vanished' ? medianOf(course, Math.max(0, behind - 10), behind) : medianOf(course, 0, 10);
  const [before, after] = kind === 'vanished' ? [level, NaN] : [NaN, level];
  return [{ kind, score: evidence, onset, from: before, to: after }];
}

/** Changes of level and of spread. */
function levels(course: Float64Array, at: readonly number[], rate: boolean): Found[] {
  if (course.length < LEAST_POINTS || course.every((value) => value === course[0])) return [];
  const least = Math.max(
    LEAST_PART * typicalSize(course),
    !rate && course.every(Number.isInteger) ? LEAST_OF_COUNTS : 0,
  );
  const places = { at: at.map((point) => point - at[0]!), span: at.at(-1)! - at[0]! + 1 };
  const told = toldCourse(course, places, least);
  const ofFactors = isLopsided(course) ? toldCourse(course.map(Math.log), places, LEAST_PART) : undefined;
  return [
    ...foundMotion(course, at),
    ...foundLevel(told, course, at),
    ...(ofFactors ? foundLevel(ofFactors, course, at) : []),
    ...foundSpread(told.noise, course, at),
  ];
}

/** Of values that are never zero and reach over a factor this large, factors tell more than differences. */
const LOPSIDED = 4;

function isLopsided(course: Float64Array): boolean {
  let [min, max] = [Infinity, 0];
  for (const value of course) [min, max] = [Math.min(min, value), Math.max(max, value)];
  return min > 0 && max > LOPSIDED * min;
}

/** Where a series stands still that moved before, or the reverse. */
function foundMotion(course: Float64Array, at: readonly number[]): Found[] {
  const motion = motionChange(course);
  if (!motion) return [];
  const { from, evidence } = motion;
  const [before, after] = [medianOf(course, 0, from), medianOf(course, from)];
  const size = Math.max(
    Math.abs(after - before),
    scaleOf(course.map((value, i) => value - (i < from ? before : after))),
  );
  const score = evidence * worthOf(size, before, after);
  return [{ kind: 'level', score, onset: at[from]!, from: before, to: after }];
}

function foundLevel({ change, noise }: ToldCourse, course: Float64Array, at: readonly number[]): Found[] {
  if (!change) return [];
  const { passing, rise, from, to, delta, evidence } = change;
  const kind = passing ? 'passing' : rise >= SLOWLY ? 'ramp' : 'level';
  const before = medianOf(course, Math.max(0, from - 30), from);
  const after = medianOf(course, Math.min(from + rise - 1, Math.max(from, to - 5)), to);
  const moved = noise.map((value, i) => value + delta * heightOf(change, i));
  const deviate = rankDeviate(moved, from, to);
  const sure = Math.max(0, Math.min(1, (deviate - SAME) / (DIFFERENT - SAME)));
  const score =
    Math.min(evidence, deviate ** 2) * sure * worthOf(after - before, before, after) * Math.min(1, from / KNOWN_BEFORE);
  const end = passing ? { end: at[to]! } : {};
  return [{ kind, score, onset: at[from]!, ...end, from: before, to: after }];
}

function foundSpread(noise: Float64Array, course: Float64Array, at: readonly number[]): Found[] {
  const spread = spreadChange(noise);
  if (!spread) return [];
  const { from, evidence, before, after } = spread;
  const worth = worthOf(after - before, medianOf(course, 0, from), medianOf(course, from));
  const score = evidence * worth * Math.min(1, from / KNOWN_BEFORE);
  return [{ kind: 'spread', score, onset: at[from]!, from: before, to: after }];
}

/** What a change is worth by its size against the level: a wobble of a steady series is no news. */
function worthOf(delta: number, before: number, after: number): number {
  const level = Math.max(Math.abs(before), Math.abs(after), Math.abs(delta));
  const part = level > 0 ? Math.abs(delta) / level : 0;
  return part / (part + HALF_WORTH);
}

function typicalSize(course: Float64Array): number {
  const calm = withoutSpikes(course);
  return Math.sqrt(calm.reduce((sum, value) => sum + value * value, 0) / calm.length);
}

function figuresOf(course: Float64Array): SeriesFigures {
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (const value of course) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value / course.length;
  }
  const none = course.length === 0;
  return {
    first: course[0] ?? NaN,
    last: course.at(-1) ?? NaN,
    min: none ? NaN : min,
    max: none ? NaN : max,
    mean: none ? NaN : sum,
  };
}
