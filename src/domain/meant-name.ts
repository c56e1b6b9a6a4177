import { editDistance } from './edit-distance';

/** Longer names are no slips of the keys; and to compare them costs the product of their lengths. */
const MAX_CHARS = 100;

/** The one of the known names that a misspelt one most likely means, its case aside; undefined where none is that near. */
export function meantName(written: string, known: Iterable<string>): string | undefined {
  let nearest: { readonly name: string; readonly edits: number } | undefined;
  for (const name of known) {
    const edits = slipsBetween(written, name);
    if (edits !== undefined && edits < (nearest?.edits ?? Infinity)) nearest = { name, edits };
  }
  return nearest?.name;
}

/** How many letters differ, their case aside; undefined where more than a quarter of them do: it is another word. */
export function slipsBetween(written: string, name: string): number | undefined {
  if (written.length > MAX_CHARS || name.length > MAX_CHARS) return undefined;
  const allowed = Math.max(1, Math.floor(written.length / 4));
  const edits = editDistance(written.toLowerCase(), name.toLowerCase(), allowed);
  return edits <= allowed ? edits : undefined;
}
