import type { Change } from './change';
import { changeLine } from './change-line';
import { clipped } from './clipped';
import { countInWords } from './in-words';
import { cleanText } from './outside-text';

const MOST_COMMITS = 5;
const TITLE_CHARS = 200;
const LINE_CHARS = 200;
const MOST_FILES = 10;
const FILE_CHARS = 100;

/** Stands before each line of a change's details: none of them can pass for the line of a change. */
const QUOTED = '    | ';

/** How much is told of changes. Characters. */
export interface Telling {
  readonly maxChars: number;
  /** So many of the nearest are told with their details before the others get a line. */
  readonly nearest: number;
  /** Details of at most so many characters are shown whole. */
  readonly wholeChars: number;
  /** So much of larger ones. */
  readonly firstChars: number;
  /** Where what is missing of them is. */
  readonly rest: string;
}

export interface ToldChange {
  readonly change: Change;
  readonly lines: readonly string[];
  /** Nothing of its names, files and details is left out. */
  readonly whole: boolean;
}

/**
 * The changes as lines, in their order, each with its details where there is room. The lines of the nearest come first
 * into the room, then what they changed, then the others: a title convicts nobody.
 * @param changes the nearest to the start first
 * @returns those that have a line
 */
export function toldChanges(changes: readonly Change[], startsAt: Date, telling: Telling): ToldChange[] {
  const told = new Map<Change, ToldChange>();
  let room = telling.maxChars;
  /** Puts lines in the place of what is told of a change so far, if there is room for them. */
  const tell = (change: Change, lines: readonly string[], whole: boolean): boolean => {
    const more = charsOf(lines) - charsOf(told.get(change)?.lines ?? []);
    if (more > room) return false;
    told.set(change, { change, lines, whole });
    room -= more;
    return true;
  };
  for (const group of [changes.slice(0, telling.nearest), changes.slice(telling.nearest)]) {
    for (const change of group) {
      tell(change, [...headOf(change, startsAt), ...detailsLeftOut(change)], isBare(change) && isShort(change));
    }
    for (const change of group.filter((one) => !isBare(one) && told.has(one))) {
      const head = headOf(change, startsAt);
      const isSmall = (change.details?.length ?? 0) <= telling.wholeChars;
      const isTold = isSmall && tell(change, [...head, ...detailsWhole(change)], isShort(change));
      if (!isTold) tell(change, [...head, ...detailsBegun(change, telling)], false);
    }
  }
  return changes.flatMap((change) => told.get(change) ?? []);
}

/** All of a change, one thing a line. */
export function wholeChange(change: Change, startsAt: Date): string[] {
  const { files, url, labels, details = '' } = change;
  return [
    changeLine(change, startsAt),
    ...files.map((file) => `    file: ${JSON.stringify(cleanText(file))}`),
    ...(url ? [`    url: ${JSON.stringify(cleanText(url))}`] : []),
    ...Object.entries(labels).map(([name, value]) => `    label ${JSON.stringify(name)}: ${JSON.stringify(value)}`),
    ...(details ? linesOf(details).map((line) => QUOTED + line) : []),
  ];
}

function isBare({ details, files }: Change): boolean {
  return !details && files.length === 0;
}

/** Neither its title, its commits nor its files are cut when it is told. */
function isShort({ title, commits, files }: Change): boolean {
  const filesFit = files.length <= MOST_FILES && files.every((file) => file.length <= FILE_CHARS);
  return title.length <= TITLE_CHARS && commits.length <= MOST_COMMITS && filesFit;
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

/** A diff names its files itself. */
function detailsWhole({ details, files }: Change): string[] {
  const lines = details ? linesOf(details) : [];
  return [...(filesInDiff(lines).length > 0 ? [] : filesOf(files)), ...lines.map((line) => QUOTED + line)];
}

/** The files, the first lines, and what is missing. */
function detailsBegun({ details = '', files }: Change, { firstChars, rest }: Telling): string[] {
  const lines = linesOf(details);
  const first: string[] = [];
  let chars = 0;
  for (const line of lines.map((whole) => QUOTED + clipped(whole, LINE_CHARS))) {
    chars += line.length + 1;
    if (chars > firstChars) break;
    first.push(line);
  }
  const all = `${countInWords(lines.length, 'line')}, ${countInWords(details.length, 'character')}`;
  return [
    ...filesOf(files.length > 0 ? files : filesInDiff(lines)),
    ...first,
    `    (the first ${first.length} of ${all}; ${rest})`,
  ];
}

function filesOf(files: readonly string[]): string[] {
  if (files.length === 0) return [];
  const shown = files.slice(0, MOST_FILES).map((file) => JSON.stringify(clipped(cleanText(file), FILE_CHARS)));
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
