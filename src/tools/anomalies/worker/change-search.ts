/** What a series may do without being ill: orthonormal columns. */
export type Base = readonly Float64Array[];

/** A change that explains the most of what a base leaves. */
export interface FoundChange {
  /** Index of the first point of the change, and of the first behind it. */
  readonly from: number;
  readonly to: number;
  /** Points over which it comes about: 1 at once. */
  readonly rise: number;
  /** It is over before the range ends. */
  readonly passing: boolean;
  /** Sum of squares that it explains. */
  readonly gain: number;
}

/** A change lasts at least so long; shorter ones are spikes. Points. */
export const LEAST_POINTS = 4;
/** Before it there is at least so much to compare with. */
export const LEAST_BEFORE = 8;

/** The columns made orthonormal; one that adds nothing is left out. */
export function orthonormal(columns: readonly Float64Array[]): Base {
  const base: Float64Array[] = [];
  for (const column of columns) {
    const rest = residual(column, base);
    const size = Math.sqrt(dot(rest, rest));
    if (size <= 1e-6 * Math.sqrt(dot(column, column))) continue;
    for (let i = 0; i < rest.length; i += 1) rest[i]! /= size;
    base.push(rest);
  }
  return base;
}

/** What the base does not explain. */
export function residual(values: Float64Array, base: Base): Float64Array {
  const rest = values.slice();
  for (const column of base) {
    const part = dot(rest, column);
    for (let i = 0; i < rest.length; i += 1) rest[i]! -= part * column[i]!;
  }
  return rest;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

/** Sums from each index to the end, and one 0 behind. */
export function tails(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = values.length - 1; i >= 0; i -= 1) sums[i] = sums[i + 1]! + values[i]!;
  return sums;
}

/** The best of each kind, in what the base leaves (`rest`). */
export function searchChanges(rest: Float64Array, base: Base): FoundChange[] {
  const restTails = tails(rest);
  const baseTails = base.map(tails);
  const lasting = bestLasting(
    tails(restTails.subarray(0, -1)),
    baseTails.map((one) => tails(one.subarray(0, -1))),
  );
  return [...lasting, bestPassing(restTails, baseTails)].filter((found) => found.gain > 0);
}

type Tails = readonly Float64Array[];

/** The course of a change at a point so many points behind its first: it rises for a while and stays. */
export function heightOf({ from, to, rise }: FoundChange, at: number): number {
  return at < from || at >= to ? 0 : Math.min(1, (at - from + 1) / rise);
}

/** Points over which a change that lasts may come about; the last: to the end of the range. */
const RISES = [1, 2, 3, 4, 6, 8, 12, 20, 32, Infinity];
/** Points that a change may last that passes; what it lasts is told to an eighth. */
const LENGTHS = [5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 23, 26, 30, 34, 38, 43, 48, 54, 60];

/**
 * From a point on, at once or over some points, to another level that lasts: the best at once, and the best other.
 * @param rest tails of the tails: of 1, 2, 3 … from a point on, the sum with the values
 */
function bestLasting(rest: Float64Array, base: Tails): FoundChange[] {
  const count = rest.length - 1;
  return [RISES.slice(0, 1), RISES.slice(1)].map((rises) => {
    let best: FoundChange = { from: 0, to: count, rise: 1, passing: false, gain: 0 };
    for (const most of rises) {
      for (let from = LEAST_BEFORE; from <= count - LEAST_POINTS; from += 1) {
        const rise = Math.min(most, count - from);
        if (rise < Math.min(most, 2 * LEAST_POINTS)) break;
        const stays = from + rise;
        const inner = (rest[from]! - rest[stays]!) / rise;
        let size = ((rise + 1) * (2 * rise + 1)) / (6 * rise) + count - stays;
        /* most are too small whatever the base is: spare them the inner loop */
        if (inner ** 2 <= best.gain * 0.02 * size) continue;
        for (const sums of base) size -= ((sums[from]! - sums[stays]!) / rise) ** 2;
        const gain = size > 1e-3 ? inner ** 2 / size : 0;
        if (gain > best.gain) best = { ...best, from, rise, gain };
      }
    }
    return best;
  });
}

/** For a while on another level, and back. */
function bestPassing(rest: Float64Array, base: Tails): FoundChange {
  const count = rest.length - 1;
  let best: FoundChange = { from: 0, to: count, rise: 1, passing: true, gain: 0 };
  for (const length of LENGTHS) {
    if (length > count / 2) break;
    for (let from = LEAST_BEFORE; from + length <= count - LEAST_POINTS; from += 1) {
      const to = from + length;
      const inner = rest[from]! - rest[to]!;
      let size = length;
      if (inner ** 2 <= best.gain * 0.05 * size) continue;
      for (const sums of base) size -= (sums[from]! - sums[to]!) ** 2;
      const gain = size > 1e-3 ? inner ** 2 / size : 0;
      if (gain > best.gain) best = { ...best, from, to, gain };
    }
  }
  return best;
}
