import { PLACE } from './line-template';

const MOST_PIECES = 4;
const LEAST_PIECE_CHARS = 3;
const MOST_CHARS = 200;

/**
 * What is the same in all lines of a template, as far as it stands in this line as it is: the longest pieces of it. They
 * keep every line of the template, and may keep others.
 */
export function constantPieces(template: string, line: string): string[] {
  const pieces = template
    .split(PLACE)
    /* JSON escapes them in the line; a message and its error are two fields of it */
    .flatMap((piece) => piece.split(/["'\\]|: | \(status /))
    .map((piece) => piece.slice(0, MOST_CHARS).toWellFormed().trim())
    .filter((piece) => piece.length >= LEAST_PIECE_CHARS && line.includes(piece));
  return [...new Set(pieces)].toSorted((a, b) => b.length - a.length).slice(0, MOST_PIECES);
}
