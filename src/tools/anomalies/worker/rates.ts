import { medianOf } from './robust.ts';

/** Increments of a counter per second. */
export interface Rates {
  readonly values: Float64Array;
  readonly rate: boolean;
}

/** So many restarts are taken for what they are; the point at one says too little and is left out. */
const FEW_RESETS = 4;
/** What falls more often than in this part of its steps is no counter, unless it falls as a restart does. */
const MAX_FALLING = 0.1;
/** Without a name that says so, a counter is what never falls but by a restart, and has grown so often. */
const LEAST_GROWN = 5;
const LEAST_STEPS = 12;
/** What a restarted counter has counted since, in usual increments. */
const SOON_AFTER = 3;

/** What the name of a series says that it is. */
export type Named = 'counter' | 'gauge';

/** A counter as rates, by its name or by its shape; anything else as it is. */
export function asRates(raw: Float64Array, named: Named | undefined, stepSeconds: number): Rates {
  return isCounter(raw, named) ? { values: ratesOf(raw, stepSeconds), rate: true } : { values: raw, rate: false };
}

function isCounter(raw: Float64Array, named: Named | undefined): boolean {
  if (named === 'gauge') return false;
  const known = raw.filter(Number.isFinite);
  if (known.some((value) => value < 0)) return false;
  const grown = known.subarray(1).map((value, i) => value - known[i]!);
  const growing = grown.filter((step) => step > 0);
  const falls = [...grown.keys()].filter((i) => grown[i]! < 0);
  const little = falls.length > 0 ? SOON_AFTER * medianOf(growing) : 0;
  const restarts = falls.filter((i) => known[i + 1]! < known[i]! / 2 || known[i + 1]! <= little);
  if (named === 'counter') return falls.length <= MAX_FALLING * grown.length || restarts.length >= 0.8 * falls.length;
  const rarely = restarts.length === falls.length && falls.length <= FEW_RESETS;
  /* a queue that stood still before it grew is no counter */
  const early = grown.subarray(0, Math.floor(grown.length / 3)).filter((step) => step > 0);
  return rarely && grown.length >= LEAST_STEPS && growing.length >= LEAST_GROWN && early.length > 0;
}

function ratesOf(raw: Float64Array, stepSeconds: number): Float64Array {
  let resets = 0;
  let before = -1;
  const values = raw.map((value, i) => {
    if (!Number.isFinite(value)) return NaN;
    const last = before;
    before = i;
    if (last < 0) return NaN;
    const grown = value - raw[last]!;
    const seconds = (i - last) * stepSeconds;
    if (grown >= 0) return grown / seconds;
    resets += 1;
    return -1 - value / seconds;
  });
  /* a restart loses what was counted since the last sample: one point that is too low. Of many the points are kept */
  return values.map((value) => (value >= 0 ? value : resets <= FEW_RESETS ? NaN : -1 - value));
}
