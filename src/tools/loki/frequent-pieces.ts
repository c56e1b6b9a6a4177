import { constantPieces } from './constant-pieces';
import { lineMessage } from './line-message';
import { lineTemplate } from './line-template';
import type { ReadLine } from './read-lines';

/** A form is frequent that so large a part of the lines has. */
const FREQUENT = 0.02;
const MOST_FORMS = 8;
/** Shorter ones stand in too many other lines. */
const LEAST_CHARS = 8;

/** For each of the most frequent forms of these lines a text that all lines of the form hold. */
export function frequentPieces(lines: readonly ReadLine[]): string[] {
  const forms = Map.groupBy(lines, ({ entry }) => lineTemplate(lineMessage(entry.line).message));
  const frequent = Array.from(forms)
    .filter(([, of]) => of.length >= lines.length * FREQUENT)
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, MOST_FORMS);
  const pieces = frequent.flatMap(([template, of]) => constantPieces(template, of[0]!.entry.line).slice(0, 1));
  return [...new Set(pieces)].filter((piece) => piece.length >= LEAST_CHARS);
}
