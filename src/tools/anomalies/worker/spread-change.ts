import { rankDeviate } from './rank-test.ts';
import { likenessOfNeighbours, medianOf, runningMedian } from './robust.ts';

/** From a point on a series is steadier, or less steady, than before. */
export interface SpreadChange {
  readonly from: number;
  readonly evidence: number;
  /** Robust standard deviations before it and from it on. */
  readonly before: number;
  readonly after: number;
}

const LEAST_POINTS = 8;
/** The bulk must have changed by this factor: a few spikes more are no change of spread. */
const LEAST_FACTOR = 1.7;
const FAR = 4;
/** Rank deviates: below the first nothing differs, from the second on it surely does. */
const SAME = 2;
const DIFFERENT = 3.2;
/** Points that are looked at together for what is usual. */
const AROUND = 12;

/** Looks for a change of spread in what a level, a trend and a season leave. */
export function spreadChange(noise: Float64Array): SpreadChange | undefined {
  /* against its neighbours: what is slow in it, because nothing tells it well, is no spread */
  const middles = runningMedian(noise);
  const sizes = noise.map((value, i) => Math.abs(value - middles[i]!));
  const middle = medianOf(sizes) || sumOf(sizes) / sizes.length;
  if (!(middle > 0)) return undefined;
  const drawn = drawnIn(sizes, middle).map((size) => size ** 2);
  const from = bestSplit(drawn);
  if (from === 0) return undefined;
  const [before, after] = [medianOf(sizes, 0, from), medianOf(sizes, from)];
  const factor = Math.max(before, after) / Math.max(Math.min(before, after), middle / 100);
  if (factor < LEAST_FACTOR) return undefined;
  const earlier = bestSplit(drawn.subarray(0, from));
  const restless = earlier > 0 ? gainOf(drawn.subarray(0, from), earlier) : 0;
  const likeness = Math.max(0, likenessOfNeighbours(drawn, 0, from) - 0.15);
  const worth = (1 - likeness) / (1 + likeness);
  const better = worth * (gainOf(drawn, from) - restless - 1.5 * Math.log(noise.length));
  /* by their ranks too: a few large ones among many that stay as they were make no spread */
  const deviate = rankDeviate(sizes, from, sizes.length);
  const evidence = Math.min(better, deviate ** 2) * Math.max(0, Math.min(1, (deviate - SAME) / (DIFFERENT - SAME)));
  return { from, evidence, before: 1.4826 * before, after: 1.4826 * after };
}

/** The largest drawn in to what is usual around them: neither a spike nor a long tail is a spread. */
function drawnIn(sizes: Float64Array, middle: number): Float64Array {
  const usual = Array.from({ length: Math.ceil(sizes.length / AROUND) }, (_, i) =>
    medianOf(sizes, i * AROUND, Math.min(sizes.length, (i + 1) * AROUND)),
  );
  return sizes.map((size, i) => {
    const place = Math.floor(i / AROUND);
    const around = Math.max(usual[place]!, usual[place - 1] ?? 0, usual[place + 1] ?? 0, middle);
    return Math.min(size, FAR * around);
  });
}

function bestSplit(sizes: Float64Array): number {
  let [best, most] = [0, 0];
  const whole = sumOf(sizes);
  let before = 0;
  for (let from = 1; from <= sizes.length - LEAST_POINTS; from += 1) {
    before += sizes[from - 1]!;
    if (from < LEAST_POINTS) continue;
    const gain = likelihoodGain(before, from, whole - before, sizes.length - from);
    if (gain > most) [best, most] = [from, gain];
  }
  return best;
}

function gainOf(sizes: Float64Array, from: number): number {
  const before = sumOf(sizes.subarray(0, from));
  return likelihoodGain(before, from, sumOf(sizes) - before, sizes.length - from);
}

/** Of two normal spreads against one, by their squares. */
function likelihoodGain(before: number, countBefore: number, after: number, countAfter: number): number {
  const count = countBefore + countAfter;
  const least = ((before + after) / count) * 1e-3;
  const [one, other] = [Math.max(before / countBefore, least), Math.max(after / countAfter, least)];
  const both = count * Math.log((before + after) / count);
  return (both - countBefore * Math.log(one) - countAfter * Math.log(other)) / 2;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
