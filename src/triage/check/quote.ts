/** Below this a piece of text stands everywhere by chance. Characters. */
const QUOTE_MIN = 8;
/** Of a quote with an ellipsis: a piece this short must stand on one line with the others. Characters. */
const PIECE_MIN = 3;
/** What a quote may be longer than its text by, for white space. Characters. */
const SPACE_MAX = 1_000;
const NAME_AND_VALUE = /^[\w.-][\w. -]*[=:] ?\S/;
const ELLIPSIS = /\[?\.\.\.\]?/;

/** Long enough to show something: at least 8 characters, or a label with its value. */
export function isQuote(quote: string): boolean {
  const bare = quote.replace(/\s+/g, ' ').trim();
  return /\w/.test(bare) && (bare.length >= QUOTE_MIN || NAME_AND_VALUE.test(bare));
}

/**
 * Whether a quote stands literally in a text: case and every character count; white space, typographic quotes and
 * dashes, and the ways to write one number (`34.1 %`, `1,234`) do not. It cuts no number in two. An ellipsis joins two
 * literal pieces, in their order: on one line, or each long enough to be a quote of its own.
 */
export function standsIn(text: string, quote: string): boolean {
  if (quote.length > 2 * text.length + SPACE_MAX || !isQuote(quote)) return false;
  const whole = plain(text);
  return asGiven(quote).some((given) => endOf(whole, given, 0) >= 0 || joined(text, whole, given));
}

/** Models put a quote in quotation marks or backticks of their own. */
function asGiven(quote: string): string[] {
  const bare = plain(quote);
  const inside = /^(["'`])(.*)\1$/.exec(bare)?.[2];
  return inside && isQuote(inside) ? [bare, inside] : [bare];
}

function joined(text: string, whole: string, quote: string): boolean {
  const pieces = quote
    .split(ELLIPSIS)
    .map((piece) => piece.trim())
    .filter(Boolean);
  if (pieces.length !== 2 || pieces.some((piece) => piece.length < PIECE_MIN)) return false;
  if (pieces.every((piece) => piece.length >= QUOTE_MIN) && inOrder(whole, pieces)) return true;
  return text.split('\n').some((line) => inOrder(plain(line), pieces));
}

function inOrder(text: string, pieces: readonly string[]): boolean {
  let at = 0;
  return pieces.every((piece) => (at = endOf(text, piece, at)) >= 0);
}

/** Where the piece ends, or -1. A short one stands between words; no piece begins or ends within a number. */
function endOf(text: string, piece: string, from: number): number {
  for (let at = text.indexOf(piece, from); at >= 0; at = text.indexOf(piece, at + 1)) {
    const end = at + piece.length;
    const cutsNumber =
      (/^\d/.test(piece) && /\d\.?$/.test(text.slice(Math.max(0, at - 2), at))) ||
      (/\d$/.test(piece) && /^(?:\.?\d|e[+-]?\d)/.test(text.slice(end, end + 3)));
    const cutsWord =
      piece.length < QUOTE_MIN &&
      ((/^\w/.test(piece) && /\w/.test(text[at - 1] ?? '')) || (/\w$/.test(piece) && /\w/.test(text[end] ?? '')));
    if (!cutsNumber && !cutsWord) return end;
  }
  return -1;
}

/** One writing for all: what a model copies, and what a terminal or an editor makes of it. */
function plain(text: string): string {
  return text
    .replace(/[\u2018\u2019\u201a\u201b\u2032]/g, "'")
    .replace(/[\u201c-\u201f\u2033]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replaceAll('\u2026', '...')
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[^\w ])|(?<=[^\w ]) /g, '')
    .trim();
}
