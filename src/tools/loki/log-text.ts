import type { Labels } from '../../domain/alert';
import { clipped } from '../../domain/clipped';
import { commonLabels, formatLabels, withoutLabels } from '../fit';
import { fieldText, firstLines, oneLine } from './field-text';
import { differences, foldLines, type Fold, labelText, sharedFields } from './log-folds';
import type { LogEntry } from './loki-client';
import { saidLines } from './said-line';

/** How much of a line is shown, and how many alike are folded into one. */
interface Detail {
  readonly least: number;
  readonly messageChars: number;
  readonly fieldsChars: number;
  /** What differs between folded lines is left out: how many there are is told still. */
  readonly bare?: boolean;
}

/** The first of these in which all has room; in the last one some is left out. */
const DETAILS: readonly [Detail, ...Detail[]] = [
  { least: 4, messageChars: 400, fieldsChars: 400 },
  { least: 2, messageChars: 400, fieldsChars: 300 },
  { least: 2, messageChars: 160, fieldsChars: 120 },
  { least: 2, messageChars: 120, fieldsChars: 40, bare: true },
];
/** Lines of a stack trace in a message. */
const MESSAGE_LINES = 5;
/** For the head and what is left out. */
const HEAD_CHARS = 340;

/** What is said once for all lines. */
interface Common {
  readonly labels: Labels;
  readonly level?: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** A fold as it is shown. */
interface Shown {
  readonly fold: Fold;
  readonly text: string;
}

/**
 * Lines for the model, oldest first: `TIME {labels} level message name=value …`. What all lines share stands once; lines
 * that say the same are folded. When not all fit, each kind of line keeps one before any keeps more.
 * @param limit how many lines were asked for: as many as that came back means that there may be older ones
 */
export function logText(entries: readonly LogEntry[], limit: number, roomChars: number): string {
  const lines = saidLines(entries);
  let common: Common = { labels: {}, fields: new Map() };
  let shown: Shown[] = [];
  for (const detail of DETAILS) {
    const folds = foldLines(lines, detail.least);
    common = commonOf(folds);
    shown = folds.map((fold) => ({ fold, text: lineOf(fold, common, detail) }));
    if (sizeOf(shown) + headOf(common).length + HEAD_CHARS <= roomChars) break;
  }
  const kept = chosen(shown, roomChars - headOf(common).length - HEAD_CHARS);
  const reached =
    entries.length >= limit
      ? `; the limit of ${limit} is reached: these are the newest, older lines of the range may exist`
      : '';
  const head = `result: lines, ${entries.length} found, oldest first${reached}${leftOut(shown, kept)}${headOf(common)}`;
  return [head, ...kept.map(({ text }) => text)].join('\n');
}

/** All lines as they came, one a line; undefined where the text shows them so. */
export function fullLines(entries: readonly LogEntry[], text: string): string | undefined {
  const lines = entries.map(
    ({ nanos, labels, line }) => `${nanoTime(nanos)} ${formatLabels(labels, Infinity)} ${oneLine(line)}`,
  );
  const shown = text.split('\n').filter((line) => /^\d{4}-\d\d-\d\dT/.test(line));
  const isWhole = ({ line }: LogEntry, i: number): boolean => shown[i]!.endsWith(` ${oneLine(line).trim()}`);
  const isShown = shown.length === entries.length && entries.every(isWhole);
  return isShown ? undefined : lines.join('\n');
}

/** Only where there are several to share it. */
function commonOf(folds: readonly Fold[]): Common {
  const [first] = folds;
  if (!first || folds.length === 1) return { labels: {}, fields: new Map() };
  const level = folds.every((fold) => fold.level === first.level) ? first.level : undefined;
  const labels = commonLabels(folds.map((fold) => fold.labels));
  return { labels, level, fields: sharedFields(folds.flatMap(({ lines }) => lines)) };
}

function headOf({ labels, level, fields }: Common): string {
  const texts = [
    ...(level ? [`level=${level}`] : []),
    ...Array.from(fields, ([name, value]) => fieldText(name, value)),
  ];
  return [
    ...(Object.keys(labels).length > 0 ? [`\ncommon labels: ${formatLabels(labels)}`] : []),
    ...(texts.length > 0 ? [`\ncommon fields: ${texts.join(' ')}`] : []),
  ].join('');
}

/** The message and the labels are those of the first line; the fields before `(differing:` are those of all. */
function lineOf(fold: Fold, common: Common, detail: Detail): string {
  const { labels, level, lines } = fold;
  const [first, last] = [lines[0]!, lines.at(-1)!];
  const shared = sharedFields(lines);
  const fields = [...shared].filter(([name]) => !common.fields.has(name));
  const message = clipped(oneLine(firstLines(first.message, MESSAGE_LINES)), detail.messageChars);
  const said = [level === common.level ? '' : (level ?? ''), message, fieldsText(fields, detail.fieldsChars)].filter(
    Boolean,
  );
  const text = `${labelText(withoutLabels(labels, common.labels))}${said.join(' ')}${detail.bare ? '' : differences(fold, shared)}`;
  /* a line that begins or ends as ours do must not be read as if it had labels, or stood for many */
  const open = text.startsWith('{') && Object.keys(withoutLabels(labels, common.labels)).length === 0 ? '{} ' : '';
  const count = lines.length;
  const often =
    count > 1 || /times, last at \S+\)$/.test(text) ? ` (${count} times, last at ${timeOf(last.nanos)})` : '';
  return `${timeOf(first.nanos)} ${open}${text}${often}`;
}

