import { randomFillSync } from 'node:crypto';
import { ulid } from 'ulid';

/** The package asks the system for each of a ULID's sixteen random characters; a webhook of 100 alerts needs 200 ULIDs. */
const random = new Uint8Array(4096);
let used = random.length;

/** A new ULID, from the system's randomness, fetched in advance. */
export function newUlid(): string {
  return ulid(undefined, fraction);
}

function fraction(): number {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  return random[used++]! / 256;
}
