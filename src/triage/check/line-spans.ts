import type { Bearings } from './bearings';
import { isOfOneKind, mentionsIn } from './entities';
import type { MomentFigure, NumberFigure } from './figure';
import { isWithin } from './fits';
import type { Ground } from './ground';
import type { ReadText, SentLine } from './sent-line';
import { shared, stemsOf } from './topics';

/** A line with the moment that it is dated with. */
interface Dated {
  readonly line: SentLine;
  readonly seconds: number;
}

/** A text with more dated lines has some two that are any time apart. */
const MAX_DATED = 40;
/** So many lines may be meant equally by the words beside the quoted one. */
const MAX_MEANT = 3;

/**
 * `the roll-back to 1.4.2 came 11.3 s after the deploy of 1.5.0`: the time between the quoted line and the line of its
 * text that the other words of the claim point to, in the order that the words say.
 */
export function betweenLines(figure: NumberFigure, bearings: Bearings, ground: Ground): boolean {
  const { before, behind } = bearings.place;
  const sides = sidesOf(before, behind, ground);
  return ground.texts.some((text) => {
    const dated = datedLines(text);
    const quoted = dated.filter(({ line }) => ground.isQuoted(line));
    if (text.past || quoted.length === 0 || quoted.length > 2 || dated.length > MAX_DATED) return false;
    return quoted.some((one) =>
      meantBeside(one, dated, sides, figure).some((other) => isSo(figure, { one, other, sides })),
    );
  });
}

function datedLines({ lines }: ReadText): Dated[] {
  return lines.flatMap((line) => {
    const first = line.figures.find((one): one is MomentFigure => one.kind === 'moment' && one.dated);
    return line.kind === 'words' && first && first.precision <= 1 ? [{ line, seconds: first.seconds }] : [];
  });
}

/** What the words on one side of the duration point to. */
interface Side {
  readonly stems: ReadonlySet<string>;
  readonly tokens: readonly string[];
  readonly entities: readonly Ground['entities'][number][];
  readonly isPronoun: boolean;
}

interface Sides {
  readonly left: Side;
  readonly right: Side;
  readonly both: Side;
  /** 1: the left comes later; -1: earlier; absent: the words do not say which. */
  readonly order?: 1 | -1;
}

function sidesOf(before: string, behind: string, ground: Ground): Sides {
  const [, order] = /^ ?(after|before)\b/i.exec(behind) ?? [];
  return {
    left: sideOf(before, ground),
    right: sideOf(behind, ground),
    both: sideOf(`${before} ; ${behind}`, ground),
    order: order === undefined ? undefined : order.toLowerCase() === 'after' ? 1 : -1,
  };
}

/** `it had been put in`: of what the other side names. */
const PRONOUN = /^ ?(?:after|before) (?:it|that|this|they|then)\b/i;

function sideOf(words: string, { entities }: Ground): Side {
  const tokens = words.match(/[\w-]{0,60}\d[\w.-]{1,60}\w/g) ?? [];
  const named = mentionsIn(words, entities).map(({ entity }) => entity);
  return {
    stems: telling(words),
    tokens,
    entities: named.filter(({ primary }) => primary),
    isPronoun: PRONOUN.test(words),
  };
}

/** However `roll-back` is written. */
function telling(words: string): Set<string> {
  return stemsOf(words.replace(/\broll\w{0,4}[ -]?back\w*/gi, 'rollback'));
}

/** How much of a side stands in a line; below nought where the line names another one of the same kind. */
function pointsTo({ line }: Dated, { stems, tokens, entities }: Side): number {
  const names = line.names.toLowerCase();
  const held = entities.filter(({ value }) => names.includes(value));
  const strange = entities.some(
    (entity) => !held.includes(entity) && line.labels.some(([name]) => isOfOneKind(entity, { names: new Set([name]) })),
  );
  const words = shared(stems, telling(line.text));
  const exact = tokens.filter((token) => names.includes(token.toLowerCase())).length;
  return (strange && held.length === 0 ? -10 : 0) + words + 3 * exact + 3 * held.length;
}

/** The lines that the words mean most, beside the quoted one. */
function meantBeside(one: Dated, dated: readonly Dated[], sides: Sides, figure: NumberFigure): Dated[] {
  const isCoarse = figure.half > 0.05 * Math.abs(figure.value);
  const told = dated
    .filter(({ line, seconds }) => line !== one.line && seconds !== one.seconds)
    .filter(({ line }) => holdAll([one.line, line], dated, sides.both))
    .map((other) => ({ other, score: strengthOf(one, other, sides) }))
    .filter(({ score }) => score > 0);
  const best = Math.max(0, ...told.map(({ score }) => score));
  const meant = told.filter(({ score, other }) => score === best && (!isCoarse || isNamed(other, sides.both)));
  return meant.length > MAX_MEANT ? [] : meant.map(({ other }) => other);
}

/** A version or the id of a trace selects: one that stands in another line, and in neither of these, speaks of that. */
function holdAll(two: readonly SentLine[], dated: readonly Dated[], { tokens }: Side): boolean {
  const isIn = (token: string, { names }: SentLine): boolean => names.toLowerCase().includes(token.toLowerCase());
  return tokens.every((token) => two.some((line) => isIn(token, line)) || !dated.some(({ line }) => isIn(token, line)));
}

function isNamed({ line }: Dated, { entities, tokens }: Side): boolean {
  const names = line.names.toLowerCase();
  return entities.some(({ value }) => names.includes(value)) || tokens.some((one) => names.includes(one.toLowerCase()));
}

/** Where only one side names something (`after it had been put in`), the other line is one of that, too. */
function strengthOf(one: Dated, other: Dated, { left, right, both, order }: Sides): number {
  if (order === undefined) return pointsTo(one, both) > 0 ? pointsTo(other, both) : 0;
  const forth = pairStrength(one, left, other, right, both);
  const back = pairStrength(one, right, other, left, both);
  return Math.max(forth, back);
}

function pairStrength(a: Dated, sideOfA: Side, b: Dated, sideOfB: Side, both: Side): number {
  const [first, second] = [strength(a, sideOfA, both), strength(b, sideOfB, both)];
  return first > 0 && second > 0 ? first + second : 0;
}

function strength(line: Dated, side: Side, both: Side): number {
  const told = pointsTo(line, side.isPronoun ? both : side);
  // Of several that a side points to alike, those that share the words of the whole claim.
  return told > 0 ? told + 0.1 * shared(both.stems, telling(line.line.text)) : told;
}

interface Two {
  readonly one: Dated;
  readonly other: Dated;
  readonly sides: Sides;
}

/** Whether so much time lies between the two, and the one that is said to come later does. */
function isSo(figure: NumberFigure, { one, other, sides: { left, right, both, order } }: Two): boolean {
  const distance = (one.seconds - other.seconds) / figure.scales[0]!;
  if (!isWithin(figure, Math.abs(distance))) return false;
  if (order === undefined) return true;
  const forth = pairStrength(one, left, other, right, both);
  const back = pairStrength(one, right, other, left, both);
  if (forth === back) return true;
  return Math.sign(distance) === (forth > back ? order : -order);
}
