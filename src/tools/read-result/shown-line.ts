import { beginning } from '../../domain/clipped';
import { countInWords } from '../../domain/in-words';

/** Of a line that is cut around a word, the part of the room that its beginning gets: it says when, and whose it is. */
const HEAD_SHARE = 0.3;
/** No number or name is cut in two, unless it is longer. */
const WORD_CHARS = 40;

/** A line as it is, or what is too long cut around the first hit, so that its beginning still tells whose it is. */
export function shownLine(line: string, needle: string, maxChars: number): string {
  if (line.length <= maxChars) return line;
  const cut = `… (of ${countInWords(line.length, 'character')})`;
  const room = maxChars - cut.length - 3;
  const at = needle === '' ? 0 : Math.max(0, hitIn(line, needle));
  if (at + needle.length <= room - WORD_CHARS) return wordsOnly(beginning(line, room)) + cut;
  const head = wordsOnly(beginning(line, Math.floor(room * HEAD_SHARE)));
  return `${head} … ${around(line, at, needle.length, room - head.length)}${cut}`;
}

/** Where a plain text stands in a line, whatever its case; -1: nowhere. */
export function hitIn(line: string, needle: string): number {
  return line.toLowerCase().indexOf(needle.toLowerCase());
}

/** @param at where the hit is */
function around(line: string, at: number, hitChars: number, maxChars: number): string {
  const start = Math.max(0, at - Math.floor((maxChars - hitChars) / 2));
  const before = line.slice(start, at).replace(/^[\w.+-]{1,40}/, '');
  const behind = wordsOnly(line.slice(at + hitChars, start + maxChars));
  return (before + line.slice(at, at + hitChars) + behind).toWellFormed();
}

function wordsOnly(text: string): string {
  return text.replace(/[\w.+-]{1,40}$/, '');
}
