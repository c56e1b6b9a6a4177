import type { Handle } from '../../domain/conversation';
import { cleanText } from '../../domain/outside-text';
import type { PatternKind } from '../../domain/pattern-line';
import type { SentText } from '../../domain/sent-texts';
import { isListOfChanges } from './change-lines';
import type { Figure } from './figure';
import { withoutForeignWords } from './foreign-words';
import { instructionIn } from './instruction-in-data';
import { bracePairs, changePairs, fieldPairs, type LabelPair, matcherPairs } from './labels';
import { type MeasuredUnit, unitOfExpression } from './measured-unit';
import type { Measured } from './fits';
import { figuresIn } from './prose-figures';
import { type Course, readCourse } from './read-course';
import { PATTERNS_TOOL, readPattern } from './read-pattern';
import { type KeyFigure, readOthers, readSeries, type Series, seriesOf, singleValue, type TextGrid } from './series';

/** One line of a sent text that can bear something out. */
export interface SentLine {
  readonly handle: Handle;
  readonly text: string;
  /** `rule`: an expression; it says what is measured, over which window and against which threshold, and no value. */
  readonly kind: 'series' | 'words' | 'rule';
  /** The line's own labels and those that its text shares. */
  readonly labels: readonly LabelPair[];
  /** Where names are looked for besides: the line, and the line that it is indented under. */
  readonly names: string;
  readonly series?: Series;
  /** The line tells so many series together, none of them by itself; `each`: all have this value. */
  readonly others?: { readonly count: number; readonly each?: number };
  /** What its values are of, where that is not the expression of its text. */
  readonly unit?: MeasuredUnit;
  readonly figures: readonly Figure[];
  /** How many equal log lines are folded into it. */
  readonly times: number;
  /** Of a line that tells of a pattern of the log: what those lines say. */
  readonly pattern?: { readonly kind: PatternKind; readonly message: string };
}

/** A sent text, read once: what it holds without its head and without lines that give orders. */
export interface ReadText {
  readonly handle: Handle;
  readonly lines: readonly SentLine[];
  /** What its values are of: the query of a result, the expression of a section. */
  readonly expression: string;
  readonly matchers: readonly LabelPair[];
  readonly unit: MeasuredUnit;
  /** Unix seconds of the range or the moment that was asked for. */
  readonly asked?: { readonly from: number; readonly to: number };
  /** How many series or lines our head says were found; a limit that was reached makes it no count. */
  readonly found?: { readonly counts: readonly number[]; readonly atLeast: boolean; readonly isOfChanges: boolean };
  /** A section of the opening message. */
  readonly opening: boolean;
  /** Against what the rule of the alert compares, in the unit of its expression. */
  readonly limit?: Measured;
  /** What was concluded of an earlier firing. */
  readonly past?: boolean;
}

const cache = new WeakMap<SentText, ReadText>();

/** A sent text never changes: it is read once. */
export function readSent(sent: SentText): ReadText {
  const known = cache.get(sent);
  if (known) return known;
  const whole = sent.status === undefined && /^o\d/.test(sent.handle) ? readSection(sent) : readResult(sent);
  const read = { ...whole, lines: withinBounds(whole.lines) };
  cache.set(sent, read);
  return read;
}

/** An ordinary text holds some hundreds: what holds more is made to cost time, and the rest of it bears nothing out. */
const MAX_FIGURES = 2_000;
const MAX_FIGURES_OF_LINE = 250;

function withinBounds(lines: readonly SentLine[]): SentLine[] {
  let count = 0;
  return lines.map((line) => {
    const figures = line.figures.slice(0, Math.min(MAX_FIGURES_OF_LINE, Math.max(0, MAX_FIGURES - count)));
    count += figures.length;
    return { ...line, figures };
  });
}

