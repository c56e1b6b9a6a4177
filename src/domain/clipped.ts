import { countInWords } from './in-words';

/** The beginning of a text. A character that the cut would halve is replaced: JSON and Postgres take no half of one. */
export function beginning(text: string, maxChars: number): string {
  return text.slice(0, maxChars).toWellFormed();
}

/** The beginning of a text that is too long, and how much of it is missing. */
export function clipped(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return `${beginning(text, maxChars)}… (${countInWords(text.length - maxChars, 'more character')})`;
}
