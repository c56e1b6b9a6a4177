/** What a series may do without being ill: orthonormal columns. */
export type Base = readonly Float64Array[];

/** A change that explains the most of what a base leaves. */
export interface FoundChange {
  readonly shape: 'level' | 'ramp' | 'passing';
  /** Index of the first point of the change, and of the first behind it. */
  readonly from: number;
  readonly to: number;
  /** Sum of squares that it explains. */
  readonly gain: number;
}

/** A change lasts at least so long; shorter ones are spikes. Points. */
export const LEAST_POINTS = 4;
const LEAST_PASSING = 5;
/** Before it there is at least so much to compare with. */
const LEAST_BEFORE = 8;

/** The columns made orthonormal; one that adds nothing is left out. */
export function orthonormal(columns: readonly Float64Array[]): Base {
  const base: Float64Array[] = [];
  for (const column of columns) {
    let rest = column;
    for (const other of base) {
      const part = dot(rest, other);
      rest = rest.map((value, i) => value - part * other[i]!);
    }
    const size = Math.sqrt(dot(rest, rest));
    if (size > 1e-6 * Math.sqrt(dot(column, column))) base.push(rest.map((value) => value / size));
  }
  return base;
}

/** What the base does not explain. */
export function residual(values: Float64Array, base: Base): Float64Array {
  let rest = values;
  for (const column of base) {
    const part = dot(rest, column);
    rest = rest.map((value, i) => value - part * column[i]!);
  }
  return rest;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

/** Sums from each index to the end, and one 0 behind. */
function tails(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = values.length - 1; i >= 0; i -= 1) sums[i] = sums[i + 1]! + values[i]!;
  return sums;
}

/** The best of each shape, in what the base leaves (`rest`). */
export function searchChanges(rest: Float64Array, base: Base): FoundChange[] {
  const restTails = tails(rest);
  const baseTails = base.map(tails);
  return [bestLevel(restTails, baseTails), bestRamp(restTails, baseTails), bestPassing(restTails, baseTails)].filter(
    (found) => found.gain > 0,
  );
}

type Tails = readonly Float64Array[];

/** From a point to the end, on another level. */
function bestLevel(rest: Float64Array, base: Tails): FoundChange {
  const count = rest.length - 1;
  let best: FoundChange = { shape: 'level', from: 0, to: count, gain: 0 };
  for (let from = LEAST_BEFORE; from <= count - LEAST_POINTS; from += 1) {
    let size = count - from;
    for (const sums of base) size -= sums[from]! ** 2;
    const gain = size > 1e-3 ? rest[from]! ** 2 / size : 0;
    if (gain > best.gain) best = { ...best, from, gain };
  }
  return best;
}

/** From a point on the value moves away from where it was, ever further. */
function bestRamp(rest: Float64Array, base: Tails): FoundChange {
  const count = rest.length - 1;
  let best: FoundChange = { shape: 'ramp', from: 0, to: count, gain: 0 };
  let [inner, size] = [0, 0];
  const parts = base.map(() => 0);
  for (let from = count - 1; from >= LEAST_BEFORE; from -= 1) {
    /* the ramp 1, 2, 3 … that begins here is the one that begins behind it, and one more for each point */
    inner += rest[from]!;
    const length = count - from;
    size += length ** 2;
    let left = size;
    base.forEach((sums, i) => {
      parts[i]! += sums[from]!;
      left -= parts[i]! ** 2;
    });
    if (length < 2 * LEAST_POINTS) continue;
    const gain = left > 1e-3 ? inner ** 2 / left : 0;
    if (gain > best.gain) best = { ...best, from, gain };
  }
  return best;
}

/** For a while on another level, and back. */
function bestPassing(rest: Float64Array, base: Tails): FoundChange {
  const count = rest.length - 1;
  const most = count * 0.5;
  let best: FoundChange = { shape: 'passing', from: 0, to: count, gain: 0 };
  for (let from = LEAST_BEFORE; from < count; from += 1) {
    for (let to = from + LEAST_PASSING; to <= count - LEAST_POINTS && to - from <= most; to += 1) {
      const inner = rest[from]! - rest[to]!;
      let size = to - from;
      /* most are too small whatever the base is: spare them the inner loop */
      if (inner ** 2 <= best.gain * 0.05 * size) continue;
      for (const sums of base) size -= (sums[from]! - sums[to]!) ** 2;
      const gain = size > 1e-3 ? inner ** 2 / size : 0;
      if (gain > best.gain) best = { ...best, from, to, gain };
    }
  }
  return best;
}
