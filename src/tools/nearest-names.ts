import { slipsBetween } from '../domain/meant-name';

/** Of a name that was written, what is compared. */
const MAX_CHARS = 200;
/** Shorter ones are a part of too many names. */
const LEAST_PART_CHARS = 3;
/** Share of the pairs of neighbouring letters that two names have in common: less than this is chance. */
const LEAST_LIKENESS = 0.4;

/**
 * Those of the names that are most like what was written, the nearest first: misspelt, then one that holds the other
 * (`checkout-api` for `checkout`), then those that look like it (`requests_payments_total` for `payments_requests`).
 * One pass over them, however many there are.
 */
export function nearestNames(written: string, names: Iterable<string>, most: number): string[] {
  const wanted = written.slice(0, MAX_CHARS).toLowerCase();
  const pairs = new Set(Array.from({ length: Math.max(0, wanted.length - 1) }, (_, i) => wanted.slice(i, i + 2)));
  const found: { readonly name: string; readonly rank: Rank }[] = [];
  for (const name of names) {
    const rank = rankOf(wanted, pairs, name.toLowerCase());
    if (rank) found.push({ name, rank });
  }
  return found
    .sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1] || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

/** In what it is like the other, and how far it is from it. */
type Rank = readonly [kind: number, distance: number];

function rankOf(wanted: string, pairs: ReadonlySet<string>, name: string): Rank | undefined {
  const slips = slipsBetween(wanted, name);
  if (slips !== undefined) return [0, slips];
  const [short, long] = wanted.length < name.length ? [wanted, name] : [name, wanted];
  if (short.length >= LEAST_PART_CHARS && long.includes(short)) return [1, long.length - short.length];
  const likeness = likenessOf(pairs, name);
  return likeness >= LEAST_LIKENESS ? [2, 1 - likeness] : undefined;
}

function likenessOf(pairs: ReadonlySet<string>, name: string): number {
  const compared = name.slice(0, MAX_CHARS);
  let shared = 0;
  for (let i = 0; i + 1 < compared.length; i += 1) if (pairs.has(compared.slice(i, i + 2))) shared += 1;
  return (2 * shared) / Math.max(1, pairs.size + compared.length - 1);
}
