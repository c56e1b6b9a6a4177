import type { Misfit } from './promql-place';
import { parsePromql } from './promql-tree';

/** The text with strings and comments blanked out, character by character; or the string that does not end. */
type Blanked = { readonly kind: 'blanked'; readonly text: string } | { readonly kind: 'open'; readonly at: number };

function blanked(query: string): Blanked {
  let text = '';
  let at = 0;
  while (at < query.length) {
    const letter = query[at]!;
    const end = letter === '#' ? endOfLine(query, at) : isQuote(letter) ? endOfString(query, at, letter) : at + 1;
    if (end < 0) return { kind: 'open', at };
    /* a string stays one as far as brackets and words around it are concerned */
    text += end === at + 1 ? letter : letter === '#' ? ' '.repeat(end - at) : `"${'s'.repeat(end - at - 2)}"`;
    at = end;
  }
  return { kind: 'blanked', text };
}

function isQuote(letter: string): boolean {
  return letter === '"' || letter === "'" || letter === '`';
}

function endOfLine(query: string, at: number): number {
  const end = query.indexOf('\n', at);
  return end < 0 ? query.length : end;
}

/** @returns the place behind the closing mark; -1 when there is none. Only a string in back quotes goes over lines. */
function endOfString(query: string, open: number, quote: string): number {
  for (let at = open + 1; at < query.length; at += 1) {
    if (query[at] === quote) return at + 1;
    if (quote === '`') continue;
    if (query[at] === '\n') return -1;
    if (query[at] === '\\') at += 1;
  }
  return -1;
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' };
const NAMES: Readonly<Record<string, string>> = {
  '(': 'left parenthesis',
  '{': 'left brace',
  '[': 'left bracket',
  ')': 'right parenthesis',
  '}': 'right brace',
  ']': 'right bracket',
};

/** What no version and no dialect of PromQL can read, seen without a parser; undefined: nothing of that kind. */
export function scanPromql(query: string): Misfit | undefined {
  const found = blanked(query);
  if (found.kind === 'open') {
    const mend = closedString(query, found.at);
    return { at: found.at, what: 'parse error: unterminated quoted string', ...(mend && { mend }) };
  }
  const { text } = found;
  return (
    logql(query, text) ?? variable(text) ?? unpaired(query, text) ?? operators(query, text) ?? windows(query, text)
  );
}

/** Places that are tried for a closing mark: a query has few brackets behind an open string. */
const MAX_CLOSINGS = 40;

/** With the mark, and what else is not closed, at the first place where the whole can be read: `{a="b}` is `{a="b"}`. */
function closedString(query: string, open: number): string | undefined {
  const quote = query[open]!;
  const end = quote === '`' ? query.length : endOfLine(query, open);
  const closings = Array.from(query.slice(open, end).matchAll(/[)}\],]/g), ({ index }) => open + index);
  for (const at of [...closings.slice(0, MAX_CLOSINGS), end]) {
    const closed = query.slice(0, at) + quote + query.slice(at);
    const found = blanked(closed);
    if (found.kind === 'open') continue;
    const gap = unpaired(closed, found.text);
    const whole = gap ? gap.mend : closed;
    if (whole !== undefined && parsePromql(whole)) return whole;
  }
  return undefined;
}

/** A pipe stands nowhere in PromQL. */
function logql(query: string, text: string): Misfit | undefined {
  const at = text.indexOf('|');
  if (at < 0) return undefined;
  if (text[at + 1] === '|') {
    return { at, what: "parse error: unexpected character: '|'", mend: withWord(query, at, 2, 'or') };
  }
  return {
    at,
    what: 'a pipe is LogQL; this tool reads PromQL',
    hint: 'logs are read with query_logs (where it is offered); to count with metrics use rate(name_total{…}[5m])',
  };
}

