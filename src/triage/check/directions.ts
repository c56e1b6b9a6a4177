/** 1: the words say that it rose or is more; -1: that it fell or is less; absent: neither. */
export type Direction = 1 | -1;

const UP =
  /\b(?:ros[et]|rise\w*|rising|grew|grow\w*|climb\w*|jump\w*|increas\w*|soar\w*|surg\w*|spik\w*|went up|up|gain\w*|add(?:s|ed)|swell\w*|doubled|tripled|quadrupled)\b/gi;
const DOWN =
  /\b(?:fell|fall\w*|drop\w*|decreas\w*|shr[aiu]nk\w*|declin\w*|reduc\w*|cut|lost|los(?:es|ing)|went down|down|sank|lower\w*|dwindl\w*|halved)\b/gi;
const MORE =
  /^[^,;.\d]{0,16}\b(?:more|higher|larger|greater|longer|slower|above|over|worse|as (?:many|much|high|long|large|deep|often|slow))\b/i;
const LESS = /^[^,;.\d]{0,12}\b(?:less|lower|fewer|faster|shorter|smaller|below|under|reduction|drop|decrease)\b/i;

/** What the words on both sides of a figure say of its direction: what stands behind it first, else the last verb before. */
export function directionOf(before: string, behind: string): Direction | undefined {
  if (MORE.test(behind) || /(?:^|[\s(:])\+$/.test(before)) return 1;
  if (LESS.test(behind)) return -1;
  const [up, down] = [lastOf(before, UP), lastOf(before, DOWN)];
  return up === down ? undefined : up > down ? 1 : -1;
}

function lastOf(text: string, words: RegExp): number {
  return [...text.matchAll(words)].at(-1)?.index ?? -1;
}
