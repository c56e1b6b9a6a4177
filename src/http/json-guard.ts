/*
 * Looks at a body before `JSON.parse` does. What it lets through costs little to parse, to walk and to write down again:
 * deep nesting ends the stack of everything recursive (`JSON.stringify` too), and an object of a million keys takes
 * seconds and a hundred times its bytes.
 */

/** A real body has four. */
const MAX_LEVELS = 64;
/** A real alert has some twenty: 10,000 alerts in one body pass. */
const MAX_ENTRIES = 500_000;
const MAX_KEYS_OF_ONE_OBJECT = 10_000;

/** What a body has too much of, as a sentence for its sender. */
export interface JsonExcess {
  readonly code: 'webhook.too_deep' | 'webhook.too_many_keys';
  readonly detail: string;
}

const TOO_DEEP: JsonExcess = {
  code: 'webhook.too_deep',
  detail: `The body is nested more than ${MAX_LEVELS} levels deep.`,
};
const TOO_MANY_ENTRIES: JsonExcess = {
  code: 'webhook.too_many_keys',
  detail: `The body holds more than ${MAX_ENTRIES} keys and values: send less at once.`,
};
const TOO_MANY_KEYS: JsonExcess = {
  code: 'webhook.too_many_keys',
  detail: `One object of the body has more than ${MAX_KEYS_OF_ONE_OBJECT} keys.`,
};

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * One pass over the bytes of JSON in UTF-8, which ends at the first excess. It does not check the syntax: in what is no
 * JSON at all it may find anything, and whatever it finds is refused in any case.
 */
export function jsonExcess(bytes: Uint8Array): JsonExcess | undefined {
  const keysAt = new Uint32Array(MAX_LEVELS + 1);
  let level = 0;
  let entries = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    switch (bytes[i]!) {
      case QUOTE:
        i = endOfString(bytes, i);
        break;
      case COLON:
        keysAt[level]! += 1;
        if (keysAt[level]! > MAX_KEYS_OF_ONE_OBJECT) return TOO_MANY_KEYS;
        break;
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        level += 1;
        if (level > MAX_LEVELS) return TOO_DEEP;
        keysAt[level] = 0;
        entries += 1;
        break;
      case COMMA:
        // Every key and every element stands behind a comma or a bracket: together they are the upper bound.
        entries += 1;
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        if (level > 0) level -= 1;
        break;
    }
    if (entries > MAX_ENTRIES) return TOO_MANY_ENTRIES;
  }
  return undefined;
}

/** @returns the place of the quote that ends the string which begins at `start` */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let i = start + 1; i < bytes.length; i += 1) {
    if (bytes[i] === BACKSLASH) i += 1;
    else if (bytes[i] === QUOTE) return i;
  }
  return bytes.length;
}
