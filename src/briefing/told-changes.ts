import type { Change } from '../domain/change';
import { changeLine } from '../domain/change-line';
import { clipped } from '../domain/clipped';
import { countInWords } from '../domain/in-words';
import { cleanText } from '../domain/outside-text';

/** So many of the nearest are told with their details before the others get a line. */
const NEAR = 5;
const MOST_COMMITS = 5;
const TITLE_CHARS = 200;
/** A diff of at most so many characters is shown whole. */
const WHOLE_CHARS = 1_500;
/** Of a larger one. */
const FIRST_LINES_CHARS = 500;
const LINE_CHARS = 200;
const MOST_FILES = 10;

/** Stands before each line of a change's details: none of them can pass for the line of a change. */
const QUOTED = '    | ';

export interface ToldChanges {
  readonly lines: readonly string[];
  /** Those that have a line. */
  readonly told: readonly Change[];
}

/**
 * The changes as lines, in their order, each with its details where there is room. The lines of the nearest come first
 * into the room, then what they changed, then the others: a title convicts nobody.
 * @param changes the nearest to the start first
 */
export function toldChanges(changes: readonly Change[], startsAt: Date, maxChars: number): ToldChanges {
  const texts = new Map<Change, readonly string[]>();
  let room = maxChars;
  /** Puts lines in the place of what is told of a change so far, if there is room for them. */
  const tell = (change: Change, lines: readonly string[]): boolean => {
    const more = charsOf(lines) - charsOf(texts.get(change) ?? []);
    if (more > room) return false;
    texts.set(change, lines);
    room -= more;
    return true;
  };
  for (const group of [changes.slice(0, NEAR), changes.slice(NEAR)]) {
    for (const change of group) tell(change, [...headOf(change, startsAt), ...detailsLeftOut(change)]);
    for (const change of group.filter((one) => one.details && texts.has(one))) {
      const head = headOf(change, startsAt);
      if (!tell(change, [...head, ...detailsWhole(change)])) tell(change, [...head, ...detailsBegun(change)]);
    }
  }
  const told = changes.filter((change) => texts.has(change));
  return { told, lines: told.flatMap((change) => texts.get(change)!) };
}

function headOf(change: Change, startsAt: Date): string[] {
  const { commits } = change;
  const shown = { ...change, title: clipped(change.title, TITLE_CHARS), commits: commits.slice(0, MOST_COMMITS) };
  const left = commits.length - MOST_COMMITS;
  return [changeLine(shown, startsAt), ...(left > 0 ? [`    (${countInWords(left, 'more commit')}, not shown)`] : [])];
}

function detailsLeftOut({ details }: Change): string[] {
  return details ? [`    (details: ${countInWords(details.length, 'character')}, not shown here)`] : [];
}

/** @returns what is too large begun only */
function detailsWhole(change: Change): string[] {
  const { details = '' } = change;
  return details.length > WHOLE_CHARS ? detailsBegun(change) : linesOf(details).map((line) => QUOTED + line);
}

/** The files, the first lines, and what is missing. */
function detailsBegun({ details = '', files }: Change): string[] {
  const lines = linesOf(details);
  const first: string[] = [];
  let chars = 0;
  for (const line of lines.map((whole) => QUOTED + clipped(whole, LINE_CHARS))) {
    chars += line.length + 1;
    if (chars > FIRST_LINES_CHARS) break;
    first.push(line);
  }
  const all = `${countInWords(lines.length, 'line')}, ${countInWords(details.length, 'character')}`;
  return [
    ...filesOf(files.length > 0 ? files : filesInDiff(lines)),
    ...first,
    `    (the first ${first.length} of ${all}; the rest is not shown here)`,
  ];
}

function filesOf(files: readonly string[]): string[] {
  if (files.length === 0) return [];
  const shown = files.slice(0, MOST_FILES).map((file) => JSON.stringify(clipped(file, LINE_CHARS / 4)));
  const left = files.length - shown.length;
  return [`    files: ${shown.join(', ')}${left > 0 ? ` and ${countInWords(left, 'more file')}` : ''}`];
}

/** `+++ b/src/amount.js`: what a unified diff says of each file. */
function filesInDiff(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /^\+\+\+ (?:b\/)?(\S.*)$/.exec(line)?.[1] ?? []);
}

function linesOf(text: string): string[] {
  return cleanText(text)
    .trimEnd()
    .split(/\r\n?|\n/);
}

function charsOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}
