import type { Change } from './change';
import { durationInWords } from './in-words';
import { cleanText } from './outside-text';

/** What a change is known by, as a line told it to the model. */
export interface ShownChange {
  readonly source: string;
  readonly id: string;
  readonly revision?: string;
  readonly version?: string;
  readonly commits: readonly string[];
  readonly beforeStart: boolean;
}

/**
 * A change as one line for the model: `- deploy, 12 min before the start (2026-11-24T03:00:00Z), source "github", id
 * "812", service "payments", revision "9f3c2e1": Deploy payments 2.14.0`. What others wrote stands in quotes, and the
 * title last: no text of theirs can pass for one of the names before it.
 */
export function changeLine(change: Change, startsAt: Date): string {
  const { kind, at, title } = change;
  const names: readonly (readonly [string, string | undefined])[] = [
    ['source', change.source],
    ['id', change.id],
    ['service', change.service],
    ['environment', change.environment],
    ['version', change.version],
    ['revision', change.revision],
    ['before it', change.previousRevision],
    ...change.commits.map((commit) => ['commit', commit] as const),
    ['author', change.author],
  ];
  const told = names.flatMap(([name, value]) => (value ? [`${name} ${JSON.stringify(line(value))}`] : []));
  return `- ${kind}, ${whenInWords(at, startsAt)} (${at.toISOString().replace('.000Z', 'Z')}), ${told.join(', ')}: ${line(title)}`;
}

const LINE =
  /^- (?:deploy|commit|flag|config|incident|other), .*? (before|after) the start \(\S+\)((?:, [a-z ]+ "(?:[^"\\]|\\.)*")*): /;
const NAMED = /, ([a-z ]+) ("(?:[^"\\]|\\.)*")/g;

/** Reads what `changeLine` wrote; undefined for any other line. */
export function readChangeLine(text: string): ShownChange | undefined {
  const [, side, names] = LINE.exec(text) ?? [];
  if (!names) return undefined;
  const told = Array.from(names.matchAll(NAMED), ([, name, value]) => [name!, JSON.parse(value!) as string] as const);
  const one = (name: string): string | undefined => told.find(([of]) => of === name)?.[1];
  const [source, id] = [one('source'), one('id')];
  if (!source || !id) return undefined;
  const commits = told.filter(([name]) => name === 'commit').map(([, value]) => value);
  return { source, id, revision: one('revision'), version: one('version'), commits, beforeStart: side === 'before' };
}

/** `12 min before the start`. */
export function whenInWords(at: Date, startsAt: Date): string {
  const ms = startsAt.getTime() - at.getTime();
  return `${durationInWords(Math.abs(ms))} ${ms >= 0 ? 'before' : 'after'} the start`;
}

function line(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}
