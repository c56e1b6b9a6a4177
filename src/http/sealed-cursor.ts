import { createHmac, timingSafeEqual } from 'node:crypto';

const SIGNATURE_BYTES = 16;

/**
 * The place where a list goes on, as an opaque word that only this list takes.
 * @param list what it is signed together with: the list's name and its filters
 */
export function sealCursor(place: string, list: readonly unknown[], key: Uint8Array): string {
  return Buffer.concat([signature(place, list, key), Buffer.from(place)]).toString('base64url');
}

/** @returns the place; undefined for what this list has not given: garbled, made up, or a cursor of other filters */
export function openCursor(cursor: string, list: readonly unknown[], key: Uint8Array): string | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  // Node skips what is not in the alphabet: only the one spelling that we gave is ours.
  if (bytes.length <= SIGNATURE_BYTES || bytes.toString('base64url') !== cursor) return undefined;
  const place = bytes.subarray(SIGNATURE_BYTES).toString();
  const signed = timingSafeEqual(signature(place, list, key), bytes.subarray(0, SIGNATURE_BYTES));
  return signed ? place : undefined;
}

function signature(place: string, list: readonly unknown[], key: Uint8Array): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([...list, place]))
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}
