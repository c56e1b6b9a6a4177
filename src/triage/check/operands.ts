import type { MomentFigure, NumberFigure } from './figure';
import type { Measured } from './fits';

/** What a number is of, as far as that decides whether two may be subtracted. */
export type Kind = 'share' | 'time' | 'bytes' | 'number' | 'unknown';

/** A figure of the same sentence that is borne out, in the unit of seconds, bytes or one. */
export interface BorneOperand {
  readonly figure: NumberFigure;
  readonly base: number;
  readonly of: Kind;
}

/** Two numbers that something may be made of, in the unit of seconds, bytes or one. */
export interface OperandPair {
  /** The later one, the part, or what is compared. */
  readonly later: number;
  /** The earlier one, the whole, or with what it is compared. */
  readonly earlier: number;
  /** Which is which is known. */
  readonly ordered: boolean;
  /** By the sentence or by the quote, not only as a figure of a series. */
  readonly named: boolean;
  /** One is a part of the other. */
  readonly share: boolean;
  readonly of: Kind;
  /** `r3: `; empty: its own sentence. */
  readonly where: string;
  /** Both are rates: per how many seconds. */
  readonly perSeconds?: number;
  /** How many seconds lie between the two. */
  readonly seconds?: number;
  /** The moments of the sentence at which they stood. */
  readonly at?: readonly MomentFigure[];
}

export function kindOf({ of }: Measured): Kind {
  switch (of) {
    case 'fraction':
    case 'percent':
    case 'points':
      return 'share';
    case 'seconds':
    case 'milliseconds':
      return 'time';
    case 'bytes':
      return 'bytes';
    case 'unknown':
      return 'unknown';
    default:
      return 'number';
  }
}

/** A measured value in the unit of seconds, bytes or one. */
export function baseOf({ value, of, scales }: Measured): number {
  return of === 'percent' || of === 'points' ? value / 100 : value * (scales[0] ?? 1);
}

export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
