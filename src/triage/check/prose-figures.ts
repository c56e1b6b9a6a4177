import { type Figure, type Leeway, type NumberFigure, type TokenFigure } from './figure';
import { momentAt } from './prose-moments';
import { perSecondsAt, unitAt } from './units';
import { wordFigureAt } from './word-figures';

/**
 * Every figure of a text, in its order: moments (`12:03`, `2026-11-24T12:03:15Z`), numbers with what stands at them
 * (`~34.1 %`, `1,234`, `3 min 20 s`, `12 errors per minute`), words that count (`doubled`, `half of`), and tokens that
 * hold digits (`v2.14.0`, `9f3c2e1`, `web-1`). What names no fact is none: `1st`, `IPv4`, `two hypotheses`.
 *
 * @param machine the text is one that a program wrote: there a space parts two numbers
 */
export function figuresIn(text: string, machine = false): Figure[] {
  const found: Figure[] = [];
  let end = 0;
  for (const { index } of text.matchAll(WORD_START)) {
    if (index < end) continue;
    const figure = figureAt(text, index, machine);
    if (!figure) continue;
    end = index + (figure.passed ?? 0);
    if (!('kind' in figure)) continue;
    found.push(figure);
    end = figure.at + figure.text.length;
  }
  return found;
}

const WORD_START = /(?<![\p{L}\p{N}_])[\p{L}\p{N}]/gu;

type Reading = (Figure & { readonly passed?: undefined }) | { readonly passed: number };

function figureAt(text: string, at: number, machine: boolean): Reading | undefined {
  const digit = /\d/.test(text[at]!);
  const moment = momentAt(text, at);
  return (
    (moment && { ...moment, about: isAbout(text, at) }) ??
    tokenAt(text, at) ??
    (digit ? numberAt(text, at, machine) : undefined) ??
    wordsAt(text, at)
  );
}

function isAbout(text: string, at: number): boolean {
  return leewayBefore(text, at) === 'about' || leewayBefore(text, at) === 'almost';
}

/** `more than doubled`, `nearly tripled`. */
function wordsAt(text: string, at: number): Figure | undefined {
  const word = wordFigureAt(text, at);
  return word && { ...word, leeway: leewayBefore(text, at) };
}

