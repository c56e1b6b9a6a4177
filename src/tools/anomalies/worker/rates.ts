/** Increments of a counter per second. */
export interface Rates {
  readonly values: Float64Array;
  readonly rate: boolean;
}

/** So many restarts are taken for what they are; the point at one says too little and is left out. */
const FEW_RESETS = 4;
/** What falls more often than in this part of its steps is no counter, unless it falls as a restart does. */
const MAX_FALLING = 0.1;
/** Without a name that says so, a counter is what grows in at least this part of its steps. */
const LEAST_GROWING = 0.6;
const LEAST_STEPS = 12;

/** A counter as rates, by its name or by its shape; anything else as it is. */
export function asRates(raw: Float64Array, named: boolean, stepSeconds: number): Rates {
  return isCounter(raw, named) ? { values: ratesOf(raw, stepSeconds), rate: true } : { values: raw, rate: false };
}

function isCounter(raw: Float64Array, named: boolean): boolean {
  let [steps, growing, falling, restarts] = [0, 0, 0, 0];
  let before = NaN;
  for (const value of raw) {
    if (!Number.isFinite(value)) continue;
    if (value < 0) return false;
    if (!Number.isNaN(before)) {
      steps += 1;
      growing += Number(value > before);
      falling += Number(value < before);
      restarts += Number(value < before / 2);
    }
    before = value;
  }
  const falls = falling <= MAX_FALLING * steps || restarts >= 0.8 * falling;
  if (named) return falls;
  return steps >= LEAST_STEPS && growing >= LEAST_GROWING * steps && restarts === falling && falling <= FEW_RESETS;
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
