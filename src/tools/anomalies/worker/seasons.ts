import { type Base, dot, orthonormal } from './change-search.ts';

/** Shares of a series' variance that waves of a period must explain before they count as its season. */
const LEAST_SHARE = 0.15;

const waves = new Map<number, Map<number, readonly [Float64Array, Float64Array]>>();

/** Cosine and sine with so many periods over the points. */
function wave(points: number, periods: number): readonly [Float64Array, Float64Array] {
  const ofLength = waves.get(points) ?? new Map<number, readonly [Float64Array, Float64Array]>();
  waves.set(points, ofLength);
  const known = ofLength.get(periods);
  if (known) return known;
  const angle = (2 * Math.PI * periods) / points;
  const made = [
    Float64Array.from({ length: points }, (_, i) => Math.cos(angle * i)),
    Float64Array.from({ length: points }, (_, i) => Math.sin(angle * i)),
  ] as const;
  ofLength.set(periods, made);
  return made;
}

/** How often the strongest wave of the values comes in them; undefined where none is strong. */
export function periodsOf(rest: Float64Array): number | undefined {
  const points = rest.length;
  const whole = dot(rest, rest);
  let [best, share] = [0, LEAST_SHARE];
  for (let periods = FULLY_SEEN; periods <= points / 4; periods += periods < 8 ? 0.25 : 0.5) {
    const [cosine, sine] = wave(points, periods);
    const found = (dot(rest, cosine) ** 2 + dot(rest, sine) ** 2) / (points / 2) / whole;
    if (found > share) [best, share] = [periods, found];
  }
  return best > 0 ? best : undefined;
}

const slowBases = new Map<number, readonly (readonly [periods: number, base: Base])[]>();

/** Of the waves that come at most twice, the one that tells the values best together with a level. */
export function slowPeriodsOf(values: Float64Array): number {
  const points = values.length;
  let bases = slowBases.get(points);
  if (!bases) {
    const ones = new Float64Array(points).fill(1);
    const all = Array.from({ length: 15 }, (_, i) => 0.25 + i / 8);
    bases = all.map((periods) => [periods, orthonormal([ones, ...wave(points, periods)])] as const);
    slowBases.set(points, bases);
  }
  let [best, most] = [FULLY_SEEN, 0];
  for (const [periods, base] of bases) {
    const found = base.reduce((sum, column) => sum + dot(values, column) ** 2, 0);
    if (found > most) [best, most] = [periods, found];
  }
  return best;
}

/** A season that is seen so often need not be a sine: its first harmonic belongs to it, and a trend may go with it. */
export const FULLY_SEEN = 2;

export function seasonColumns(points: number, periods: number): Float64Array[] {
  return [...wave(points, periods), ...(periods >= FULLY_SEEN ? wave(points, 2 * periods) : [])];
}
