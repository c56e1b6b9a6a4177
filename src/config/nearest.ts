import { editDistance } from '../domain/edit-distance';

/** More edits than this and it is another word, not a slip of the keys. */
const MAX_EDITS = 3;

/** The candidate that a misspelt word most likely means. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.min(MAX_EDITS, Math.floor(word.length / 3));
  return candidates
    .map((candidate) => ({ candidate, edits: editDistance(word, candidate) }))
    .filter((found) => found.edits <= limit)
    .sort((a, b) => a.edits - b.edits)[0]?.candidate;
}
