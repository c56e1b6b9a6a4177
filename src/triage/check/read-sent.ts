import type { Handle } from '../../domain/conversation';
import { cleanText } from '../../domain/outside-text';
import type { SentText } from '../../domain/sent-texts';
import { isListOfChanges } from './change-lines';
import type { Figure } from './figure';
import { type HeadCount, readHeadCounts } from './head-counts';
import { instructionIn } from './instruction-in-data';
import { bracePairs, type LabelPair, matcherPairs } from './labels';
import { unitOfExpression } from './measured-unit';
import { type Course, readCourse } from './read-course';
import { isExpression, readLine } from './read-line';
import { PATTERNS_TOOL, readPattern } from './read-pattern';
import { measuredValue, type ReadText, type SentLine } from './sent-line';
import type { TextGrid } from './series';

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
        ? { counts, atLeast: isCut(result), isOfChanges: isListOfChanges(sent), heads: headsOf(result) }
        : undefined,
    opening: false,
  };
}

/** At its limit, or a part that was read again: what is shown is not all that the head counts. */
function isCut(result: string): boolean {
  return result.includes('limit of') || result.includes('; here a part of it');
}

function headsOf(result: string): HeadCount[] {
  return result.startsWith('result: lines') || isCut(result) ? [] : readHeadCounts(result);
}

/** What the head of patterns says of them is our own count, and bears out as well as they do. */
function readPatterns(
  handle: Handle,
  lines: readonly string[],
  { query, asked }: { readonly query: string; readonly asked: ReadText['asked'] },
): ReadText {
  const head = lines.findIndex((line) => line.startsWith('result: '));
  const body = lines.filter((line, i) => line.trim() !== '' && i !== head && !line.startsWith('range: '));
  return {
    handle,
    lines: body.flatMap(
      (line) => readPattern(line, handle) ?? ofAllPatterns(readLine(line, '', { handle, common: [] })),
    ),
    expression: query,
    matchers: matcherPairs(query),
    unit: unitOfExpression(query),
    asked,
    found: { counts: [], atLeast: false, isOfChanges: false, heads: readHeadCounts(lines[head] ?? '') },
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
  const ofSeries = lines[0]?.startsWith('rule: ') ? lines.filter((line) => line.startsWith('series: {')) : [];
  common.push(...ofSeries.slice(0, 1).flatMap(bracePairs));
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
