/** A stretch of a text, from character `start` up to `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

const SENTENCE_END = /[.!?]["')\]]*\s+(?=[\p{Lu}\p{N}"'(`[])|\n+/gu;
const CLAUSE_END =
  /[;()]\s?|:\s|,\s|\s[–—]\s|\s-\s|\s(?:and|while|but|whereas|which|because|when|whenever|although|though|so that|as soon as|yet|versus|vs\.?|compared (?:to|with)|against|not|than)\s/giu;

export function sentencesOf(text: string): Stretch[] {
  return split(text, { start: 0, end: text.length }, SENTENCE_END);
}

/** What a sentence says one after the other: a figure belongs to what is named in its own. */
export function clausesOf(text: string, sentence: Stretch): Stretch[] {
  return split(text, sentence, CLAUSE_END);
}

function split(text: string, whole: Stretch, boundary: RegExp): Stretch[] {
  const parts: Stretch[] = [];
  let start = whole.start;
  for (const { index, 0: mark } of text.slice(whole.start, whole.end).matchAll(boundary)) {
    parts.push({ start, end: whole.start + index });
    start = whole.start + index + mark.length;
  }
  return [...parts, { start, end: whole.end }].filter(({ start: from, end }) => end > from);
}

export function holds(stretch: Stretch, at: number): boolean {
  return at >= stretch.start && at < stretch.end;
}
