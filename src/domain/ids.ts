/** Makes the ids of everything Vigil stores. */
export abstract class Ids {
  /** A new ULID: 26 characters of Crockford's base 32, sortable by time of creation. */
  abstract next(): string;
}
