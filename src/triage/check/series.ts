/** What is told of a series by itself: the figures that our tools write beside it, and its two levels. */
/** `start`: where the alert began. */
export type Role = 'value' | 'start' | 'first' | 'last' | 'min' | 'max' | 'mean' | 'before' | 'after' | 'level';

export interface KeyFigure {
  readonly role: Role;
  readonly value: number;
}

export interface Sample {
  /** Unix seconds. */
  readonly seconds: number;
  readonly value: number;
}

/** A change of level: somewhere between the last sample of the one and the first of the other. */
export interface Turn {
  readonly from: number;
  readonly to: number;
  readonly rises: boolean;
}

export interface Series {
  readonly keys: readonly KeyFigure[];
  readonly samples: readonly Sample[];
  readonly stepSeconds: number;
  readonly turns: readonly Turn[];
  /** Whether slots without a sample come before its first one, or behind its last: it began, or ended, there. */
  readonly missing?: { readonly before: boolean; readonly behind: boolean };
}

/** The even grid that a range result states: `values: [v v …] from T every S`. */
export interface TextGrid {
  readonly start: number;
  readonly stepSeconds: number;
}

const FIGURES = /^ first=(\S+) last=(\S+) min=(\S+) max=(\S+) mean=(\S+)/;
const ROLES: readonly Role[] = ['first', 'last', 'min', 'max', 'mean'];

/** Reads `… first=0.0021 last=0.3412 min=… max=… mean=… [v v _ …]`; undefined for any other line. */
export function readSeries(line: string, grid: TextGrid | undefined): Series | undefined {
  const at = line.lastIndexOf(' first=');
  const match = at < 0 ? null : FIGURES.exec(line.slice(at));
  if (!match) return undefined;
  const told = ROLES.map((role, i): KeyFigure => ({ role, value: Number(match[i + 1]) }));
  const rest = line.slice(at + match[0].length);
  const samples = valuesIn(rest, grid);
  const missing = { before: line.includes('[_ ', at), behind: line.includes(' _]', at) };
  const series = { ...seriesOf(told, samples, grid?.stepSeconds ?? 0), missing };
  return withTold(series, rest.split('[', 1)[0]!);
}

const CHANGED = / changed=(\S+)(?: until=(\S+))? from=(\S+) to=(\S+)/;
const AT_ONE_MOMENT = / (?:began|ended|last_reset)=(\S+)/g;

/** What the line itself says of its change is exacter than what its course shows on a coarser grid. */
function withTold(series: Series, text: string): Series {
  const [, at = '', until = '', from, to] = CHANGED.exec(text) ?? [];
  const moments = Array.from(text.matchAll(AT_ONE_MOMENT), ([, time]) => Date.parse(time!) / 1000);
  const edges = moments.map((seconds): Turn => ({ from: seconds, to: seconds, rises: true }));
  const [begins, ends] = [Date.parse(at) / 1000, Date.parse(until) / 1000];
  if (!Number.isFinite(begins)) return edges.length > 0 ? { ...series, turns: [...series.turns, ...edges] } : series;
  const [before, after] = [Number(from), Number(to)];
  /* what has vanished has fallen, what has appeared has risen */
  const rises = to !== 'none' && (from === 'none' || after > before);
  /* a change without a course lies between its sample and the one before it */
  const slack = series.samples.length > 0 ? 0 : series.stepSeconds;
  const turn = (seconds: number, rises: boolean): Turn => ({ from: seconds - slack, to: seconds, rises });
  const keys = series.keys.filter(({ role }) => role !== 'before' && role !== 'after' && role !== 'level');
  const levels: KeyFigure[] = [
    { role: 'before', value: before },
    { role: 'after', value: after },
  ];
  return {
    ...series,
    keys: [...keys, ...levels.filter(({ value }) => Number.isFinite(value))],
    turns: [turn(begins, rises), ...(Number.isFinite(ends) ? [turn(ends, !rises)] : []), ...edges],
  };
}

const OTHERS =
  /^others: (\d+) more series, (?:their values (?:all )?|each )(?:between (\S+) and ([^\s,;]+)|([-+\d.e]+))(?:, median ([^\s;]+))?/;

/** What a line tells of the series that have none of their own. */
export interface Others {
  readonly count: number;
  /** The bounds of their values, and the median: none of a single one of them. */
  readonly series: Series;
  /** All have this one value. */
  readonly each?: number;
}

/** Reads `others: 92 more series, their values between 0.2 and 0.25; …`; undefined for any other line. */
export function readOthers(line: string): Others | undefined {
  const [, count, min, max, each, median] = OTHERS.exec(line) ?? [];
  if (count === undefined) return undefined;
  const told: KeyFigure[] = [
    { role: 'min', value: Number(min ?? each) },
    { role: 'max', value: Number(max ?? each) },
    ...(median === undefined ? [] : [{ role: 'mean' as const, value: Number(median) }]),
  ];
  return {
    count: Number(count),
    series: seriesOf(told, [], 0),
    ...(each !== undefined && { each: Number(each) }),
  };
}

