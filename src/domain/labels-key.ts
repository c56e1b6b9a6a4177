import type { Labels } from './alert';

/** One text for equal labels, in whatever order they come. */
export function labelsKey(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
