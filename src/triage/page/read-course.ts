import type { PlotFacts, PlottedTime } from './plot';
import { readLabels } from './read-labels';
import { type Grid, onGrid, pointsOf, type ReadSeries, secondsOf } from './read-result';
import { askedTime } from './tool-words';

/** The course of an expression as a section of the opening message tells it (src/briefing/rule/value-lines.ts). */
export interface ReadCourse {
  readonly series: ReadSeries;
  readonly asked?: PlottedTime;
  /** What it is compared with, where that is one number. */
  readonly limit?: PlotFacts['limit'];
}

/** Never throws; undefined for a section that holds no course. */
export function readCourse(text: string): ReadCourse | undefined {
  const row = readRow(text);
  const { points, odd } = pointsOf(row ? row.values.map((value, i) => onGrid(value, i, row.grid)) : []);
  const [first] = points;
  if (!first) return undefined;
  const values = points.map(({ value }) => value);
  const labels = readLabels(/^series: (\{.*)$/m.exec(text)?.[1] ?? '')?.pairs ?? [];
  const figures = {
    first: String(first.value),
    last: String(values.at(-1)),
    min: String(Math.min(...values)),
    max: String(Math.max(...values)),
  };
  return { series: { labels, figures, points, odd }, asked: askedTime(text), limit: limitIn(text) };
}

/** A value that never changes is told once, with the number of its points. */
const CONSTANT = /^values: (\S+) at each of (\d{1,4}) points from (\S+) every ([\w.]{1,20})$/m;
const COURSE = /^values: \[([^\]\n]*)\] from (\S+) every ([\w.]{1,20})(?:,|$)/m;

function readRow(text: string): { readonly values: readonly string[]; readonly grid: Grid } | undefined {
  const [, list, from = '', step = ''] = COURSE.exec(text) ?? [];
  if (list !== undefined) return { values: list.split(' '), grid: gridOf(from, step) };
  const [, value, count, start = '', every = ''] = CONSTANT.exec(text) ?? [];
  if (value === undefined) return undefined;
  return { values: Array.from({ length: Number(count) }, () => value), grid: gridOf(start, every) };
}

function gridOf(from: string, step: string): Grid {
  return { start: Date.parse(from) / 1000, stepSeconds: secondsOf(step) };
}

/** `compared: the left side (the query below) > 0.05`. */
function limitIn(text: string): number | undefined {
  const [compared = ''] = (/^compared: (.*)$/m.exec(text)?.[1] ?? '').split(';');
  const last = compared.split(' ').at(-1);
  const limit = last === '' || compared.includes(' right side ') ? NaN : Number(last);
  return Number.isFinite(limit) ? limit : undefined;
}
