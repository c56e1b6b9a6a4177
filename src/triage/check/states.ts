import type { ReadText, SentLine } from './sent-line';

/**
 * `184 pods are pending`, of a result that tells `Running` and `Pending` apart: a series is not meant where the words
 * name another one by its label, and this one not.
 */
export function isOfAnotherState(line: SentLine, text: ReadText, clause: string, sentence: string): boolean {
  if (!line.series) return false;
  const apart = statesOf(text);
  return line.labels.some(([name, own]) => {
    const values = apart.get(name);
    if (!values) return false;
    const isNamed = (words: string): boolean => isNamedIn(own, name, words);
    const isOtherNamed = (words: string): boolean =>
      values.some((value) => value !== own && isNamedIn(value, name, words));
    if (isNamed(clause)) return false;
    return isOtherNamed(clause) || (isOtherNamed(sentence) && !isNamed(sentence));
  });
}

/** Whether the words name the label of the series by which its result tells it apart. */
export function isStateNamed({ labels }: SentLine, text: ReadText, words: string): boolean {
  const apart = statesOf(text);
  return labels.some(([name, own]) => apart.has(name) && isNamedIn(own, name, words));
}

/** Labels that are told apart by name or number, not by a word. */
const NO_WORDS = /^(?:le|quantile|instance|pod|host|node|version|revision|id)$/i;
const cache = new WeakMap<ReadText, ReadonlyMap<string, readonly string[]>>();

/** The values of the labels by which the series of a result differ. */
function statesOf(text: ReadText): ReadonlyMap<string, readonly string[]> {
  const known = cache.get(text);
  if (known) return known;
  const values = new Map<string, Set<string>>();
  for (const { series, labels } of text.lines) {
    if (!series) continue;
    for (const [name, value] of labels) values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  const apart = [...values].filter(([name, of]) => of.size > 1 && of.size <= MAX_STATES && !NO_WORDS.test(name));
  const read = new Map(apart.map(([name, of]) => [name, [...of]] as const));
  cache.set(text, read);
  return read;
}

/** More of them are names, not states. */
const MAX_STATES = 30;

/** All words of a value, in any form: `shard_timeout` by `shards timed out`. */
function isNamedIn(value: string, name: string, words: string): boolean {
  if (/status|code/i.test(name)) return words.split(/\D+/).includes(value);
  const wanted = wordsOf(value);
  const said = wordsOf(words);
  return wanted.length > 0 && wanted.every((word) => said.some((one) => isForm(word, one)));
}

function wordsOf(text: string): string[] {
  return (
    text
      .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toLowerCase()
      .match(/\p{L}{3,}/gu) ?? []
  );
}

/** `pending` and `pend`, `timeout` and `timed`. */
function isForm(a: string, b: string): boolean {
  const least = Math.min(a.length, b.length);
  const same = Math.min(least, 5) - (least > 4 ? 1 : 0);
  return a.slice(0, same) === b.slice(0, same);
}
