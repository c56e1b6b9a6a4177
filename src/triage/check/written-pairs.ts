import type { NumberFigure } from './figure';
import type { ReadText, SentLine } from './sent-line';
import { formOf } from './written-number';

export type TwoNumbers = readonly [NumberFigure, NumberFigure];

/** `from 100 to 2,500`, `50 -> 5`. */
export function adjacentPairs(line: SentLine): TwoNumbers[] {
  const numbers = numbersOf(line);
  return numbers.slice(1).flatMap((b, i): TwoNumbers[] => {
    const a = numbers[i]!;
    return /^[^\d]{0,3}(?:\bto\b|->|=>|→)[^\d]{0,3}$/.test(line.text.slice(a.at + a.text.length, b.at)) ? [[a, b]] : [];
  });
}

const OUT = /^[\s|]*-(?!-)/;
const PUT = /^[\s|]*\+(?!\+)/;

/** A line of a diff that is taken out, and the one that stands for it: under the same key, or right behind it. */
export function replacedPairs(line: SentLine, { lines }: ReadText): TwoNumbers[] {
  const isOut = OUT.test(line.text);
  if (!line.names.includes('\n') || (!isOut && !PUT.test(line.text))) return [];
  const at = lines.indexOf(line);
  const near = isOut ? lines.slice(at + 1, at + 12) : lines.slice(Math.max(0, at - 11), at).toReversed();
  const others = near.filter(({ text }) => (isOut ? PUT : OUT).test(text));
  const other = others.find(({ text }) => keyOf(text) !== '' && keyOf(text) === keyOf(line.text)) ?? others[0];
  const [a, b] = [numbersOf(line)[0], other && numbersOf(other)[0]];
  return a && b ? [isOut ? [a, b] : [b, a]] : [];
}

function keyOf(text: string): string {
  return /([A-Za-z_][\w.-]{0,60})["']?\s?[=:]/.exec(text)?.[1] ?? '';
}

function numbersOf(line: SentLine): NumberFigure[] {
  return line.figures.filter((one): one is NumberFigure => one.kind === 'number');
}

/** Of more lines of one form some two are any two numbers. */
const MAX_LOGGED = 8;

/** `129 queued` of one log line and `903 queued` of a later one: what a program says twice, in its order. */
export function loggedPairs(line: SentLine, text: ReadText): TwoNumbers[] {
  if (!isStamped(line)) return [];
  const alike = formsOf(text).get(formOf(line.text)) ?? [];
  if (alike.length > MAX_LOGGED) return [];
  const at = alike.indexOf(line);
  return alike.flatMap((other, i) => {
    if (i === at) return [];
    const [earlier, later] = i < at ? [other, line] : [line, other];
    const behind = numbersOf(later);
    return numbersOf(earlier).flatMap((a, nth): TwoNumbers[] => (behind[nth] ? [[a, behind[nth]]] : []));
  });
}

const cache = new WeakMap<ReadText, ReadonlyMap<string, readonly SentLine[]>>();

/** The log lines of a text, those of one form together. */
function formsOf(text: ReadText): ReadonlyMap<string, readonly SentLine[]> {
  const known = cache.get(text);
  if (known) return known;
  const forms = Map.groupBy(text.lines.filter(isStamped), (line) => formOf(line.text));
  cache.set(text, forms);
  return forms;
}

function isStamped({ kind, figures: [first] }: SentLine): boolean {
  return kind === 'words' && first?.kind === 'moment' && first.at === 0;
}
