import { type Base, dot, LEAST_BEFORE, LEAST_POINTS, orthonormal, tails } from './change-search.ts';

/** A season that is seen so often need not be a sine: its first harmonic belongs to it, and a trend may go with it. */
export const FULLY_SEEN = 2;

/** Where the points of a course lie among how many: a gap does not stop a season. */
export interface Places {
  readonly at: readonly number[];
  readonly span: number;
}

type Wave = readonly [cosine: Float64Array, sine: Float64Array];

const waves = new Map<number, Map<number, Wave>>();

/** Cosine and sine with so many periods over the whole span. */
function wave(span: number, periods: number): Wave {
  const known = waves.get(span) ?? new Map<number, Wave>();
  waves.set(span, known);
  let found = known.get(periods);
  if (!found) {
    const angle = (2 * Math.PI * periods) / span;
    found = [
      Float64Array.from({ length: span }, (_, i) => Math.cos(angle * i)),
      Float64Array.from({ length: span }, (_, i) => Math.sin(angle * i)),
    ];
    known.set(periods, found);
  }
  return found;
}

export function seasonColumns({ at, span }: Places, periods: number): Float64Array[] {
  const columns = [...wave(span, periods), ...(periods >= FULLY_SEEN ? wave(span, 2 * periods) : [])];
  return at.length === span ? columns : columns.map((whole) => Float64Array.from(at, (i) => whole[i]!));
}

/**
 * Periods worth a closer look: of the waves that come at most twice, and of those that come more often, the one that
 * tells the values best, by itself and together with a step.
 */
export function likelyPeriods(values: Float64Array, places: Places): Set<number> {
  const whole = filled(values, places);
  const rest = tails(whole);
  const told = (periods: number): Told => toldBy(whole, rest, steppedWave(places.span, periods));
  return new Set(candidates(places.span).flatMap((periods) => bestOf(periods, told)));
}

/** Sums of squares that a wave tells, by itself and with the best step. */
type Told = readonly [alone: number, withStep: number];

/** So often the step to a better period is halved. */
const HALVINGS = 3;

function bestOf(periods: readonly number[], told: (periods: number) => Told): number[] {
  const first = periods.map(told);
  const least = periods[0]!;
  return ([0, 1] as const).map((way) => {
    let [best, most] = [least, 0];
    const consider = (one: number, found: Told): void => {
      if (found[way] > most) [best, most] = [one, found[way]];
    };
    periods.forEach((one, i) => consider(one, first[i]!));
    let step = periods[1]! - least;
    for (let left = HALVINGS; left > 0; left -= 1) {
      step /= 2;
      for (const near of [Math.max(least, best - step), best + step]) consider(near, told(near));
    }
    return best;
  });
}

/** Periods over the span that are tried first. */
function candidates(span: number): readonly (readonly number[])[] {
  const slow = Array.from({ length: 15 }, (_, i) => 0.25 + i / 8);
  const fast = [FULLY_SEEN];
  for (let last = FULLY_SEEN; last < span / 4; fast.push(last)) last += last < 8 ? 0.25 : 0.5;
  return [slow, fast];
}

/** A level and a wave, and what a step adds to them, whatever the values are. */
interface SteppedWave {
  readonly base: Base;
  readonly tails: readonly Float64Array[];
  /** Squares of a step from each point to the end that the base does not tell. */
  readonly sizes: Float64Array;
}

const steppedWaves = new Map<number, Map<number, SteppedWave>>();

function steppedWave(span: number, periods: number): SteppedWave {
  const known = steppedWaves.get(span) ?? new Map<number, SteppedWave>();
  steppedWaves.set(span, known);
  let found = known.get(periods);
  if (!found) {
    const base = orthonormal([new Float64Array(span).fill(1), ...wave(span, periods)]);
    const all = base.map(tails);
    const sizes = Float64Array.from({ length: span }, (_, from) =>
      all.reduce((left, sums) => left - sums[from]! ** 2, span - from),
    );
    found = { base, tails: all, sizes };
    known.set(periods, found);
  }
  return found;
}

/** @param rest tails of the values */
function toldBy(values: Float64Array, rest: Float64Array, { base, tails: all, sizes }: SteppedWave): Told {
  const parts = base.map((column) => dot(values, column));
  const alone = parts.reduce((sum, part) => sum + part ** 2, 0);
  let most = 0;
  for (let from = LEAST_BEFORE; from <= values.length - LEAST_POINTS; from += 1) {
    let inner = rest[from]!;
    for (let i = 0; i < parts.length; i += 1) inner -= parts[i]! * all[i]![from]!;
    if (sizes[from]! > 1 && inner ** 2 > most * sizes[from]!) most = inner ** 2 / sizes[from]!;
  }
  return [alone, alone + most];
}

/** With straight lines over its gaps. */
function filled(values: Float64Array, { at, span }: Places): Float64Array {
  if (at.length === span) return values;
  const whole = new Float64Array(span);
  for (let i = 0; i + 1 < at.length; i += 1) {
    const [from, to] = [at[i]!, at[i + 1]!];
    const slope = (values[i + 1]! - values[i]!) / (to - from);
    for (let point = from; point < to; point += 1) whole[point] = values[i]! + slope * (point - from);
  }
  whole[span - 1] = values[values.length - 1]!;
  return whole;
}
