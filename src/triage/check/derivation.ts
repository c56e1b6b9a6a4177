import type { Bearings } from './bearings';
import type { Verdict } from './borne-moment';
import { directionOf } from './directions';
import type { MomentFigure, NumberFigure } from './figure';
import { agrees } from './fits';
import type { Ground } from './ground';
import { operandPairs } from './operand-pairs';
import { type BorneOperand, type OperandPair, short } from './operands';

export interface Derivation extends Verdict {
  /** The moments of the sentence whose samples it is made of: it bears them out as well. */
  readonly at: readonly MomentFigure[];
}

/**
 * Recomputes a figure from two operands that are named: by its own sentence, by the quote and the lines that it touches,
 * or as what our tools tell of the one series that it belongs to. The words choose the operation and its direction: `×`
 * and `doubled` a ratio, `by 40 %` a relative difference, `points` and `by 12` a difference, `62 % of` a share. Pairs of
 * a whole text are never tried: some always agree.
 */
export function derived(
  figure: NumberFigure,
  bearings: Bearings,
  ground: Ground,
  told: readonly BorneOperand[],
): Derivation | undefined {
  const operation = operationOf(figure, bearings);
  if (!operation) return undefined;
  for (const pair of operandPairs(figure, bearings, ground, told)) {
    if (agrees(figure, operation(pair))) return { ...verdict(pair, figure), at: pair.at ?? [] };
  }
  return undefined;
}

/** `11 % as many as the gateway`, `60 % of what it was`. */
const AS_MANY = /^ ?(?:as (?:many|much|large|fast|often|high|long)|of (?:what|that of|those of))\b/i;
/** `1,306 times since 16:50`: of a counter, what it has grown by. */
const COUNTED_SINCE = /^[^,;]{0,30}\b(?:since|between|in|within|over) (?:[\d~]|an? |the last |one |two |ten )/i;

type Operation = (pair: OperandPair) => number | undefined;

function operationOf(figure: NumberFigure, { place, isDifference }: Bearings): Operation | undefined {
  const direction = directionOf(place.before, place.behind);
  switch (figure.dimension) {
    case 'factor':
      return (pair) => factorOf(pair, figure.value, direction);
    case 'points':
      return (pair) => (isShare(pair) ? signed(pair, (a, b) => (a - b) * 100, direction) : undefined);
    case 'percent':
      if (AS_MANY.test(place.behind))
        return (pair) => (pair.named && pair.ordered ? (pair.later / pair.earlier) * 100 : undefined);
      return isDifference
        ? (pair) => signed(pair, (a, b) => (b === 0 ? NaN : ((a - b) / Math.abs(b)) * 100), direction)
        : (pair) => partOf(pair, figure);
    case 'plain':
    case 'bytes':
    case 'duration':
      if (!isDifference && !COUNTED_SINCE.test(place.behind) && figure.perSeconds === undefined) return undefined;
      if (!isDifference)
        return (pair) =>
          isCounter(pair, figure) ? signed(pair, (a, b) => (a - b) * perTime(pair, figure)) : undefined;
      return (pair) =>
        isOf(pair, figure)
          ? signed(pair, (a, b) => ((a - b) / figure.scales[0]!) * perTime(pair, figure), direction)
          : undefined;
  }
}

/** `65 segments per minute`: the difference, over the time between the two. */
function perTime({ seconds, perSeconds: own }: OperandPair, { perSeconds }: NumberFigure): number {
  if (perSeconds === undefined) return 1;
  if (own !== undefined) return perSeconds / own;
  return seconds ? perSeconds / seconds : NaN;
}

/** What is counted from a start on: its growth is what happened meanwhile, where it is told by how long. */
function isCounter(
  { of, perSeconds: own, later, earlier, seconds }: OperandPair,
  { perSeconds }: NumberFigure,
): boolean {
  const counts =
    (of === 'number' || of === 'unknown') && own === undefined && later > earlier && Number.isInteger(later);
  return counts && (perSeconds === undefined || seconds !== undefined);
}

/** A difference in the direction that the words say; where they say none, or the operands have no order, either. */
function signed(
  { later, earlier, ordered }: OperandPair,
  of: (a: number, b: number) => number,
  direction?: 1 | -1,
): number {
  const difference = of(later, earlier);
  return ordered && direction !== undefined ? direction * difference : Math.abs(difference);
}

/** From this on a ratio of two figures that nobody named agrees with something sooner or later. */
const LARGE = 10;

/** `fell threefold` is told as one above; `grew` never turns a ratio round. */
function factorOf(
  { later, earlier, ordered, named }: OperandPair,
  told: number,
  direction?: 1 | -1,
): number | undefined {
  if (earlier === 0 || later === 0) return undefined;
  const ratio = later / earlier;
  const turned =
    told > 1 && ratio < 1 && (direction === -1 || (!ordered && direction === undefined)) ? 1 / ratio : ratio;
  return turned >= LARGE && !named ? undefined : turned;
}

/** `83 %` beside `5 of 6`. */
function partOf({ later, earlier, share, named, ordered }: OperandPair, { inWords }: NumberFigure): number | undefined {
  // `a quarter of the workers` is told of what there is now and what there was, too.
  return (share || (inWords && named && ordered)) && earlier > 0 && later <= earlier
    ? (later / earlier) * 100
    : undefined;
}

function isShare({ of }: OperandPair): boolean {
  return of === 'share' || of === 'unknown';
}

function isOf({ of }: OperandPair, { dimension }: NumberFigure): boolean {
  if (of === 'unknown') return true;
  return dimension === 'duration'
    ? of === 'time'
    : dimension === 'bytes'
      ? of === 'bytes'
      : of === 'number' || of === 'share';
}

function verdict({ later, earlier, where }: OperandPair, { dimension }: NumberFigure): Verdict {
  const sign = dimension === 'factor' || dimension === 'percent' ? '/' : '-';
  return { verified: 'derived', how: `${where}${short(later)} ${sign} ${short(earlier)}` };
}
