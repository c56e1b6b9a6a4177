import * as sealed from '../http/sealed-cursor';
import type { ListPosition, TriageFilter } from './ports/triage-reader';

/** What a cursor is signed for; the word keeps a signature made for something else from passing. */
const PURPOSE = 'vigil.triage-list.v1';

/** The place where a list goes on, as an opaque word that only this list takes: signed together with its filters. */
export function sealCursor(position: ListPosition, filter: TriageFilter, key: Uint8Array): string {
  return sealed.sealCursor(`${position.createdAt} ${position.id}`, listOf(filter), key);
}

/** @returns undefined for what this list has not given: garbled, made up, or a cursor of other filters */
export function openCursor(cursor: string, filter: TriageFilter, key: Uint8Array): ListPosition | undefined {
  const place = sealed.openCursor(cursor, listOf(filter), key);
  if (place === undefined) return undefined;
  const [createdAt = '', id = ''] = place.split(' ');
  return { createdAt, id };
}

function listOf(filter: TriageFilter): unknown[] {
  const { status, outcome, alertName, fingerprint, severity, since, until } = filter;
  return [PURPOSE, status, outcome, alertName, fingerprint, severity, since, until];
}