/** Fields that all log lines of a result have. */
const COMMON_FIELDS = 'common fields: ';
const HEAD = /^(?:scope: |service: |range: |time: |result: |common labels: |values: \[|order: |left out)/;

/** A tool's result: the head says what was asked, by the model itself, and bears nothing out. */
function readResult(sent: SentText): ReadText {
  const { query, rest } = withoutQuery(sent);
  const lines = rest.split('\n');
  const firstResult = lines.findIndex((line) => line.startsWith('result: '));
  const head = lines.filter((line, i) => HEAD.test(line) && i <= firstResult + 4);
  const body = lines.filter((line, i) => line.trim() !== '' && !(HEAD.test(line) && i <= firstResult + 4));
  const common = head.filter((line) => line.startsWith('common labels: ')).flatMap(bracePairs);
  const asked = askedOf(head);
  const grid = gridOf(head);
  const context = { handle: sent.handle, common, grid, at: asked && asked.from === asked.to ? asked.to : undefined };
  const result = head.find((line) => line.startsWith('result: ')) ?? '';
  if (sent.source === PATTERNS_TOOL) return readPatterns(sent.handle, lines, { query, asked });
  const counts = Array.from(
    result.matchAll(/(\d+) (?:found|series|alerts|of them|changed|before the start|after it)\b/g),
    ([, count]) => Number(count),
  );
  let above = '';
  /* a diff belongs to the change that it stands under */
  const readUnder = (line: string): SentLine[] => {
    if (!isListOfChanges(sent)) return readLine(line, '', context);
    if (!line.startsWith('    ')) above = line;
    return readLine(line, line === above ? '' : above, context);
  };
  return {
    handle: sent.handle,
    lines: body.flatMap(readUnder).map(withoutCount),
    expression: query,
    matchers: matcherPairs(query),
    unit: unitOfExpression(query),
    asked,
    found:
      counts.length > 0
        ? { counts, atLeast: result.includes('limit of'), isOfChanges: isListOfChanges(sent) }
        : undefined,
    opening: false,
  };
}

/** What the head of patterns says of them is our own count, and bears out as well as they do. */
function readPatterns(
  handle: Handle,
  lines: readonly string[],
  { query, asked }: { readonly query: string; readonly asked: ReadText['asked'] },
): ReadText {
  const body = lines.filter((line) => line.trim() !== '' && !line.startsWith('range: '));
  return {
    handle,
    lines: body.flatMap(
      (line) => readPattern(line, handle) ?? ofAllPatterns(readLine(line, '', { handle, common: [] })),
    ),
    expression: query,
    matchers: matcherPairs(query),
    unit: unitOfExpression(query),
    asked,
    opening: false,
  };
}

/** What is said of all of them is meant only where the words share more with it than with one of them. */
function ofAllPatterns(lines: readonly SentLine[]): SentLine[] {
  return lines.map((line) => ({ ...line, pattern: { kind: 'new', message: line.text } }));
}

/** What all lines share stands once, and is no line of its own. */
function withoutCount(line: SentLine): SentLine {
  return line.text.startsWith(COMMON_FIELDS) ? { ...line, times: 0 } : line;
}

/** Takes the query out as it was asked: whatever lines it is made of, they are the model's own words. */
function withoutQuery(sent: SentText): { readonly query: string; readonly rest: string } {
  const text = sent.text.replaceAll('\r\n', '\n');
  if (!text.startsWith('query: ')) return { query: '', rest: text };
  const input = (sent.input as { readonly query?: unknown } | null | undefined)?.query;
  const asked = typeof input === 'string' ? cleanText(input).replaceAll('\r\n', '\n') : undefined;
  if (asked && text.startsWith(`query: ${asked}\n`)) {
    return { query: asked, rest: text.slice('query: '.length + asked.length + 1) };
  }
  const head = /\n(?:range: \S+ to |time: \d{4}-|result: )/.exec(text);
  const end = head ? head.index : Math.max(0, text.indexOf('\n'));
  return { query: text.slice('query: '.length, end), rest: text.slice(end + 1) };
}

/** The label pairs of the alert itself belong to all its section says; indented lines to the line they stand under. */
function readSection(sent: SentText): ReadText {
  const lines = sent.text.split('\n').filter((line) => line.trim() !== '');
  const expression = lines.filter(isExpression).join('\n');
  const common = lines.flatMap((line): LabelPair[] => {
    const [, name, value] = /^label ([\w.]+): (.*)$/.exec(line) ?? [];
    return name && !instructionIn(line) ? [[name, value!]] : [];
  });
  const grid = gridOf(lines);
  const course = readCourse(lines, grid, sent.now);
  let above = '';
  const read = lines.flatMap((line) => {
    if (!/^\s/.test(line)) above = line;
    const [own] = readLine(line, line === above ? '' : above, { handle: sent.handle, common, grid });
    // The values of the course are told by its series; of its lines only the moments and the rule's side are left.
    return own ? [course?.text.includes(line) ? { ...own, figures: own.figures.filter(isMoment) } : own] : [];
  });
  const unit = course?.unit ?? unitOfExpression(expression);
  // `… in the last seven days` is our own word on all of it.
  const title = readLine(sent.source, '', { handle: sent.handle, common });
  return {
    handle: sent.handle,
    lines: [...(course ? [courseLine(course, sent.handle, common)] : []), ...read, ...title],
    expression: course?.query ?? expression,
    matchers: matcherPairs(expression),
    unit,
    asked: askedOf(lines),
    opening: true,
    limit: course?.limit === undefined ? undefined : measuredValue(unit, course.limit),
    past: sent.source.startsWith('earlier triages'),
  };
}

function isMoment({ kind }: Figure): boolean {
  return kind === 'moment';
}

function courseLine({ series, text, labels }: Course, handle: Handle, common: readonly LabelPair[]): SentLine {
  const own = labels.length > 0 ? labels : common;
  return {
    handle,
    text,
    names: labels.map(([, value]) => value).join(' '),
    kind: 'series',
    labels: own,
    series,
    figures: [],
    times: 1,
  };
}

/** A value of a result, in the unit of its expression. */
export function measuredValue({ of, perSeconds }: MeasuredUnit, value: number): Measured {
  return { value, of, scales: [of === 'milliseconds' ? 1e-3 : 1], perSeconds, written: false };
}

const PROMQL =
  /\b(?:rate|irate|increase|sum|avg|max|min|count|histogram_quantile|absent|quantile|topk|count_over_time|delta|predict_linear)\s?(?:(?:by|without)\s?\([^)]{0,200}\)\s?)?\(|\[\d+[smhdw]\]|^\s*(?:expression|expr|query)\b/;

function isExpression(line: string): boolean {
  return PROMQL.test(line.slice(0, 2000));
}

interface LineContext {
  readonly handle: Handle;
  readonly common: readonly LabelPair[];
  readonly grid?: TextGrid;
  /** The moment of an instant query. */
  readonly at?: number;
}

const LOG = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.*)$/s;
const FOLDED = / \((\d+) times, last at \S+\)$/;
const ONE_VALUE = /^(?:[A-Za-z_:][\w:]*)?(?:\{.*\})? ?([-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|Inf|NaN))$/;