const CHUNK = /[\p{L}\p{N}_][\p{L}\p{N}_.:/#+-]*/uy;
/** Names that hold a digit and say nothing of this system. */
const ORDINARY =
  /^(?:k8s|s3|ec2|ipv[46]|http\/[123](?:\.\d)?|http[23]|h2|oauth2|utf-?8|utf-?16|base64|sha-?\d+|md5|x86(?:_64)?|amd64|arm64|log4j|l[47]|layer-?[47]|iso-?8601|rfc-?\d+|i18n|gp[23]|b2b|tls1\.[23]|p[1-5]|sev-?[1-5]|\d+(?:st|nd|rd|th))$/i;
const STATUSES = /^(?:4(?:00|01|03|04|08|09|13|22|29)|50[0-4])s$/;

/** A word that holds digits and letters, or digits in three parts: neither a number nor an ordinary word. */
function tokenAt(text: string, at: number): TokenFigure | { readonly passed: number } | undefined {
  CHUNK.lastIndex = at;
  const chunk = CHUNK.exec(text)?.[0].replace(/[.:/#+-]+$/, '') ?? '';
  if (!/\d/.test(chunk)) return undefined;
  if (ORDINARY.test(chunk)) return { passed: chunk.length };
  if (STATUSES.test(chunk)) return { kind: 'token', text: chunk.slice(0, 3), at, token: chunk.slice(0, 3) };
  if (/^\d+(?:\.\d+){2,}/.test(chunk)) return { kind: 'token', text: chunk, at, token: chunk };
  if (!/\p{L}|_/u.test(chunk) || isNumber(chunk)) return undefined;
  // `status=503` and `took:12ms` of a program's line begin with a name that the number does not belong to.
  const name = /^[\p{L}_]+:(?=\d)/u.exec(chunk);
  if (name) return { passed: name[0].length };
  return { kind: 'token', text: chunk, at, token: chunk };
}

/** A number with its unit, several of them (`1h30m`, `0.2-0.4s`), or one that counts what a hyphen adds (`3-node`). */
function isNumber(chunk: string): boolean {
  if (/^\d+-\p{Ll}+$/u.test(chunk)) return true;
  let at = 0;
  while (at < chunk.length) {
    BARE.lastIndex = at;
    const number = BARE.exec(chunk);
    if (!number) return false;
    at += number[0].length;
    const unit = unitAt(chunk, at) ?? shortUnitAt(chunk, at);
    if (unit) at = unit.end;
    const per = /^\/(?:s|sec|min|m|h|d)\b/.exec(chunk.slice(at, at + 5));
    if (per) at += per[0].length;
    if (at < chunk.length && /[-/]/.test(chunk[at]!) && /\d/.test(chunk[at + 1] ?? '')) at += 1;
    else if (at < chunk.length && !unit) return false;
  }
  return true;
}

const BARE = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SHORT = /(?:ms|[smhd])(?=\d)/y;

function shortUnitAt(chunk: string, at: number): { readonly end: number } | undefined {
  SHORT.lastIndex = at;
  const match = SHORT.exec(chunk);
  return match ? { end: at + match[0].length } : undefined;
}

const PROSE_NUMBER =
  /(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d|[.,:/-]\d|[\p{L}])|\d+(?:,\d{1,2}(?![\d,]))?)(?:\.\d+)?(?:[eE][+-]?\d+)?/uy;
const MACHINE_NUMBER = /(?:\d{1,3}(?:,\d{3})+(?![\d,\]])|\d+)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SHORT_DURATION = /(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?![\p{L}\p{N}])/uy;

function numberAt(text: string, at: number, machine: boolean): NumberFigure | undefined {
  const compound = compoundAt(text, at);
  if (compound) return compound;
  const pattern = machine ? MACHINE_NUMBER : PROSE_NUMBER;
  pattern.lastIndex = at;
  const written = pattern.exec(text)?.[0];
  if (written === undefined) return undefined;
  const plain = plainNumber(written);
  const unitFound = millicoresAt(text, at + written.length) ?? unitAt(text, at + written.length);
  const unitEnd = unitFound?.end ?? at + written.length;
  const factor =
    !unitFound &&
    /\bfactor (?:of )?(?:about |around |roughly |almost |~)?$/i.test(text.slice(Math.max(0, at - 24), at));
  const { dimension, scales } = unitFound?.unit ?? {
    dimension: factor ? ('factor' as const) : ('plain' as const),
    scales: [1],
  };
  const negative = !machine
    ? isNegative(text, at)
    : /[-−]/.test(text[at - 1] ?? '') && !/[\p{L}\p{N}_]/u.test(text[at - 2] ?? ' ');
  const begin = negative ? at - 1 : at;
  const perSeconds = dimension === 'duration' ? undefined : perSecondsAt(text, unitEnd);
  const value = Number(plain) * (negative ? -1 : 1);
  const bare = unitFound === undefined && !factor && perSeconds === undefined && Number.isInteger(value);
  return {
    kind: 'number',
    text: text.slice(begin, unitEnd),
    at: begin,
    dimension,
    value,
    half: halfOfLastDigit(plain),
    scales,
    perSeconds,
    leeway: machine ? 'exact' : leewayBefore(text, begin),
    inWords: false,
    bare,
  };
}

/** `413m of CPU`: thousandths of a core, where the words around it speak of one. */
function millicoresAt(text: string, end: number): ReturnType<typeof unitAt> {
  if (!/^m(?![\p{L}\p{N}])/u.test(text.slice(end, end + 2))) return undefined;
  if (!/\bcpu|\bcores?\b|throttl/i.test(text.slice(Math.max(0, end - 60), end + 30))) return undefined;
  return { unit: { dimension: 'plain', scales: [1e-3] }, end: end + 1 };
}

function plainNumber(written: string): string {
  const whole = written.replace(/[ \u00a0\u202f\u2009]/g, '');
  return /,\d{3}/.test(whole) ? whole.replaceAll(',', '') : whole.replace(',', '.');
}

/** A dash before a number is its sign only where nothing stands before the dash that it could part. */
function isNegative(text: string, at: number): boolean {
  return /[-−]/.test(text[at - 1] ?? '') && /^$|[\s(=:"'[,]/.test(text[at - 2] ?? '');
}

function halfOfLastDigit(plain: string): number {
  const [mantissa, exponent] = plain.toLowerCase().split('e');
  const decimals = mantissa!.split('.')[1]?.length ?? 0;
  return 0.5 * 10 ** (Number(exponent ?? 0) - decimals);
}

/** `1h30m`, and in prose `3 min 20 s`, `1 hour and 5 minutes`. */
function compoundAt(text: string, at: number): NumberFigure | undefined {
  SHORT_DURATION.lastIndex = at;
  const short = SHORT_DURATION.exec(text);
  if (short && short.slice(1).filter(Boolean).length > 1) {
    const [written, d, h, m, s] = short;
    const seconds = Number(d ?? 0) * 86_400 + Number(h ?? 0) * 3600 + Number(m ?? 0) * 60 + Number(s ?? 0);
    const precision = s !== undefined ? 1 : m !== undefined ? 60 : 3600;
    return duration(text, { at, written, seconds, precision });
  }
  LONG_DURATION.lastIndex = at;
  const long = LONG_DURATION.exec(text);
  if (!long) return undefined;
  const [written, large, largeUnit, small, smallUnit] = long;
  const scale = (unit: string): number =>
    unit[0] === 'h' ? 3600 : unit[0] === 'm' ? 60 : unit[0] === 'd' ? 86_400 : 1;
  const seconds = Number(large) * scale(largeUnit!) + Number(small) * scale(smallUnit!);
  return duration(text, { at, written, seconds, precision: 2 * scale(smallUnit!) * halfOfLastDigit(small!) });
}

const LONG_DURATION =
  /(\d+) ?(days?|d|hours?|hrs?|h|minutes?|mins?) (?:and )?(\d+(?:\.\d+)?) ?(hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?![\p{L}\p{N}])/uy;

function duration(
  text: string,
  found: { readonly at: number; readonly written: string; readonly seconds: number; readonly precision: number },
): NumberFigure {
  const { at, written, seconds, precision } = found;
  const leeway = leewayBefore(text, at);
  const half = precision / 2;
  return {
    kind: 'number',
    text: written,
    at,
    dimension: 'duration',
    value: seconds,
    half,
    scales: [1],
    leeway,
    inWords: false,
    bare: false,
  };
}

const LEEWAYS: readonly (readonly [Leeway, RegExp])[] = [
  ['almost', /(?:almost|nearly|just under|close to|not quite|just below) ?$/i],
  ['about', /(?:\babout|\baround|\broughly|\bapproximately|\bapprox\.?|\bcirca|\bca\.|\bsome|[~≈∼]) ?(?:a |the )?$/i],
  ['less', /(?:less than|under|below|at most|fewer than|no more than|within|<=?|≤) ?$/i],
  ['more', /(?:more than|\bover|above|at least|exceed(?:s|ed|ing)?|greater than|beyond|upwards of|>=?|≥) ?$/i],
];

/** What the words before a figure allow it to be. */
function leewayBefore(text: string, at: number): Leeway {
  const before = text.slice(Math.max(0, at - 24), at);
  return LEEWAYS.find(([, pattern]) => pattern.test(before))?.[0] ?? 'exact';
}
