import type { SentText } from '../../domain/sent-texts';
import { foreignWords } from './foreign-words';
import { bracePairs, type LabelPair } from './labels';
import { bodyOf, type SentTexts } from './sent-body';

/** Labels that name what a series or a line belongs to. */
const OWNER =
  /\b(?:service|service_name|app|job|component|container|deployment|database|pod|instance|node|namespace|queue|topic|cluster|host)\s*(=~|=)\s*"([^"\\]{1,100})"/g;
const OF_ALERT = /^label (?:service|app|job|component|instance|pod|node|host|queue|database): (.{1,100})$/gm;
const OF_CHANGE = /^- \w+, .*?, service "([^"\\]{1,100})"/gm;
const NOT_THESE = /\w+\s*!(?:=|~)\s*"[^"]*"/g;

/** Of a pattern only what is a plain name, or a choice of plain names. An instance is known without its port too. */
export function ownersIn(text: string): string[] {
  return Array.from(positive(text).matchAll(OWNER), ([, operator, value]) =>
    operator === '=' ? withoutPort(value!) : value!.split('|').filter((one) => /^[\w-]+$/.test(one)),
  ).flat();
}

function withoutPort(name: string): string[] {
  const bare = name.replace(/:\d{1,5}$/, '');
  return bare === name ? [name] : [name, bare];
}

/** `job="node"`: what many a sentence says without speaking of it. */
const GENERIC = new Set(
  'node pod job service app web api db database queue default prod production main server host cluster'.split(' '),
);

const cache = new WeakMap<SentTexts, readonly string[]>();

/** The services and other owners, as labels anywhere in what was sent name them. */
function knownOwners(sent: SentTexts): readonly string[] {
  const known = cache.get(sent);
  if (known) return known;
  const all = [...sent.values()].flatMap(({ text }) => [
    ...ownersIn(text),
    ...Array.from(text.matchAll(OF_ALERT), ([, name]) => withoutPort(name!)).flat(),
    ...Array.from(text.matchAll(OF_CHANGE), ([, name]) => name!),
  ]);
  const owners = [...new Set(all)].filter((name) => !GENERIC.has(name));
  cache.set(sent, owners);
  return owners;
}

/** Those that a sentence speaks of. */
export function subjectsOf(sentence: string, sent: SentTexts): string[] {
  return knownOwners(sent).filter((name) => hasWord(sentence, name));
}

/** The query of a tool call, in the model's words. */
export function queryOf({ input }: SentText): string {
  const query = (input as { query?: unknown } | null | undefined)?.query;
  return typeof query === 'string' ? query : '';
}

/** Without the matchers that leave something out. */
export function positive(text: string): string {
  return text.replace(NOT_THESE, '');
}

/** What a query asks, without whom it asks about. */
export function askedIn(query: string): string {
  return positive(query).replace(OWNER, ' ');
}

/** In braces, or of a pattern's line its fields before the message. */
const OWN_LABELS = /^(?:common labels: |\d{4}-\S+ |\w*)\{.*?\}(?=\s|$)|^[a-z]+ count=\d\S*(?: \w+=\S+)*/gm;

/** What tells whose a result is: the labels of its lines and what its query selects, no word of a log line. */
export function labelsOf(sent: SentText): string {
  const braces = bodyOf(sent).match(OWN_LABELS) ?? [];
  return positive([...braces, bodyOf(sent).trim() === '' || sent.status !== 'ok' ? '' : queryOf(sent)].join('\n'));
}

export function hasOneOf(text: string, names: readonly string[]): boolean {
  return names.length === 0 || names.some((name) => hasWord(text, name));
}

/** As a word of its own: `pay` does not stand in `payments`. */
export function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!/[\w-]/.test(text[at - 1] ?? '') && !/[\w-]/.test(text[at + word.length] ?? '')) return true;
  }
  return false;
}

const NAMES_OWNER = /^(?:common labels: )?\{|\{[^{}]*="|^[a-z]+ count=\d[^:]*(?::\d[^:]*)* service="/;

/**
 * The owners that a claim names and the quoted lines do not, where they name others: then the lines tell of somebody
 * else. Undefined: nothing speaks against it.
 */
export function strangersTo(
  claim: string,
  lines: readonly string[],
  cited: SentText,
  sent: SentTexts,
): string[] | undefined {
  const claimed = subjectsOf(claim, sent);
  if (claimed.length === 0 || lines.length === 0) return undefined;
  const own = lines.map(withoutQuotedWords).join('\n');
  const common = bodyOf(cited).match(/^common labels: .*$/m)?.[0] ?? '';
  const selected =
    lines.some((line) => NAMES_OWNER.test(line)) && ownersIn(own).length > 0 ? '' : positive(queryOf(cited));
  const around = cited.status === undefined ? cited.text : `${own}\n${common}\n${selected}`;
  const named = knownOwners(sent).filter((name) => hasWord(around, name));
  if (named.length === 0 || claimed.some((name) => named.includes(name))) return undefined;
  return named;
}

/**
 * The value of a label that the quoted lines have, where the claim names another one that a line of the same text has:
 * `pending` beside `{phase="Running"}`.
 */
export function otherValue(claim: string, lines: readonly string[], cited: SentText): string | undefined {
  const said = claim.toLowerCase();
  const isSaid = (value: string): boolean => /^[\p{L}][\w.-]{3,}$/u.test(value) && hasWord(said, value.toLowerCase());
  const own = new Map<string, string[]>();
  for (const [name, value] of lines.flatMap(labelsOfLine)) own.set(name, [...(own.get(name) ?? []), value]);
  const conflict = bodyOf(cited)
    .split('\n')
    .flatMap(labelsOfLine)
    .find(([name, value]) => {
      const values = own.get(name);
      return values && !values.includes(value) && isSaid(value) && !values.some(isSaid);
    });
  return conflict && `${conflict[0]} ${own.get(conflict[0])!.join(', ')}`;
}

/** Of the line's own braces, which stand at its beginning or behind its time. */
function labelsOfLine(line: string): LabelPair[] {
  const [, braces] = /^(?:\d{4}-\S+ )?[\w:]*(\{[^{}]{0,2000}\})/.exec(line) ?? [];
  return braces ? bracePairs(braces) : [];
}

function withoutQuotedWords(line: string): string {
  return foreignWords(line).reduce((text, words) => text.replaceAll(words, ' '), line);
}
