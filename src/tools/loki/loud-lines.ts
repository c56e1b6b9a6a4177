/**
 * Words with which programs tell of a failure; plain text in lower case, so that Loki looks for them without a regular
 * expression. Warnings are none: where much goes wrong they are too many.
 */
const WORDS = [
  'error',
  'fatal',
  'panic',
  'critical',
  'severe',
  'exception',
  'traceback',
  'fail',
  'refused',
  'timed out',
  'denied',
  'killed',
  'out of memory',
  'exhausted',
  'unavailable',
  'cannot',
  'deadlock',
];

/** Behind a query: those of its lines that name a failure. */
export const LOUD_FILTER = `|~ "(?i)${WORDS.join('|')}"`;

const LOUD = new RegExp(WORDS.join('|'), 'i');

/** Whether LOUD_FILTER keeps a line. */
export function isLoud(line: string): boolean {
  return LOUD.test(line);
}

export function holdsOneOf(line: string, pieces: readonly string[]): boolean {
  return pieces.some((piece) => line.includes(piece));
}
