import { type Attribution, attributionOf } from './attribution';
import { type Entity, isOfOneKind } from './entities';
import { endOf, type Figure, type MomentFigure, type NumberFigure } from './figure';
import { holds } from './clauses';
import { placeOf, type Place, type Prose } from './prose';
import type { Role } from './series';
import { stemsOf, topicsOf } from './topics';

/** What the words around a figure say of it: whose it is, what it measures, when, and which part of a course. */
export interface Bearings {
  readonly place: Place;
  readonly attribution: Attribution;
  readonly topics: ReadonlySet<string>;
  /** The beginnings of the words next to it. */
  readonly nearStems: ReadonlySet<string>;
  readonly clauseStems: ReadonlySet<string>;
  readonly sentenceStems: ReadonlySet<string>;
  /** The moment at which it is said to hold. */
  readonly boundTo?: MomentFigure;
  /** Which figures of a series may be meant; absent: any. */
  readonly roles?: readonly Role[];
  /** `at the start`, `before the alert`: of the section on the rule, which line tells it. */
  readonly frame?: Role;
  /** `the threshold is 5 %`: no measured value. */
  readonly saysThreshold: boolean;
  /** The moments of its sentence. */
  readonly moments: readonly MomentFigure[];
  /** The first two of one kind that the sentence names. */
  readonly compared: readonly Entity[];
  /** `52 s before the start`: what lies between two moments, not what something took. */
  readonly isSpan: boolean;
  /** `by 40 %`, `12 more`: no value that stood, but what lies between two. */
  readonly isDifference: boolean;
  /** `from X to Y`: the other number, and whether this one is the earlier. */
  readonly pair?: { readonly other: NumberFigure; readonly isEarlier: boolean };
}

export function bearingsOf(prose: Prose, figure: Figure): Bearings {
  const place = placeOf(prose, figure);
  const { clauseText, sentenceText, before, behind } = place;
  const own = topicsOf(clauseText);
  const clauseStems = stemsOf(clauseText);
  // What its clause does not say (`the entries grew by 24, from 37 to 61`) stands before it in the sentence.
  const ahead = clauseStems.size > 1 ? lastWords(before, 7) : sentenceText.slice(0, figure.at - place.sentence.start);
  const words = `${ahead} ${firstWords(behind, 5)}`;
  const pair = figure.kind === 'number' ? pairOf(prose, figure) : undefined;
  return {
    place,
    attribution: attributionOf(prose, figure, place),
    // A clause with words of its own speaks of something else than its sentence.
    topics: own.size > 0 || clauseStems.size > 1 ? own : topicsOf(sentenceText),
    nearStems: stemsOf(words),
    clauseStems,
    sentenceStems: stemsOf(sentenceText),
    boundTo: figure.kind === 'number' ? boundMoment(prose, figure, place, pair) : undefined,
    roles: rolesOf(before, behind),
    frame: frameOf(sentenceText.slice(0, figure.at - place.sentence.start), behind),
    saysThreshold: /\b(?:threshold|limit)\b[^,;]{0,24}$/i.test(before) || /^[\s-]*(?:threshold|limit)\b/i.test(behind),
    moments: prose.figures.filter((one): one is MomentFigure => one.kind === 'moment' && holds(place.sentence, one.at)),
    compared: comparedIn(prose, place),
    isSpan: saysSpan(before, behind),
    isDifference: saysDifference(before, behind),
    pair,
  };
}

