import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ListPosition, TriageFilter } from './ports/triage-reader';

/** What a cursor is signed for; the word keeps a signature made for something else from passing. */
const PURPOSE = 'vigil.triage-list.v1';
const SIGNATURE_BYTES = 16;

/** The place where a list goes on, as an opaque word that only this list takes: signed together with its filters. */
export function sealCursor(position: ListPosition, filter: TriageFilter, key: Uint8Array): string {
  const place = `${position.createdAt} ${position.id}`;
  return Buffer.concat([signature(place, filter, key), Buffer.from(place)]).toString('base64url');
}

/** @returns undefined for what this list has not given: garbled, made up, or a cursor of other filters */
export function openCursor(cursor: string, filter: TriageFilter, key: Uint8Array): ListPosition | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  // Node skips what is not in the alphabet: only the one spelling that we gave is ours.
  if (bytes.length <= SIGNATURE_BYTES || bytes.toString('base64url') !== cursor) return undefined;
  const place = bytes.subarray(SIGNATURE_BYTES).toString();
  if (!timingSafeEqual(signature(place, filter, key), bytes.subarray(0, SIGNATURE_BYTES))) return undefined;
  const [createdAt = '', id = ''] = place.split(' ');
  return { createdAt, id };
}

function signature(place: string, filter: TriageFilter, key: Uint8Array): Buffer {
  const { status, outcome, alertName, fingerprint, severity, since, until } = filter;
  const parts = [PURPOSE, status, outcome, alertName, fingerprint, severity, since, until, place];
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest().subarray(0, SIGNATURE_BYTES);
}
