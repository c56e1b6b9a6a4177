/** One value of a series. */
export interface Sample {
  /** Unix seconds. */
  readonly at: number;
  readonly value: number;
}

/** From where on a series stands at another level. */
export interface LevelShift {
  /** Of the first sample at the new level, unix seconds. */
  readonly at: number;
  /** The medians before it and since (until it falls back, if it does). */
  readonly from: number;
  readonly to: number;
  /** It rises or falls all along: a straight line tells it better than two levels, and `at` is no onset. */
  readonly isDrift: boolean;
  /** The shift over the noise, by how many samples tell it (a two-sample t): below 7 chance makes one. */
  readonly score: number;
}

/** Below this no change of level is told. */
export const TELLING_SCORE = 7;

/** A stretch inside a series has at least so many samples: fewer are a spike. */
const LEAST_INSIDE = 3;
const LEAST_AT_THE_ENDS = 2;
/** Noise is taken for at least this part of the largest level: a step from 100 to 101 matters to nobody. */
const LEAST_NOISE = 0.02;

/**
 * The stretch that differs most from all before and behind it, be it a step (to the end) or a hump. Compares all of
 * them by running sums, so it is meant for some sixty samples; undefined for fewer than five.
 */
export function levelShift(samples: readonly Sample[]): LevelShift | undefined {
  const count = samples.length;
  if (count < LEAST_AT_THE_ENDS + LEAST_INSIDE) return undefined;
  const values = samples.map(({ value }) => value);
  const middle = median(values);
  /* around the median: sums of squares of large numbers would lose what differs between them */
  const x = withoutSpikes(values.map((value) => value - middle));
  const floor = (LEAST_NOISE * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)) ** 2;
  const best = strongestStretch(x, floor);
  if (!best) return undefined;
  return {
    isDrift: best.within > aroundLine(x) + floor,
    at: samples[best.from]!.at,
    from: median(values.slice(0, best.from)),
    to: median(values.slice(best.from, best.to)),
    score: best.score,
  };
}

/** Of each value and its two neighbours the middle one: a single sample is no level, and a step stays where it is. */
function withoutSpikes(values: readonly number[]): number[] {
  return values.map((value, i) => {
    const [before, behind] = [values[i - 1], values[i + 1]];
    if (before === undefined || behind === undefined) return value;
    if (before < behind) return value < before ? before : value > behind ? behind : value;
    return value < behind ? behind : value > before ? before : value;
  });
}

/** By how many times its usual distance from the median the farthest sample lies away: a spike that is no level. */
export function spikeScore(samples: readonly Sample[]): number {
  if (samples.length < LEAST_AT_THE_ENDS + LEAST_INSIDE) return 0;
  const values = samples.map(({ value }) => value);
  const middle = median(values);
  const distances = values.map((value) => Math.abs(value - middle));
  const noise = median(distances) * 1.4826 + LEAST_NOISE * Math.abs(middle);
  const farthest = distances.reduce((most, distance) => Math.max(most, distance), 0);
  if (farthest === 0) return 0;
  return noise > 0 ? farthest / noise : Infinity;
}

/** The lower middle one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;
}

interface Stretch {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly score: number;
  /** What the two levels leave unexplained: a variance. */
  readonly within: number;
}

/** What a straight line through the values leaves unexplained. */
function aroundLine(x: readonly number[]): number {
  const count = x.length;
  const [middle, mean] = [(count - 1) / 2, x.reduce((sum, value) => sum + value, 0) / count];
  let [along, across, all] = [0, 0, 0];
  for (const [i, value] of x.entries()) {
    along += (i - middle) * (i - middle);
    across += (i - middle) * (value - mean);
    all += (value - mean) * (value - mean);
  }
  return (all - (across * across) / along) / (count - 2);
}

function strongestStretch(x: readonly number[], floor: number): Stretch | undefined {
  const count = x.length;
  const sums = [0];
  let squares = 0;
  for (const value of x) {
    sums.push(sums.at(-1)! + value);
    squares += value * value;
  }
  const total = sums[count]!;
  const all = squares - (total * total) / count;
  /* squares of scores are compared: nothing but arithmetic runs in here, some thousand times a series */
  let [best, from, to, rest] = [0, 0, 0, 0];
  for (let begin = LEAST_AT_THE_ENDS; begin <= count - LEAST_AT_THE_ENDS; begin += 1) {
    for (let end = begin + LEAST_AT_THE_ENDS; end <= count; end += 1) {
      const inside = end - begin;
      if (inside < LEAST_INSIDE && end < count) continue;
      const outside = count - inside;
      const sum = sums[end]! - sums[begin]!;
      const difference = sum / inside - (total - sum) / outside;
      const between = (difference * difference * inside * outside) / count;
      const within = all > between ? (all - between) / (count - 2) : 0;
      const score = between / (within + floor);
      if (score > best) [best, from, to, rest] = [score, begin, end, within];
    }
  }
  return best > 0 ? { from, to, score: Math.sqrt(best), within: rest } : undefined;
}