/** What a dashboard fills in, nobody does here. */
function variable(text: string): Misfit | undefined {
  const match = /\$\{?\w+|\[\[\w+\]\]|\{\{/.exec(text);
  if (!match) return undefined;
  const hint = /interval|range/.test(match[0]) ? 'a window written out, [5m]' : 'the value itself';
  return {
    at: match.index,
    what: `"${match[0]}" is a variable of a dashboard or a template and has no value here`,
    hint,
  };
}

function unpaired(query: string, text: string): Misfit | undefined {
  const open: { readonly letter: string; readonly at: number }[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]!;
    if (letter in CLOSING) open.push({ letter, at });
    else if (letter === ')' || letter === '}' || letter === ']') {
      const last = open.pop();
      if (last && CLOSING[last.letter] === letter) continue;
      if (!last) return { at, what: `parse error: unexpected ${NAMES[letter]}, nothing opened it` };
      return {
        at,
        what: `parse error: unexpected ${NAMES[letter]}: the ${NAMES[last.letter]} at character ${last.at + 1} is still open`,
      };
    }
  }
  if (open.length === 0) return undefined;
  const missing = open.toReversed().map(({ letter }) => CLOSING[letter]!);
  const what = `parse error: unclosed ${NAMES[open.at(-1)!.letter]}`;
  /* not behind a comment: it would be a part of it */
  const end = text.trimEnd().length;
  return { at: end, what, mend: query.slice(0, end) + missing.join('') + query.slice(end).trimEnd() };
}

/** A sign as the word that stands for it. */
function withWord(query: string, at: number, length: number, word: string): string {
  const [before, behind] = [query.slice(0, at), query.slice(at + length)];
  return `${before}${/\s$/.test(before) ? '' : ' '}${word}${/^\s/.test(behind) ? '' : ' '}${behind}`;
}

/** MetricsQL: `WITH (name = …) …` defines names and functions of its own. */
export function definesNames(text: string): boolean {
  return /^\s*with\s*\(/i.test(text);
}

/** `&&`, `a = b`, `{a=="b"}`. */
function operators(query: string, text: string): Misfit | undefined {
  const replaced = (at: number, length: number, by: string): string =>
    query.slice(0, at) + by + query.slice(at + length);
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]!;
    if (letter === '{') depth += 1;
    if (letter === '}') depth -= 1;
    if (letter === '&') {
      const length = text[at + 1] === '&' ? 2 : 1;
      return {
        at,
        what: "parse error: unexpected character: '&'",
        mend: withWord(query, at, length, 'and'),
      };
    }
    if (letter !== '=') continue;
    const isDouble = text[at + 1] === '=';
    const isAlone = !isDouble && text[at + 1] !== '~' && !/[=!<>]/.test(text[at - 1] ?? '');
    if (depth > 0 && isDouble)
      return { at, what: 'parse error: unexpected "=" in label matching', mend: replaced(at, 2, '=') };
    if (depth === 0 && isAlone && !definesNames(text))
      return { at, what: 'parse error: unexpected "="', mend: replaced(at, 1, '==') };
    if (isDouble) at += 1;
  }
  return undefined;
}

const UNITS: Readonly<Record<string, string>> = {
  min: 'm',
  mins: 'm',
  minute: 'm',
  minutes: 'm',
  M: 'm',
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  S: 's',
  hr: 'h',
  hrs: 'h',
  hour: 'h',
  hours: 'h',
  H: 'h',
  day: 'd',
  days: 'd',
  D: 'd',
  week: 'w',
  weeks: 'w',
  W: 'w',
};

/** `[5min]`, `[5 m]`, `offset 1hour`. */
function windows(query: string, text: string): Misfit | undefined {
  const match = /(\[|:|\boffset\s{1,9}-?)(\s{0,9})(\d{1,9})(\s{0,9})([A-Za-z]{1,9})(?=\s{0,9}(?:[\]:)]|$|\s))/g;
  for (const { index, 1: before, 2: gap, 3: count, 4: between, 5: unit } of text.matchAll(match)) {
    const isKnown = /^(?:ms|[smhdwy])$/.test(unit!);
    const right = isKnown ? unit : UNITS[unit!];
    if (!right || (isKnown && between === '')) continue;
    /* a colon stands in names, too: `errors:5min` */
    if (before === ':' && text.lastIndexOf('[', index) <= text.lastIndexOf(']', index)) continue;
    const at = index + before!.length + gap!.length;
    const length = count!.length + between!.length + unit!.length;
    const mend = query.slice(0, at) + count! + right + query.slice(at + length);
    return {
      at,
      what: `parse error: bad duration "${query.slice(at, at + length)}": units are ms, s, m, h, d, w, y`,
      mend,
    };
  }
  return undefined;
}