function lastWords(text: string, count: number): string {
  return text
    .split(/[\s"'`=:]+/)
    .filter(Boolean)
    .slice(-count)
    .join(' ');
}

function firstWords(text: string, count: number): string {
  return text
    .split(/[\s"'`=:]+/)
    .filter(Boolean)
    .slice(0, count)
    .join(' ');
}

const ROLE_WORDS: readonly (readonly [readonly Role[], RegExp, RegExp])[] = [
  [
    ['max', 'value'],
    /\b(?:peak(?:s|ed|ing)?|max(?:imum)?|highest|topped out)\b[^,;]{0,25}$/i,
    /^ ?(?:at (?:its|the) (?:peak|highest|worst)|at most$|max\b|peak\b)/i,
  ],
  [['min', 'value'], /\b(?:min(?:imum)?|lowest|bottomed out)\b[^,;]{0,25}$/i, /^ ?(?:at (?:its|the) lowest)/i],
  [['mean', 'value'], /\b(?:average[sd]?|avg|mean)\b[^,;]{0,25}$/i, /^ ?(?:on average|in the mean)/i],
  [
    ['before', 'first', 'value', 'min'],
    /(?:\bbefore|\bpreviously|\bformerly|\bbaseline(?: of)?|\bnormally|\busually|\bup from|\bdown from|\binstead of|\bit was)(?: (?:was|were|is|are|had been|stood at|it was))?[:\s(]*(?:about |around |~|at )?$/i,
    /^[^,;:()\d]{0,32}\b(?:before|previously|earlier(?! than)|beforehand|normally|usually|at baseline)\b/i,
  ],
  [
    ['after', 'last', 'value', 'max', 'start'],
    /\b(?:now|currently|at present|stands at|still|today)\b[^,;]{0,18}$/i,
    /^[^,;:()\d]{0,32}\b(?:now|currently|at present)\b/i,
  ],
  [
    ['after', 'last', 'max', 'value', 'level', 'start'],
    /\b(?:rose|risen|rises|rising|grew|grown|climbed|jumped|went up|up|increased)\b[^,;]{0,24}\bto (?:about |around |roughly |almost |nearly |over |some |~)?$/i,
    /^(?!)/,
  ],
  [
    ['after', 'last', 'value', 'level', 'start'],
    /\b(?:fell|fallen|falls|dropped|decreased|shrank|declined|went down|recovered|is back)\b[^,;]{0,24}\bto (?:about |around |roughly |almost |nearly |some |~)?$/i,
    /^(?!)/,
  ],
];

function rolesOf(before: string, behind: string): readonly Role[] | undefined {
  return ROLE_WORDS.find(([, left, right]) => left.test(before) || right.test(behind))?.[0];
}

const FRAMES: readonly (readonly [Role, RegExp])[] = [
  ['before', /\bbefore (?:the |it )(?:alert|start|began)\b|\bmedian\b/i],
  ['start', /\bat the (?:start|beginning)\b|\bwhen (?:the alert|it) (?:began|started|fired)\b/i],
  ['last', /\b(?:now|at present|currently)\b/i],
  ['max', /\b(?:largest|highest|peak\w*|at most)\b/i],
];

/** The frame that is named nearest: before the figure without another one between, else right behind it. */
function frameOf(before: string, behind: string): Role | undefined {
  const [left, right] = [/[^\d;]{0,64}$/.exec(before)![0], /^[^\d,;]{0,32}/.exec(behind)![0]];
  for (const words of [right, left]) {
    const named = FRAMES.filter(([, pattern]) => pattern.test(words));
    if (named.length > 0) return named.length === 1 ? named[0]![0] : undefined;
  }
  return undefined;
}

const TO =
  /^(?:\/\w{1,6}| (?:per|a) \w{1,8}|(?: (?!(?:of|and|or|in|by|to|up|down|at|before|until|towards)\b)[a-z]{2,14}){1,2})? ?(?:\([^)]{0,40}\) ?)?(?:(?:at|before) [\d:]{4,8}(?: UTC)? )?(?:up |down )?(?:to|->|→|towards|until) ?(?:about |around |roughly |almost |nearly |over |more than |~)?$/i;

/** `from 0.2 % to 34 %`, `0.2 % → 34 %`. */
function pairOf({ text, figures }: Prose, figure: NumberFigure): Bearings['pair'] {
  const numbers = figures.filter((one): one is NumberFigure => one.kind === 'number');
  const at = numbers.indexOf(figure);
  const [earlier, later] = [numbers[at - 1], numbers[at + 1]];
  const joined = (a: NumberFigure | undefined, b: NumberFigure | undefined): boolean =>
    a !== undefined && b !== undefined && TO.test(text.slice(endOf(a), b.at));
  if (joined(figure, later)) return { other: later!, isEarlier: true };
  return joined(earlier, figure) ? { other: earlier!, isEarlier: false } : undefined;
}

const HELD_AT = /\b(?:at|by|around|as of|up to)(?: about| around)? ?~?$/i;
/** What happened at a moment is no value that stood then. */
const EVENT =
  /(?:deploy\w*|releas\w*|roll\w*|restart\w*|commit\w*|chang\w*|merg\w*|alert\w*|fir(?:ed|ing)|began|begun|start\w*|came|since|updat\w*|flag|config\w*|version|revision \S+\)?|(?:until|from|between)) (?:of (?:\S+ ){1,3})?(?:at|by|around)(?: about| around)? ?$/i;

function boundMoment(
  { text, figures }: Prose,
  figure: NumberFigure,
  { sentence, clause }: Place,
  pair: Bearings['pair'],
): MomentFigure | undefined {
  const moments = figures.filter((one): one is MomentFigure => one.kind === 'moment' && holds(sentence, one.at));
  const isHeld = ({ at }: MomentFigure): boolean =>
    HELD_AT.test(text.slice(0, at)) && !EVENT.test(text.slice(Math.max(0, at - 60), at));
  const next = moments.find(({ at }) => at > figure.at);
  const between = next && text.slice(endOf(figure), next.at);
  if (next && between && /^[^,;()\d]{0,40}$/.test(between) && (isHeld(next) || between === ' of ')) return next;
  if (pair?.isEarlier) return undefined;
  const previous = moments.findLast(({ at }) => at < figure.at);
  if (!previous || !isHeld(previous)) return undefined;
  const gap = text.slice(endOf(previous), figure.at);
  // `from 2 at 17:10 to 5`: the moment is that of the earlier one.
  if (/^(?: ?UTC| ?Z)? (?:to|→|->) /.test(gap)) return undefined;
  const nearby = holds(clause, previous.at) || /^(?: ?UTC| ?Z)?, [^,;:]*$/.test(gap);
  return nearby && !/\d:\d\d/.test(gap) ? previous : undefined;
}

const MORE =
  /^ ?(?:%|percent)? ?(?:points |(?!times\b|and\b|or\b|of\b|to\b|in\b|at\b|is\b|was\b|are\b|were\b|which\b|while\b|with\b)[a-z]{2,14}(?= (?:more|less|fewer)\b) )?(?:more|higher|larger|greater|longer|slower|increase|rise|growth|less|lower|fewer|decrease|drop|fall|reduction|faster|shorter|(?:above|below|over|under) (?:its|the) (?:usual|normal|baseline|level|limit|threshold))\b/i;
const BY =
  /\b(?:rose|risen|rises|rise|grew|grow\w*|up|increas\w*|climbed|jumped|fell|fallen|dropped|drop|decreased?|down|shrank|reduced?|raised|lowered|cut|lost|loses|gained|changed?|differs?)\b[^,;]{0,40}\b(?:by|of) (?:a factor of )?(?:about |around |roughly |almost |nearly |over |more than |some |~)?$/i;

function saysDifference(before: string, behind: string): boolean {
  return MORE.test(behind) || BY.test(before) || /(?:^|[\s(:])\+$/.test(before);
}

function comparedIn({ mentions }: Prose, { sentence }: Place): readonly Entity[] {
  const named = mentions.filter(({ at, entity }) => entity.primary && holds(sentence, at)).map(({ entity }) => entity);
  const [first, ...others] = named;
  const second = first && others.find((other) => other !== first && isOfOneKind(other, first));
  return first && second ? [first, second] : [];
}

/** Whether words beside a duration make it the time between two moments. */
function saysSpan(before: string, behind: string): boolean {
  return (
    /^ ?(?:\([^)]{0,20}\) )?(?:before|after|later|earlier|ago|old|apart|lie|passed|until|since|into)\b/i.test(behind) ||
    /\b(?:lag|gap|interval) of(?: about| some)? ?$|\b(?:after|within|for|since|in|between|last(?:ed|ing)?)(?: the| about| some| last)* ?$/i.test(
      before,
    )
  );
}