function fieldsText(fields: readonly (readonly [string, string])[], roomChars: number): string {
  const texts: string[] = [];
  let used = 0;
  for (const [name, value] of fields) {
    const text = fieldText(name, value);
    used += text.length + 1;
    if (used > roomChars && texts.length > 0) break;
    texts.push(text);
  }
  const more = fields.length - texts.length;
  return [...texts, ...(more > 0 ? [`(${more} more ${more === 1 ? 'field' : 'fields'})`] : [])].join(' ');
}

function sizeOf(shown: readonly Shown[]): number {
  return shown.reduce((sum, { text }) => sum + text.length + 1, 0);
}

/** One of each template before a second of any; among them what is worst, then what is newest. */
function chosen(shown: readonly Shown[], roomChars: number): readonly Shown[] {
  if (sizeOf(shown) <= roomChars) return shown;
  const newestFirst = shown.toSorted((a, b) => (lastOf(a) < lastOf(b) ? 1 : -1));
  const seen = new Set<string>();
  const isFirst = newestFirst.map(({ fold }) => !seen.has(fold.template) && Boolean(seen.add(fold.template)));
  const firsts = newestFirst.filter((_, i) => isFirst[i]).sort((a, b) => severity(b.fold) - severity(a.fold));
  const kept = new Set<Shown>();
  let used = 0;
  for (const one of [...firsts, ...newestFirst.filter((_, i) => !isFirst[i])]) {
    if (used + one.text.length + 1 > roomChars) continue;
    used += one.text.length + 1;
    kept.add(one);
  }
  return shown.filter((one) => kept.has(one));
}

function lastOf({ fold }: Shown): bigint {
  return fold.lines.at(-1)!.nanos;
}

const WORST = /\b(?:fatal|crit(?:ical)?|panic|emerg|alert)/i;
const BAD = /\b(?:err(?:or)?|exception|fail(?:ed|ure)?)\b/i;

function severity({ level, labels, lines }: Fold): number {
  const said = level ?? labels.level ?? labels.severity ?? lines[0]!.message.slice(0, 60);
  if (WORST.test(said)) return 3;
  if (BAD.test(said)) return 2;
  return /\bwarn/i.test(said) ? 1 : 0;
}

function leftOut(shown: readonly Shown[], kept: readonly Shown[]): string {
  if (kept.length === shown.length) return '';
  const count = (some: readonly Shown[]): number => some.reduce((sum, { fold }) => sum + fold.lines.length, 0);
  const [all, held] = [shown, kept].map((some) => new Set(some.map(({ fold }) => fold.template)).size);
  const kinds =
    all === held ? 'each kind of line is shown' : `${held} of ${all} kinds of line are shown, the worst first`;
  return `\nleft out to save room: ${count(shown) - count(kept)} lines; ${kinds}. Narrow by a label or a line filter, or search them with read_result`;
}

function timeOf(nanos: bigint): string {
  return new Date(Number(nanos / 1_000_000n)).toISOString();
}

/** RFC 3339 to the nanosecond: more than a Date holds. */
function nanoTime(nanos: bigint): string {
  return `${timeOf(nanos).slice(0, 19)}.${String(nanos % 1_000_000_000n).padStart(9, '0')}Z`;
}