function readLine(given: string, above: string, { handle, common, grid, at }: LineContext): SentLine[] {
  const line = isExpression(given) ? given : withoutForeignWords(given);
  if (instructionIn(line)) return [];
  const base = { handle, text: line, names: above ? `${above}\n${line}` : line, times: 1 };
  const series = readSeries(line, grid);
  if (series) {
    const own = bracePairs(line.slice(0, line.lastIndexOf(' first=')));
    const unit = unitOfChange(line);
    const figures = figuresIn(labelText(own), true);
    return [{ ...base, kind: 'series', labels: [...own, ...common], series, ...(unit && { unit }), figures }];
  }
  const others = handle.startsWith('r') ? readOthers(line) : undefined;
  if (others) {
    const { count, each } = others;
    return [{ ...base, kind: 'series', labels: common, series: others.series, others: { count, each }, figures: [] }];
  }
  const single = ONE_VALUE.exec(line)?.[1];
  if (single !== undefined && Number.isFinite(Number(single))) {
    const own = bracePairs(line);
    const value = singleValue(Number(single), at);
    return [
      { ...base, kind: 'series', labels: [...own, ...common], series: value, figures: figuresIn(labelText(own), true) },
    ];
  }
  const part = handle.startsWith('o') ? partOf(line) : undefined;
  if (part)
    return [
      {
        ...base,
        kind: 'series',
        labels: [...matcherPairs(line), ...common],
        series: part,
        unit: unitOfExpression(line),
        figures: [],
      },
    ];
  if (handle.startsWith('o') && isExpression(line)) {
    return [{ ...base, kind: 'rule', labels: [...matcherPairs(line), ...common], figures: figuresIn(line, true) }];
  }
  const [, , said] = LOG.exec(line) ?? [];
  const pairs = [...bracePairs(said ?? line), ...fieldPairs(said ?? line), ...changePairs(above || line)];
  const times = Number(FOLDED.exec(line)?.[1] ?? 1);
  return [{ ...base, kind: 'words', labels: [...pairs, ...common], figures: figuresIn(line, true), times }];
}

