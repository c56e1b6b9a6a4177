import type { Labels } from '../domain/alert';
import { clipped } from '../domain/clipped';
import { cleanText } from '../domain/outside-text';

/** Characters of one result, some 3,000 tokens: fifteen of them leave room in the budget of a triage. */
export const MAX_RESULT_CHARS = 12_000;
/** Of one label's value; a whole SQL statement as a label tells no more than its beginning. */
const MAX_LABEL_CHARS = 200;

/** At least four significant digits, whole numbers whole: `0.1234`, `12.35`, `1795461609`, `1.795e+13`. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  if (size >= 1e12) return value.toPrecision(4);
  if (Number.isInteger(value)) return String(value);
  return size >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4)));
}

/** `name{a="b", c="d"}`, sorted by name, a value at most 200 characters. */
export function formatLabels(labels: Labels): string {
  const pairs = Object.keys(labels)
    .filter((name) => name !== '__name__')
    .sort()
    .map((name) => `${name}=${JSON.stringify(clipped(labels[name]!, MAX_LABEL_CHARS))}`);
  return `${labels.__name__ ?? ''}{${pairs.join(', ')}}`;
}

/** What all label sets share; nothing when there is only one: it is shown with its labels. */
export function commonLabels(all: readonly Labels[]): Labels {
  const [first, ...rest] = all;
  if (!first || rest.length === 0) return {};
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => rest.every((l) => l[name] === value)));
}

export function withoutLabels(labels: Labels, taken: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !(name in taken)));
}

/**
 * `{a="b", c="d"}` as far as there is room, and how many labels are left out: thirty labels of two hundred characters
 * each would leave none for what they belong to.
 */
export function fitLabels(labels: Labels, roomChars: number): string {
  const names = Object.keys(labels).sort();
  let shown = formatLabels(labels);
  let count = names.length;
  while (shown.length > roomChars && count > 0) {
    count -= 1;
    shown = formatLabels(Object.fromEntries(names.slice(0, count).map((name) => [name, labels[name]!])));
  }
  return count === names.length ? shown : `${shown} and ${names.length - count} more labels`;
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
