import { setImmediate } from 'node:timers/promises';
import type { MetricFamily } from './metric-families';
import { type SearchWord, searchWords, stemOf, wordsOf } from './metric-words';

/** What a question finds among the metrics. */
export interface NameSearch {
  /** Those that have the most of its words, the closest first. */
  readonly found: readonly MetricFamily[];
  /** How many have fewer of them. */
  readonly fewer: number;
  /** Words that no metric has. */
  readonly unknown: readonly string[];
}

/** How much it says that a word stands somewhere. */
const IN_NAME = { word: 10, part: 6, kin: 5, weak: 1 } as const;
const IN_HELP = { word: 3, kin: 1.5 } as const;
/** The question is the name, or a part of it. */
const WHOLE = { same: 100, part: 20 } as const;

/** So many metrics are looked at before others have their turn: some ten milliseconds. */
const AT_A_TIME = 1_000;

/** Looks for the words of a question in names and help texts. Linear in both; nobody else waits for it. */
export async function searchNames(question: string, families: readonly MetricFamily[]): Promise<NameSearch> {
  const words = searchWords(question);
  const scorer = scorerOf(question, words);
  const hits: Hit[] = [];
  for (const [i, family] of families.entries()) {
    if (i % AT_A_TIME === AT_A_TIME - 1) await setImmediate();
    const hit = scorer(family);
    if (hit.score > 0) hits.push(hit);
  }
  return ranked(words, hits);
}

interface Hit {
  readonly family: MetricFamily;
  /** For each word, how well it is found. */
  readonly scores: readonly number[];
  readonly score: number;
  /** How many words are found. */
  readonly covered: number;
}

function scorerOf(question: string, words: readonly SearchWord[]): (family: MetricFamily) => Hit {
  const whole = question.trim().toLowerCase().replace(/\s+/g, '_');
  const [inName, inHelp] = [weightsInName(words), weightsInHelp(words)];
  return (family) => {
    const scores = words.map(() => 0);
    collect(scores, wordsOf(family.name), inName);
    collect(scores, wordsOf(family.help.slice(0, MAX_HELP_CHARS)), inHelp);
    const name = family.name.toLowerCase();
    words.forEach(({ text, stem }, i) => {
      if (text.length >= 3 && name.includes(stem)) scores[i] = Math.max(scores[i]!, IN_NAME.part);
    });
    const literal = name === whole ? WHOLE.same : whole.length >= 3 && name.includes(whole) ? WHOLE.part : 0;
    const covered = scores.filter((score) => score > 0).length;
    return { family, scores, covered, score: scores.reduce((sum, one) => sum + one, literal) };
  };
}

function ranked(words: readonly SearchWord[], hits: readonly Hit[]): NameSearch {
  const most = hits.reduce((max, { covered }) => Math.max(max, covered), 0);
  const best = hits
    .filter(({ covered }) => covered === most)
    .sort((a, b) => b.score - a.score || a.family.name.length - b.family.name.length || order(a.family, b.family));
  return {
    found: best.map(({ family }) => family),
    fewer: hits.length - best.length,
    unknown: words.filter((_, i) => hits.every(({ scores }) => scores[i] === 0)).map(({ text }) => text),
  };
}

/** Of one help text; a novel says no more. */
const MAX_HELP_CHARS = 300;

type Weights = ReadonlyMap<string, readonly (readonly [index: number, weight: number])[]>;

function weightsInName(words: readonly SearchWord[]): Weights {
  return weights(words, ({ stem, kin, weak }) => [
    [stem, IN_NAME.word],
    ...kin.map((one) => [one, IN_NAME.kin] as const),
    ...weak.map((one) => [one, IN_NAME.weak] as const),
  ]);
}

function weightsInHelp(words: readonly SearchWord[]): Weights {
  return weights(words, ({ stem, kin }) => [[stem, IN_HELP.word], ...kin.map((one) => [one, IN_HELP.kin] as const)]);
}

function weights(words: readonly SearchWord[], of: (word: SearchWord) => (readonly [string, number])[]): Weights {
  const all = new Map<string, (readonly [number, number])[]>();
  words.forEach((word, i) => {
    for (const [stem, weight] of of(word)) all.set(stem, [...(all.get(stem) ?? []), [i, weight]]);
  });
  return all;
}

function collect(scores: number[], words: readonly string[], by: Weights): void {
  for (const word of words) {
    for (const [i, weight] of by.get(stemOf(word)) ?? []) scores[i] = Math.max(scores[i]!, weight);
  }
}

function order(a: MetricFamily, b: MetricFamily): number {
  return a.name < b.name ? -1 : 1;
}
