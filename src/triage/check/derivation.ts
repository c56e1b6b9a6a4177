import type { Bearings } from './bearings';
import type { Verdict } from './borne-moment';
import type { Entity } from './entities';
import type { NumberFigure } from './figure';
import { halfOfLastTellingDigit, isWithin } from './fits';
import type { Ground } from './ground';
import type { ReadText, SentLine } from './read-sent';
import type { KeyFigure, Role } from './series';
import { sameTopic, topicsOf } from './topics';

/** A figure of the same sentence that is borne out, in the unit of seconds, bytes or one. */
export interface BorneOperand {
  readonly figure: NumberFigure;
  readonly base: number;
}

/**
 * Recomputes a figure from few operands: what its own sentence says and is borne out, else what our tools tell of one
 * series. The words choose the operation: `×` and `doubled` a ratio, `by 40 %` a relative difference, `points` and
 * `by 12` a difference, `62 % of` a share of two counts. Pairs of a whole text are never tried: some always agree.
 */
export function derived(
  figure: NumberFigure,
  bearings: Bearings,
  ground: Ground,
  operands: readonly BorneOperand[],
): Verdict | undefined {
  const operation = operationOf(figure, bearings);
  if (!operation) return undefined;
  const around = operands.filter(({ figure: other }) => other !== figure);
  for (const a of around) {
    for (const b of around) {
      if (a === b || !alike(a.figure, b.figure)) continue;
      if (agrees(figure, operation(a.base, b.base))) return verdict('', a.base, b.base, figure);
    }
  }
  for (const text of ground.texts) {
    for (const line of text.lines) {
      const keys = keysOf(line, text, bearings, ground);
      for (const [later, earlier] of PAIRS) {
        const [a, b] = [valueOf(keys, later), valueOf(keys, earlier)];
        if (a === undefined || b === undefined || a === b) continue;
        if (agrees(figure, operation(a, b))) return verdict(`${text.handle}: `, a, b, figure);
      }
    }
  }
  return compared(figure, bearings, ground, operation);
}

/** `256 MiB more than web-1`, `three times as often as checkout`: the same figure of two that the sentence names. */
function compared(figure: NumberFigure, bearings: Bearings, ground: Ground, operation: Operation): Verdict | undefined {
  const [one, other] = bearings.compared;
  if (!one || !other) return undefined;
  const figuresOf = (text: ReadText, entity: Entity): readonly KeyFigure[] =>
    text.lines.flatMap((line) => keysOf(line, text, { ...bearings, attribution: { options: [[entity]] } }, ground));
  for (const text of ground.texts) {
    for (const role of ['value', 'last', 'max', 'after'] as const) {
      const [a, b] = [valueOf(figuresOf(text, one), role), valueOf(figuresOf(text, other), role)];
      if (a === undefined || b === undefined) continue;
      // The one that is named first is the larger: `twice as often as` is not turned round.
      const told = figure.dimension === 'factor' ? a / b : operation(a, b);
      if (agrees(figure, told)) return verdict(`${text.handle}: `, a, b, figure);
    }
  }
  return undefined;
}

const PAIRS: readonly (readonly [Role, Role])[] = [
  ['after', 'before'],
  ['last', 'first'],
  ['max', 'first'],
  ['max', 'before'],
  ['max', 'min'],
];

function keysOf(line: SentLine, text: ReadText, bearings: Bearings, ground: Ground): readonly KeyFigure[] {
  if (!line.series || !ground.owns(line, text, bearings.attribution)) return [];
  if (!sameTopic(bearings.topics, topicsOf(`${text.expression} ${line.text.split('{')[0]}`))) return [];
  const { of } = text.unit;
  const scale = of === 'percent' ? 0.01 : of === 'milliseconds' ? 1e-3 : 1;
  return line.series.keys.map(({ role, value }) => ({ role, value: value * scale }));
}

function valueOf(keys: readonly KeyFigure[], role: Role): number | undefined {
  return keys.find((key) => key.role === role)?.value;
}

type Operation = (a: number, b: number) => number | undefined;

function operationOf(figure: NumberFigure, { place, isDifference }: Bearings): Operation | undefined {
  const { before, behind } = place;
  switch (figure.dimension) {
    case 'factor':
      return (a, b) => (b === 0 ? undefined : factorOf(a / b, figure.value));
    case 'points':
      return (a, b) => (a - b) * 100;
    case 'percent':
      if (isDifference) return (a, b) => (b === 0 ? undefined : Math.abs((a - b) / b) * 100);
      return /^ ?(?:of|in)\b/.test(behind) || /\(.{0,3}$|\b(?:i\.e\.|that is|or|which is),? $/.test(before)
        ? (a, b) => (b > 0 && a <= b && Number.isInteger(a) && Number.isInteger(b) && b > 1 ? (a / b) * 100 : undefined)
        : undefined;
    case 'plain':
    case 'bytes':
    case 'duration':
      return isDifference ? (a, b) => Math.abs(a - b) / figure.scales[0]! : undefined;
  }
}

/** A factor below one is told as one above: `fell threefold`. */
function factorOf(ratio: number, told: number): number {
  return told > 1 && ratio < 1 && ratio > 0 ? 1 / ratio : ratio;
}

/** Two digits must agree; one alone covers too much, then ten percent are all that it may be off. */
function agrees(figure: NumberFigure, result: number | undefined): boolean {
  if (result === undefined || !Number.isFinite(result)) return false;
  const size = Math.abs(figure.value);
  const half = Math.min(Math.max(figure.half, Math.min(0.05 * size, halfOfLastTellingDigit(figure))), 0.1 * size);
  return isWithin({ ...figure, half }, result);
}

function alike(a: NumberFigure, b: NumberFigure): boolean {
  const kind = ({ dimension }: NumberFigure): string => (dimension === 'percent' ? 'plain' : dimension);
  return kind(a) === kind(b);
}

function verdict(handle: string, a: number, b: number, { dimension }: NumberFigure): Verdict {
  const sign = dimension === 'factor' || dimension === 'percent' ? '/' : '-';
  return { verified: 'derived', how: `${handle}${short(a)} ${sign} ${short(b)}` };
}

export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
