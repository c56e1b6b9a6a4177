import { readPatternLine, type ShownPattern } from '../../domain/pattern-line';
import { type LabelPairs, readLabels } from './read-labels';
import { type LogLine, readLogLine } from './read-log-line';

/** What a tool found, read back from the text that the model was given, so that a person can be shown it fittingly. */
export type ReadResult =
  | { readonly kind: 'matrix'; readonly series: readonly ReadSeries[]; readonly notes: readonly string[] }
  | { readonly kind: 'vector'; readonly rows: readonly ReadRow[]; readonly notes: readonly string[] }
  | { readonly kind: 'lines'; readonly lines: readonly LogLine[]; readonly notes: readonly string[] }
  | { readonly kind: 'patterns'; readonly patterns: readonly ShownPattern[]; readonly notes: readonly string[] }
  | { readonly kind: 'alerts'; readonly alerts: readonly ReadAlert[]; readonly notes: readonly string[] }
  /** None of these forms: to be shown as it stands. */
  | { readonly kind: 'text'; readonly text: string };

export interface ReadSeries {
  readonly labels: LabelPairs;
  readonly figures: Figures;
  /** In the order of time, without those that are no number; empty where the text holds the figures only. */
  readonly points: readonly ReadPoint[];
  /** How many samples were NaN or infinite. */
  readonly odd: number;
}

/** As they stand in the text. */
export interface Figures {
  readonly first: string;
  readonly last: string;
  readonly min: string;
  readonly max: string;
}

export interface ReadPoint {
  /** Unix seconds. */
  readonly at: number;
  readonly value: number;
  /** No sample lies between this point and the one before it, though one should. */
  readonly afterGap: boolean;
}

export interface ReadRow {
  readonly labels: LabelPairs;
  readonly value: string;
}

export interface ReadAlert {
  readonly since: Date;
  /** State, name, labels and summary. */
  readonly text: string;
}

/** Never throws: a text of another form, or one that was cut, is given back as text. */
export function readResult(text: string): ReadResult {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.startsWith('result: '));
  const [, head = ''] = /^result: (.*)$/.exec(lines[at] ?? '') ?? [];
  const body = lines.slice(at + 1);
  if (/^(?:matrix|vector)\b/.test(head)) return readSeries(head, body) ?? { kind: 'text', text };
  if (head === 'scalar') return { kind: 'vector', rows: [{ labels: [], value: body[0] ?? '' }], notes: body.slice(1) };
  if (head.startsWith('lines')) return readLines(head, body) ?? { kind: 'text', text };
  if (/^\d+ patterns? of /.test(head)) return readPatterns(head, body) ?? { kind: 'text', text };
  if (/^\d+ alerts/.test(head)) return readAlerts(head, body) ?? { kind: 'text', text };
  return { kind: 'text', text };
}

/** Labels that all series share: said once by the text, and once on the page. */
const COMMON = 'common labels: ';

function readSeries(head: string, body: readonly string[]): ReadResult | undefined {
  const grid = body.map(readGrid).find((found) => found !== undefined);
  const read = body.map((line) => (head.startsWith('matrix') ? readMatrixLine(line, grid) : readVectorLine(line)));
  const others = body.filter((line, i) => read[i] === undefined && !/^(?:values|order): /.test(line) && line !== '');
  const notes = [...body.flatMap(coarserCourse), ...others];
  const found = read.filter((one) => one !== undefined);
  if (found.length === 0) return undefined;
  return head.startsWith('matrix')
    ? { kind: 'matrix', series: found as ReadSeries[], notes }
    : { kind: 'vector', rows: found as ReadRow[], notes };
}

/** `values: … every 3m, _ = no sample; of 2 points … the one farthest …`: what its reader must know of the plot. */
function coarserCourse(line: string): string[] {
  const [, how] = /^values: \[v v …\] from [^;]{1,200}; (of \d+ points .*)$/.exec(line) ?? [];
  return how ? [`drawn: ${how}`] : [];
}

/** Where the values of a row stand in time. */
export interface Grid {
  /** Unix seconds. */
  readonly start: number;
  readonly stepSeconds: number;
}

function readGrid(line: string): Grid | undefined {
  const [, from = '', step = ''] = /^values: \[v v …\] from (\S+) every ([\w.]{1,20}), /.exec(line) ?? [];
  const start = Date.parse(from) / 1000;
  const stepSeconds = secondsOf(step);
  return Number.isFinite(start) && stepSeconds > 0 ? { start, stepSeconds } : undefined;
}

