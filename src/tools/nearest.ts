import { editDistance } from '../domain/edit-distance';

/** Longer names are compared by their beginnings: the distance of two costs the product of their lengths. */
const MAX_COMPARED_CHARS = 64;

/** The names that are most like what was written, nearest first: `checkout-api` before `cashier` for `checkout`. */
export function nearest(written: string, names: readonly string[], count: number): string[] {
  const wanted = written.toLowerCase().slice(0, MAX_COMPARED_CHARS);
  const ranked = names.map((name) => ({ name, distance: distanceOf(wanted, name.toLowerCase()) }));
  return ranked
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

/** One that holds the other is nearer than what is merely spelt alike. */
function distanceOf(wanted: string, name: string): number {
  const distance = editDistance(wanted, name.slice(0, MAX_COMPARED_CHARS));
  const holds = wanted !== '' && name !== '' && (name.includes(wanted) || wanted.includes(name));
  return holds ? Math.min(1, distance) : distance;
}