/** A line of many metrics tells its own: `name{…} first=… changed=… (…; per second: rate of a counter)`. */
function unitOfChange(line: string): MeasuredUnit | undefined {
  const name = line.includes(' changed=') ? /^[A-Za-z_:][\w:]*/.exec(line)?.[0] : undefined;
  if (name === undefined) return undefined;
  return unitOfExpression(line.includes('; per second: rate of a counter)') ? `rate(${name}[1m])` : name);
}

/** `and max by (pool) (db_pool_waiting) > 0: 10 at the start, 14 now`: another part of the rule's condition. */
function partOf(line: string): Series | undefined {
  const [, start, now] =
    /^(?:and|or|unless)\b.*: (?:([-+\d.e]+) at the start)?(?:, )?(?:([-+\d.e]+) now)?$/.exec(line) ?? [];
  const told: KeyFigure[] = [
    ...(start === undefined ? [] : [{ role: 'start' as const, value: Number(start) }]),
    ...(now === undefined ? [] : [{ role: 'last' as const, value: Number(now) }]),
  ];
  return told.length > 0 ? seriesOf(told, [], 0) : undefined;
}

function labelText(pairs: readonly LabelPair[]): string {
  return pairs.map(([, value]) => value).join(' ; ');
}

function gridOf(lines: readonly string[]): TextGrid | undefined {
  for (const line of lines) {
    const [, from, every] = /\bfrom (\d{4}-\S+Z) every ([\dhms.]+)/.exec(line) ?? [];
    if (from && every) return { start: Date.parse(from) / 1000, stepSeconds: secondsOf(every) };
  }
  return undefined;
}

function secondsOf(duration: string): number {
  const scale: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };
  return Array.from(duration.matchAll(/([\d.]+)([hms])/g)).reduce(
    (sum, [, count, unit]) => sum + Number(count) * scale[unit!]!,
    0,
  );
}

function askedOf(lines: readonly string[]): ReadText['asked'] {
  for (const line of lines) {
    const [, from, to] = /^range: (\S+) to ([^\s,]+)/.exec(line) ?? [];
    if (from && to) return { from: Date.parse(from) / 1000, to: Date.parse(to) / 1000 };
    const at = /^time: (\S+)/.exec(line)?.[1];
    if (at) return { from: Date.parse(at) / 1000, to: Date.parse(at) / 1000 };
  }
  return undefined;
}
