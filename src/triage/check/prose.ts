import { clausesOf, holds, sentencesOf, type Stretch } from './clauses';
import { type Entity, type Mention, mentionsIn } from './entities';
import { endOf, type Figure } from './figure';
import { figuresIn } from './prose-figures';

/** A text of the report, read once: its figures, and what is named around them. */
export interface Prose {
  readonly text: string;
  readonly figures: readonly Figure[];
  readonly sentences: readonly Sentence[];
  readonly mentions: readonly Mention[];
}

export interface Sentence extends Stretch {
  readonly clauses: readonly Stretch[];
}

/** Where a figure stands: its clause, and the words to both sides of it. */
export interface Place {
  readonly sentence: Sentence;
  readonly clause: Stretch;
  readonly clauseText: string;
  readonly sentenceText: string;
  /** Of the clause, before and behind the figure. */
  readonly before: string;
  readonly behind: string;
}

export function readProse(text: string, entities: readonly Entity[]): Prose {
  const sentences = sentencesOf(text).map((sentence) => ({ ...sentence, clauses: clausesOf(text, sentence) }));
  return { text, figures: sharingUnits(text, figuresIn(text)), sentences, mentions: mentionsIn(text, entities) };
}

export function placeOf(prose: Prose, figure: Figure): Place {
  const { text } = prose;
  const sentence = prose.sentences.find((one) => holds(one, figure.at)) ?? { start: 0, end: text.length, clauses: [] };
  const clause = sentence.clauses.find((one) => holds(one, figure.at)) ?? sentence;
  return {
    sentence,
    clause,
    clauseText: text.slice(clause.start, clause.end),
    sentenceText: text.slice(sentence.start, sentence.end),
    before: text.slice(clause.start, figure.at),
    behind: text.slice(endOf(figure), Math.max(endOf(figure), clause.end)),
  };
}

const TIED =
  /^ ?(?:to|->|→|–|-|or|and|instead of|rather than|versus|vs\.?|against) ?(?:about |around |roughly |almost |nearly |over |some |~)?$/i;

/** `from 2000 to 200 ms`: the unit that is written once is that of both. */
function sharingUnits(text: string, figures: readonly Figure[]): Figure[] {
  return figures.map((figure, i) => {
    const next = figures[i + 1];
    if (figure.kind !== 'number' || next?.kind !== 'number' || figure.inWords || next.inWords) return figure;
    const isPlain = figure.dimension === 'plain' && figure.scales[0] === 1 && figure.perSeconds === undefined;
    const isOther = next.dimension === 'duration' || next.dimension === 'bytes' || next.dimension === 'percent';
    if (!isPlain || !isOther || !TIED.test(text.slice(endOf(figure), next.at))) return figure;
    return { ...figure, dimension: next.dimension, scales: next.scales, bare: false };
  });
}
