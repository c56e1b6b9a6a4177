import type { Bearings } from './bearings';
import type { NumberFigure } from './figure';
import type { Ground } from './ground';
import type { ReadText, SentLine } from './sent-line';
import { shared, stemsOf } from './topics';
import { keyBefore } from './written-number';

/** A line that may bear a figure out, with its text. */
export interface Candidate {
  readonly line: SentLine;
  readonly text: ReadText;
  readonly ground: Ground;
}

/** Whole numbers below this coincide with anything: a word next to them must agree. */
const COINCIDES_BELOW = 100;

/** Prometheus' own word for what people say in others. */
const UP = /\bup\b/;
const WORDS_OF_UP = 'target down answer reachable scraped';

/** A count needs its noun: in a program's line next to it, in a series in what is measured. */
export function isNamed(
  figure: NumberFigure,
  bearings: Bearings,
  found: Candidate & { readonly at?: number },
): boolean {
  if (!figure.bare) return true;
  const { line, text, at, ground } = found;
  if (at !== undefined && countsSomethingElse(line.text, at, bearings)) return false;
  if (ground.quotes(line, figure.value)) return true;
  if (at === undefined) {
    if (Math.abs(figure.value) >= COINCIDES_BELOW) return true;
    const of = `${text.expression} ${line.text.split('{')[0]} ${line.labels.map(([name]) => name).join(' ')}`;
    const measured = stemsOf(UP.test(of) ? `${of} ${WORDS_OF_UP}` : of);
    return shared(bearings.sentenceStems, measured) > 0;
  }
  const key = keyBefore(line.text, at);
  if (/status|code|^port$|^pid$|line/i.test(key) && shared(bearings.nearStems, stemsOf(key)) === 0) return false;
  if (shared(bearings.nearStems, stemsAround(line.text, at)) > 0) return true;
  if (Math.abs(figure.value) < COINCIDES_BELOW) return false;
  return ground.isQuoted(line) || shared(bearings.clauseStems, stemsOf(line.text)) > 0;
}

/** Whether it stands in a line of ours whose commas part one count from the next. */
function isAmongParts(text: string, at: number): boolean {
  if (text.startsWith('not changed: ')) return true;
  const open = text.lastIndexOf('(differing: ', at);
  const close = open < 0 ? -1 : text.indexOf(')', open);
  return open >= 0 && (close < 0 || close > at);
}

/** `50 messages; 5 pod`, `84 series`: a count of ours is of what stands beside it, whatever is quoted. */
function countsSomethingElse(text: string, at: number, { nearStems, clauseStems }: Bearings): boolean {
  const isOfSeries = /^\d+ series\b/.test(text.slice(at, at + 24)) || keyBefore(text, at) === 'series';
  if (isOfSeries) return shared(clauseStems, stemsOf('series')) === 0;
  const isCount = isAmongParts(text, at) && /^\d+ (?!times\b)[\p{L}_]+(?![\w=])/u.test(text.slice(at, at + 24));
  return isCount && shared(nearStems, stemsAround(text, at)) === 0;
}

/** The beginnings of the words next to a number of a line; in a line of parts those of its own. */
export function stemsAround(text: string, at: number): Set<string> {
  const [before, behind] = [text.slice(Math.max(0, at - 40), at), text.slice(at, at + 40)];
  if (!isAmongParts(text, at)) return stemsOf(`${before} ${behind}`);
  return stemsOf(`${/[^,;(]*$/.exec(before)![0]} ${/^[^,;)]*/.exec(behind)![0]}`);
}
