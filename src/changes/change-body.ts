import { createHash } from 'node:crypto';
import { type Change, CHANGE_KINDS } from '../domain/change';
import { Rejected } from '../domain/errors';
import { ChangeFields } from './change-fields';

const MAX_CHANGES = 1_000;
const FAULTS_SHOWN = 10;

/** Who says so, where a post does not say. */
const DEFAULT_SOURCE = 'api';
/** Characters. Both stand in the table's key, and an index holds no more. */
const MAX_SOURCE = 100;
const MAX_ID = 400;

const MAX_TITLE = 1_000;
const MAX_AUTHOR = 200;
const MAX_FILE = 500;

/**
 * Reads a posted body: one change, or an array of them. Unknown fields are tolerated. Where two of a body have the same
 * source and id, the later one counts.
 * @throws Rejected (400) that names each change and field that cannot be read; then nothing of the body counts
 */
export function parseChanges(body: unknown): Change[] {
  if (typeof body !== 'object' || body === null) {
    throw new Rejected(
      400,
      'changes.not_readable',
      'The body is neither a change nor an array of changes. Send {"kind": "deploy", "at": "2026-11-23T19:00:00Z", "title": "…"}.',
    );
  }
  const entries = (Array.isArray(body) ? body : [body]) as readonly unknown[];
  if (entries.length > MAX_CHANGES) {
    throw new Rejected(400, 'changes.too_many', `The body holds more than ${MAX_CHANGES} changes: send less at once.`);
  }
  const faults: string[] = [];
  const changes = entries.flatMap((entry, i) => {
    const read = readChange(entry);
    if (!isFaults(read)) return [read];
    faults.push(...read.map((fault) => (Array.isArray(body) ? `[${i}].${fault}` : fault)));
    return [];
  });
  if (faults.length > 0) throw new Rejected(400, 'changes.invalid', sentenceOf(faults));
  return [...new Map(changes.map((change) => [JSON.stringify([change.source, change.id]), change])).values()];
}

function isFaults(read: Change | readonly string[]): read is readonly string[] {
  return Array.isArray(read);
}

function sentenceOf(faults: readonly string[]): string {
  const more = faults.length - FAULTS_SHOWN;
  const shown = faults.slice(0, FAULTS_SHOWN).join('; ');
  return `Nothing was stored: ${shown}${more > 0 ? `; and ${more} more` : ''}.`;
}

/** @returns the change, or its faults */
function readChange(raw: unknown): Change | readonly string[] {
  const fields = new ChangeFields(isObject(raw) ? raw : {});
  const source = fields.name('source', MAX_SOURCE) ?? DEFAULT_SOURCE;
  const id = fields.name('id', MAX_ID);
  const kind = fields.oneOf('kind', CHANGE_KINDS);
  const at = fields.time('at');
  const title = fields.requiredText('title', MAX_TITLE);
  const rest = {
    service: fields.name('service'),
    environment: fields.name('environment'),
    author: fields.text('author', MAX_AUTHOR),
    revision: fields.name('revision'),
    previousRevision: fields.name('previous_revision'),
    commits: fields.names('commits'),
    version: fields.name('version'),
    files: fields.texts('files', MAX_FILE),
    details: fields.details('details'),
    url: fields.url('url'),
    labels: fields.labels('labels'),
  };
  if (kind === undefined || at === undefined || title === undefined || fields.faults.length > 0) return fields.faults;
  const change = { kind, at, title, ...rest };
  return { source, id: id ?? digestOf(source, change), ...change };
}

/** The same post again is the same change, though it does not name itself. */
function digestOf(source: string, { labels, ...change }: Omit<Change, 'source' | 'id'>): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => [name, labels[name]]);
  return createHash('sha256')
    .update(JSON.stringify([source, change, pairs]))
    .digest('hex')
    .slice(0, 32);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