/** `90s`, `1h30m`; 0 when it is no duration. */
export function secondsOf(text: string): number {
  const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };
  return Array.from(text.matchAll(/(\d+(?:\.\d+)?)([hms])/g)).reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0),
    0,
  );
}

const FIGURES = /^ first=(\S+) last=(\S+) min=(\S+) max=(\S+) mean=\S+/;

function readMatrixLine(line: string, grid: Grid | undefined): ReadSeries | undefined {
  const labelled = readLabels(line);
  const [whole, first, last, min, max] = FIGURES.exec(labelled?.rest ?? '') ?? [];
  if (!labelled || !whole || !first || !last || !min || !max) return undefined;
  const rest = labelled.rest.slice(whole.length);
  const open = rest.indexOf('[');
  const values = open === -1 || !rest.endsWith(']') ? [] : rest.slice(open + 1, -1).split(' ');
  const samples = grid ? values.map((value, i) => onGrid(value, i, grid)) : values.map(withItsTime);
  const drawn = pointsOf(samples);
  const odd = Math.max(drawn.odd, toldOdd(rest.slice(0, Math.max(0, open))));
  return { labels: labelled.pairs, figures: { first, last, min, max }, points: drawn.points, odd };
}

/** ` NaN=3 +Inf=1`: a coarser course need not show them. */
function toldOdd(text: string): number {
  return Array.from(text.matchAll(/ (?:NaN|[+-]Inf)=(\d{1,9})(?= |$)/g)).reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
}

/** What one value of a list says: a number at its time, something that is no number, or that there is no sample. */
type Sample = { readonly at: number; readonly value: number } | 'odd' | 'absent';

export function onGrid(text: string, index: number, grid: Grid): Sample {
  return text === '_' ? 'absent' : sample(grid.start + index * grid.stepSeconds, text);
}

function withItsTime(text: string): Sample {
  const colon = text.indexOf(':');
  return colon === -1 ? 'absent' : sample(Number(text.slice(0, colon)), text.slice(colon + 1));
}

function sample(at: number, text: string): Sample {
  const value = text === '' ? NaN : Number(text);
  return Number.isFinite(value) && Number.isFinite(at) ? { at, value } : 'odd';
}

export function pointsOf(samples: readonly Sample[]): Pick<ReadSeries, 'points' | 'odd'> {
  const points: ReadPoint[] = [];
  let afterGap = true;
  for (const one of samples) {
    if (typeof one === 'object') points.push({ ...one, afterGap });
    afterGap = typeof one !== 'object';
  }
  return { points, odd: samples.filter((one) => one === 'odd').length };
}

function readVectorLine(line: string): ReadRow | undefined {
  const labelled = readLabels(line);
  return labelled?.rest.startsWith(' ') ? { labels: labelled.pairs, value: labelled.rest.trim() } : undefined;
}

/** The level that all lines share is not repeated in them. */
const COMMON_LEVEL = /^common fields: level=([a-z]{1,12})(?: |$)/;

function readLines(head: string, body: readonly string[]): ReadResult | undefined {
  const level = body.map((line) => COMMON_LEVEL.exec(line)?.[1]).find((found) => found !== undefined);
  const read = body.map(readLogLine).map((line) => (line && level ? { ...line, level } : line));
  const lines = read.filter((line) => line !== undefined);
  const notes = [head.replace(/^lines, /, ''), ...body.filter((line, i) => read[i] === undefined && line !== '')];
  return lines.length > 0 ? { kind: 'lines', lines, notes } : undefined;
}

function readPatterns(head: string, body: readonly string[]): ReadResult | undefined {
  const read = body.map(readPatternLine);
  const patterns = read.filter((pattern) => pattern !== undefined);
  const notes = [head, ...body.filter((line, i) => read[i] === undefined && line !== '')];
  return patterns.length > 0 ? { kind: 'patterns', patterns, notes } : undefined;
}

function readAlerts(head: string, body: readonly string[]): ReadResult | undefined {
  const read = body.map((line): ReadAlert | undefined => {
    const [, time = '', text = ''] = /^(\d{4}-\d\d-\d\dT\S+) (.*)$/.exec(line) ?? [];
    const since = new Date(time);
    return Number.isNaN(since.getTime()) ? undefined : { since, text };
  });
  const alerts = read.filter((alert) => alert !== undefined);
  const notes = [head, ...body.filter((line, i) => read[i] === undefined && line !== '')];
  return alerts.length > 0 ? { kind: 'alerts', alerts, notes } : undefined;
}

/** The labels that a note says all share; undefined for any other note. */
export function sharedLabels(note: string): LabelPairs | undefined {
  return note.startsWith(COMMON) ? readLabels(note.slice(COMMON.length))?.pairs : undefined;
}
