import type { Labels } from './label-matchers.ts';

/** `stale` ends a series at once, as a scrape that no longer shows it does. */
export type Sample = readonly [unixSeconds: number, value: number | 'stale'];

export interface Series {
  /** With `__name__`. */
  readonly labels: Labels;
  /** In the order of time. */
  readonly samples: readonly Sample[];
}

export interface VectorSample {
  readonly labels: Labels;
  readonly value: number;
}

export interface RangeSeries {
  readonly labels: Labels;
  readonly samples: readonly (readonly [number, number])[];
}

export type Value =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly samples: readonly VectorSample[] }
  | { readonly type: 'matrix'; readonly series: readonly RangeSeries[] };
