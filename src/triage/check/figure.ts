/** What a number measures; `plain` is a count, or a number whose unit nobody wrote. */
export type Dimension = 'plain' | 'percent' | 'points' | 'duration' | 'bytes' | 'factor';

/** What the words before a number allow: `about 40 %`, `more than 30 %`, `below 1 %`, `almost 1 GiB`. */
export type Leeway = 'exact' | 'about' | 'more' | 'less' | 'almost';

interface Found {
  /** As it stands, from character `at` on. */
  readonly text: string;
  readonly at: number;
}

export interface NumberFigure extends Found {
  readonly kind: 'number';
  readonly dimension: Dimension;
  /** As it is written, without its unit. */
  readonly value: number;
  /** Half of the last digit that is shown: what rounding may have taken away. */
  readonly half: number;
  /** What one of its unit is in seconds, bytes or one: several where the unit has several meanings (`MB`). */
  readonly scales: readonly number[];
  /** Of a rate: per how many seconds. */
  readonly perSeconds?: number;
  readonly leeway: Leeway;
  /** `three times`, `half`: nobody counts digits of a word. */
  readonly inWords: boolean;
  /** A whole number without any unit: `3 replicas`. */
  readonly bare: boolean;
}

export interface MomentFigure extends Found {
  readonly kind: 'moment';
  /** Since 1970 where the whole date is written; else since midnight, UTC. */
  readonly seconds: number;
  /** `24 Nov`: a date without its year. */
  readonly day?: { readonly month: number; readonly date: number };
  readonly dated: boolean;
  /** The smallest part that is shown: 86,400, 60, 1 or less. */
  readonly precision: number;
  readonly about: boolean;
  /** In a zone whose offset nobody can know from its name. */
  readonly elsewhere: boolean;
}

/** A version, a revision, a host name, a status: its characters count, not its value. */
export interface TokenFigure extends Found {
  readonly kind: 'token';
  readonly token: string;
}

export type Figure = NumberFigure | MomentFigure | TokenFigure;

/** The end of a figure in its text. */
export function endOf({ at, text }: Found): number {
  return at + text.length;
}
