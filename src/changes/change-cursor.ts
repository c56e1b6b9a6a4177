import { openCursor, sealCursor } from '../http/sealed-cursor';
import type { ChangeFilter, ChangePosition } from './ports/change-ledger';

/** What a cursor is signed for; the word keeps a signature made for something else from passing. */
const PURPOSE = 'vigil.change-list.v1';

/** The place where a list goes on, as an opaque word that only this list takes: signed together with its filters. */
export function sealChangeCursor({ at, source, id }: ChangePosition, filter: ChangeFilter, key: Uint8Array): string {
  return sealCursor(JSON.stringify([at, source, id]), listOf(filter), key);
}

/** @returns undefined for what this list has not given: garbled, made up, or a cursor of other filters */
export function openChangeCursor(cursor: string, filter: ChangeFilter, key: Uint8Array): ChangePosition | undefined {
  const place = openCursor(cursor, listOf(filter), key);
  if (place === undefined) return undefined;
  const [at, source, id] = JSON.parse(place) as [string, string, string];
  return { at, source, id };
}

function listOf({ service, kind, revision, since, until }: ChangeFilter): unknown[] {
  return [PURPOSE, service, kind, revision, since, until];
}
