import { hitIn, shownLine } from './shown-line';

/** Which lines of a text are asked for. */
export interface Wanted {
  /** From 1. */
  readonly from: number;
  readonly limit: number;
  /** Plain text that a line must hold, whatever its case; empty: every line. */
  readonly needle: string;
}

/** Lines that were asked for and fit the room. */
export interface Chosen {
  readonly texts: readonly string[];
  /** Their numbers, from 1; lines that are shown for the sake of those below them have none. */
  readonly numbers: readonly number[];
  /** How many lines hold the needle, before `from` too. */
  readonly hits: number;
  /** The line to go on with; absent: nothing comes after. */
  readonly next?: number;
}

/** A line gets so much, even where many are to be shown. */
const LEAST_LINE_CHARS = 500;

interface Hit {
  readonly at: number;
  /** The line that this one is indented under. */
  readonly above?: number;
}

export function chosenLines(lines: readonly string[], wanted: Wanted, roomChars: number): Chosen {
  const { needle, from, limit } = wanted;
  const all = hitsIn(lines, needle);
  const asked = all.filter(({ at }) => at >= from - 1);
  const some = asked.slice(0, limit);
  const lineChars = Math.min(roomChars - 1, Math.max(LEAST_LINE_CHARS, Math.floor(roomChars / some.length) - 1));
  const texts: string[] = [];
  const numbers: number[] = [];
  let room = roomChars;
  let shownAbove: number | undefined;
  for (const { at, above } of some) {
    const isNew = above !== undefined && above !== shownAbove && needle !== '';
    const told = [
      ...(isNew ? [shownLine(lines[above]!, '', LEAST_LINE_CHARS)] : []),
      shownLine(lines[at]!, needle, lineChars),
    ];
    room -= told.reduce((sum, text) => sum + text.length + 1, 0);
    if (room < 0 && numbers.length > 0) break;
    texts.push(...(room < 0 ? told.slice(-1) : told));
    numbers.push(at + 1);
    shownAbove = above ?? at;
  }
  const next = asked[numbers.length];
  return { texts, numbers, hits: all.length, next: next && next.at + 1 };
}

/** Read once from the front: a line that is indented belongs to the last one that is not. */
function hitsIn(lines: readonly string[], needle: string): Hit[] {
  const hits: Hit[] = [];
  let above: number | undefined;
  lines.forEach((line, at) => {
    const isIndented = line.startsWith('    ');
    if (!isIndented) above = at;
    if (needle === '' || hitIn(line, needle) >= 0) hits.push({ at, above: isIndented ? above : undefined });
  });
  return hits;
}

/** `3, 7 to 12`: at most `most` of them. */
export function rangesOf(numbers: readonly number[], most: number): string {
  const ranges: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const open = ranges.at(-1);
    if (open && number === open.last + 1) open.last = number;
    else ranges.push({ first: number, last: number });
  }
  const told = ranges.slice(0, most).map(({ first, last }) => (first === last ? `${first}` : `${first} to ${last}`));
  return told.join(', ') + (ranges.length > most ? ' …' : '');
}
