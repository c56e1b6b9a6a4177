import { clipped } from '../domain/clipped';

/** In UTF-16 units: at most 3 bytes each, and an entry of an index holds 2,704 bytes at most (PostgreSQL's limit). */
const MAX_CHARS = 500;

/**
 * A triage's name, as it is stored and looked up. The label is whole in the firing; here it is indexed, and one name too
 * long for the index would make the whole body fail, and Alertmanager send it again for ever.
 */
export function storedAlertName(name: string): string {
  return clipped(name, MAX_CHARS);
}
