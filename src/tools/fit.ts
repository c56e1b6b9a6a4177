import type { Labels } from '../domain/alert';
import { beginning, clipped } from '../domain/clipped';
import { cleanText } from '../domain/outside-text';

/** Of one label's value; a whole SQL statement as a label tells no more than its beginning. */
const MAX_LABEL_CHARS = 200;
/** Of it where the labels of a series are too long together. */
const SHORT_LABEL_CHARS = 40;

/** At least four significant digits, whole numbers whole: `0.1234`, `12.35`, `1795461609`, `1.795e+13`. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  if (size >= 1e12) return value.toPrecision(4);
  if (Number.isInteger(value)) return String(value);
  return size >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4)));
}

/** Whether `formatNumber` takes nothing away. */
export function isShownWhole(value: number): boolean {
  return !Number.isFinite(value) || Number(formatNumber(value)) === value;
}

/** As Prometheus writes it, every digit. */
export function exactNumber(value: number): string {
  return Number.isFinite(value) ? String(value) : formatNumber(value);
}

/** `name{a="b", c="d"}`, sorted by name, a value at most 200 characters. */
export function formatLabels(labels: Labels, maxValueChars = MAX_LABEL_CHARS): string {
  const { name, pairs } = partsOf(labels, (value) => clipped(value, maxValueChars));
  return `${name}{${pairs.join(', ')}}`;
}

/** The same in at most so many characters: long values are cut, then labels left out and counted. */
export function formatLabelsWithin(labels: Labels, maxChars: number): string {
  const whole = formatLabels(labels);
  if (whole.length <= maxChars) return whole;
  const cut = (value: string): string =>
    value.length > SHORT_LABEL_CHARS ? `${beginning(value, SHORT_LABEL_CHARS)}…` : value;
  const { name, pairs } = partsOf(labels, cut);
  const front = name.length > maxChars / 2 ? `${beginning(name, Math.floor(maxChars / 2))}…` : name;
  let room = maxChars - front.length - 28;
  const kept: string[] = [];
  for (const pair of pairs) {
    room -= pair.length + 2;
    if (room < 0) break;
    kept.push(pair);
  }
  const left = pairs.length - kept.length;
  return `${front}{${[...kept, ...(left > 0 ? [`…="${left} more labels"`] : [])].join(', ')}}`;
}

/** Names that need no quotation marks; another one, which Prometheus 3 allows, could hold a line of our own form. */
const PLAIN_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const PLAIN_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

function partsOf(labels: Labels, shown: (value: string) => string): { name: string; pairs: string[] } {
  const metric = labels.__name__ ?? '';
  const inFront = metric === '' || (PLAIN_METRIC.test(metric) && metric.length <= MAX_LABEL_CHARS);
  const pairs = Object.keys(labels)
    .filter((name) => name !== '__name__' || !inFront)
    .sort()
    .map(
      (name) =>
        `${PLAIN_LABEL.test(name) ? name : JSON.stringify(clipped(name, MAX_LABEL_CHARS))}=${JSON.stringify(shown(labels[name]!))}`,
    );
  return { name: inFront ? metric : '', pairs };
}

/** What all label sets share; nothing when there is only one: it is shown with its labels. */
export function commonLabels(all: readonly Labels[]): Labels {
  const [first, ...rest] = all;
  if (!first || rest.length === 0) return {};
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => rest.every((l) => l[name] === value)));
}

/** The line of a result on what all share, if they share anything: `common labels: {job="shop"}`. */
export function commonLine(common: Labels, maxChars: number): string[] {
  return Object.keys(common).length > 0 ? [`common labels: ${formatLabelsWithin(common, maxChars)}`] : [];
}

export function withoutLabels(labels: Labels, taken: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !(name in taken)));
}

/** As many lines from the front as the room holds. */
export function takeLines(lines: readonly string[], roomChars: number): readonly string[] {
  let used = 0;
  let count = 0;
  for (const line of lines) {
    used += line.length + 1;
    if (used > roomChars) break;
    count += 1;
  }
  return lines.slice(0, count);
}

/** Text that others wrote, as a part of one of our lines: it can begin no line of its own. */
export function asOneLine(text: string, maxChars: number): string {
  return clipped(cleanText(text).replace(/\s+/g, ' ').trim(), maxChars);
}