/** A series of the figures that a text tells of it, and its samples in their order. */
export function seriesOf(told: readonly KeyFigure[], samples: readonly Sample[], stepSeconds: number): Series {
  const turns = turnsOf(samples);
  const keys = [...told, ...levels(samples, turns)].filter(({ value }) => Number.isFinite(value));
  return { keys, samples, stepSeconds, turns };
}

/** A series of one value. */
export function singleValue(value: number, seconds: number | undefined): Series {
  const samples = seconds === undefined ? [] : [{ seconds, value }];
  return { keys: [{ role: 'value', value }], samples, stepSeconds: 0, turns: [] };
}

/** The samples that may stand at a moment, one step to either side included. */
export function samplesAround(series: Series, from: number, to: number): readonly Sample[] {
  const slack = Math.max(series.stepSeconds, 1);
  return series.samples.filter(({ seconds }) => seconds >= from - slack && seconds <= to + slack);
}

/** `[v v _ …]` on its grid, or `[unix seconds:v …]`. */
export function valuesIn(text: string, grid: TextGrid | undefined): Sample[] {
  const inside = /\[([^\]]*)\]/.exec(text)?.[1];
  if (inside === undefined) return [];
  const slots = inside.split(' ');
  const read = slots.map((slot, i): Sample => {
    const [at, value] = slot.includes(':') ? slot.split(':') : [undefined, slot];
    if (at !== undefined) return { seconds: Number(at), value: Number(value) };
    return { seconds: grid ? grid.start + i * grid.stepSeconds : NaN, value: Number(value) };
  });
  return read.filter(({ seconds, value }) => Number.isFinite(seconds) && Number.isFinite(value));
}

/** More changes of side than these are noise, not turns. */
const MAX_TURNS = 4;
/** A range that is smaller than this part of the largest value is no change of level. */
const LEAST_SPREAD = 0.3;
/** So near to the level on its side (as a part of the range, or as its own noise) a sample still belongs to it. */
const NEAR = 0.01;

/** Where a series crosses the middle of its range; the turn begins at the last sample that was still at its level. */
function turnsOf(samples: readonly Sample[]): Turn[] {
  if (samples.length < 4) return [];
  const values = samples.map(({ value }) => value);
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const spread = max - min;
  if (spread <= LEAST_SPREAD * Math.max(Math.abs(max), Math.abs(min))) return [];
  const high = (i: number): boolean => values[i]! > (min + max) / 2;
  const crossings = [...values.keys()].slice(1).filter((i) => high(i) !== high(i - 1));
  if (crossings.length > MAX_TURNS) return [];
  return crossings.map((i, nth) => {
    const begin = crossings[nth - 1] ?? 0;
    const level = values.slice(begin, begin + Math.ceil((i - begin) / 2));
    const near = Math.max(NEAR * spread, spreadOf(level));
    let from = i - 1;
    while (from > begin && Math.abs(values[from]! - median(level)) > near) from -= 1;
    return { from: samples[from]!.seconds, to: samples[i]!.seconds, rises: high(i) };
  });
}

/** A stretch whose values lie this near together (as a part of the largest) is a level: each of them tells it. */
const LEVEL_SPREAD = 0.15;
/** Or so little of the whole change. */
const SHIFT_SPREAD = 0.01;

/** The level before the first turn, and the one behind it: its median, then the samples that make it. */
function levels(samples: readonly Sample[], turns: readonly Turn[]): KeyFigure[] {
  const [first, second] = turns;
  if (!first) return levelOf('level', samples).slice(1);
  const before = samples.filter(({ seconds }) => seconds <= first.from);
  const after = samples.filter(({ seconds }) => seconds > first.to && seconds <= (second?.from ?? Infinity));
  const spread = spreadOf(samples.map(({ value }) => value));
  const onset = samples.filter(({ seconds }) => seconds > first.from && seconds <= (second?.from ?? Infinity));
  const since: KeyFigure = { role: 'after', value: median(onset.map(({ value }) => value)) };
  return [...levelOf('before', before, spread), ...levelOf('after', after, spread), since];
}

function levelOf(role: Role, part: readonly Sample[], whole = 0): KeyFigure[] {
  if (part.length === 0) return [];
  const values = [...new Set(part.map(({ value }) => value))];
  const even = spreadOf(values) <= Math.max(LEVEL_SPREAD * Math.max(...values.map(Math.abs)), SHIFT_SPREAD * whole);
  const all = part.map(({ value }) => value);
  const told = [median(all), all.reduce((sum, value) => sum + value, 0) / all.length, ...(even ? values : [])];
  return told.map((value) => ({ role, value }));
}

function spreadOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** One value that has left its level already does not move it. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
