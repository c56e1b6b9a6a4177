/** More edits than this and it is another word, not a slip of the keys. */
const MAX_EDITS = 3;

/** The candidate that a misspelt word most likely means. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.min(MAX_EDITS, Math.floor(word.length / 3));
  return candidates
    .map((candidate) => ({ candidate, edits: edits(word, candidate) }))
    .filter((found) => found.edits <= limit)
    .sort((a, b) => a.edits - b.edits)[0]?.candidate;
}

/** Levenshtein's distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
