import type { SentText } from '../../domain/sent-texts';
import { foreignWords, withoutForeignWords } from './foreign-words';
import { instructionIn } from './instruction-in-data';
import { standsIn } from './quote';
import { bodyOf } from './sent-body';

/** What came back, read once: a sent text never changes. */
interface Facts {
  /** The lines that give no orders, beside what outsiders wrote into them: they must not silence a line. */
  readonly lines: readonly string[];
  readonly text: string;
  /** The same without the words of outsiders. */
  readonly own: string;
}

const cache = new WeakMap<SentText, Facts>();

export function factsOf(sent: SentText): Facts {
  const known = cache.get(sent);
  if (known) return known;
  const lines = bodyOf(sent)
    .split('\n')
    .filter((line) => !instructionIn(withoutForeignWords(line)));
  const facts = { lines, text: lines.join('\n'), own: lines.map(withoutForeignWords).join('\n') };
  cache.set(sent, facts);
  return facts;
}

/** The lines that a quote stands on, or that stand in it. */
export function quotedLines(sent: SentText, quote: string): string[] {
  const { lines } = factsOf(sent);
  const on = lines.filter((line) => standsIn(line, quote));
  return on.length > 0 ? on : lines.filter((line) => standsIn(quote, line));
}

/**
 * Whether a quote shows nothing but what an outsider wrote into the lines: it is a piece of it, or it holds it and the
 * claim takes its words from there.
 */
export function isForeign(sent: SentText, lines: readonly string[], quote: string, claim: string): boolean {
  const { own } = factsOf(sent);
  if (standsIn(own, quote)) return false;
  const words = lines.flatMap(foreignWords).map((one) => one.replace(/^\\*["']|\\*["']$/g, ''));
  const told = words.filter((one) => one.trim() !== '' && quote.includes(one));
  const rest = told.reduce((text, one) => text.replaceAll(one, ' '), quote);
  const without = lines.map((line) =>
    words.reduce((text, one) => (one.trim() ? text.replaceAll(one, ' ') : text), line),
  );
  if (!standsIn(without.join('\n'), rest)) return words.length > 0;
  if (!/\w{3}/.test(rest.replace(EMPTIED, ' '))) return words.length > 0;
  const known = wordsIn(rest);
  /* a token as `curl/8.1` makes no statement */
  return told
    .filter((one) => /[\s%+=?]/.test(one.trim()))
    .flatMap((one) => [...wordsIn(one)])
    .some((word) => !known.has(word) && wordsIn(claim).has(word));
}

/** `ua="   "`: what is left of a field whose value was taken out. */
const EMPTIED = /[\w.-]{1,60}(?:\\*["'])?\s?[=:]\s?(?:\\*["']|)\s*(?:\\*["']|$)/g;

/** The beginnings of the longer words: `broken` and `breaks` are told apart, `failed` and `fails` are not. */
export function wordsIn(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  return new Set(words.filter((word) => !COMMON.has(word)).map((word) => word.slice(0, 5)));
}

const COMMON = new Set(
  'that this with from have been were than then since about their which after before there every where when over into only more most some also each http https'.split(
    ' ',
  ),
);
