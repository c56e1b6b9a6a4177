/** What the thread is given: it is transferred, not copied. */
export interface ScoringJob {
  /** A row a series, one after the other; NaN: no sample. */
  readonly values: Float64Array<ArrayBuffer>;
  /** Points of a row. */
  readonly points: number;
  /** A byte a series, what its name says of it: 1 a counter, 2 a gauge, 0 nothing. */
  readonly counters: Uint8Array<ArrayBuffer>;
  readonly stepSeconds: number;
  /** The point of the row at which trouble is known to have begun: changes near to it are preferred a little. */
  readonly preferred: number;
}

export type ChangeKind = 'level' | 'ramp' | 'passing' | 'spread' | 'vanished' | 'appeared';

/** One series that has changed. */
export interface ScoredChange {
  /** Its row. */
  readonly series: number;
  /** Comparable between series of any unit; more is a clearer change. */
  readonly score: number;
  readonly kind: ChangeKind;
  /** The first point that belongs to the change. */
  readonly onset: number;
  /** For a passing one, the first point behind it. */
  readonly end?: number;
  /** Medians (of a spread: standard deviations, robust) before the change and within it; NaN where there is none. */
  readonly from: number;
  readonly to: number;
  /** A counter: its values are rates per second. */
  readonly rate: boolean;
  readonly figures: SeriesFigures;
}

export interface SeriesFigures {
  readonly first: number;
  readonly last: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

export interface ScoringResult {
  /** The clearest change first. */
  readonly changes: readonly ScoredChange[];
  /** Series that hold no more than one value over the whole range. */
  readonly constant: number;
}
