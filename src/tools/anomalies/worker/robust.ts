/** The middle of the numbers in `[from, to)`; NaN of none. */
export function medianOf(values: ArrayLike<number>, from = 0, to = values.length): number {
  const part = Float64Array.from({ length: Math.max(0, to - from) }, (_, i) => values[from + i]!).sort();
  const half = part.length >> 1;
  if (part.length === 0) return NaN;
  return part.length % 2 === 1 ? part[half]! : (part[half - 1]! + part[half]!) / 2;
}

/** The standard deviation of the bulk of the numbers: rare large ones do not move it, unless nothing else moves at all. */
export function scaleOf(values: ArrayLike<number>, from = 0, to = values.length): number {
  const sizes = Float64Array.from({ length: Math.max(0, to - from) }, (_, i) => Math.abs(values[from + i]!));
  const middle = 1.4826 * medianOf(sizes);
  if (middle > 0) return middle;
  return sizes.length === 0 ? 0 : (1.2533 * sizes.reduce((sum, size) => sum + size, 0)) / sizes.length;
}

/** Half of the window of the running median: it follows what lasts for four points and longer. */
const REACH = 3;

/** The running median over seven points; at the ends, of the seven there: a spike that comes last is one too. */
export function runningMedian(values: Float64Array): Float64Array {
  const count = Math.min(2 * REACH + 1, values.length);
  const window = new Float64Array(count);
  return values.map((_, at) => {
    const from = Math.max(0, Math.min(at - REACH, values.length - count));
    /* few numbers: they are sorted as they are put in */
    for (let i = 0; i < count; i += 1) {
      const value = values[from + i]!;
      let place = i;
      for (; place > 0 && window[place - 1]! > value; place -= 1) window[place] = window[place - 1]!;
      window[place] = value;
    }
    return window[count >> 1]!;
  });
}

/** How far from the running median a value may lie, in deviations of the bulk, before it is drawn in. */
const FAR = 3.5;

/** The same course without its spikes. */
export function withoutSpikes(values: Float64Array): Float64Array {
  const middle = runningMedian(values);
  const off = values.map((value, i) => value - middle[i]!);
  const most = FAR * scaleOf(off);
  return middle.map((value, i) => value + Math.max(-most, Math.min(most, off[i]!)));
}

/**
 * The correlation of neighbours, between 0 and 0.95.
 * @param least what is smaller than this is rounding, and no likeness
 */
export function likenessOfNeighbours(values: ArrayLike<number>, least: number, to = values.length): number {
  let mean = 0;
  for (let i = 0; i < to; i += 1) mean += values[i]! / to;
  let [together, alone] = [0, to * least ** 2];
  for (let i = 0; i < to; i += 1) {
    alone += (values[i]! - mean) ** 2;
    if (i > 0) together += (values[i]! - mean) * (values[i - 1]! - mean);
  }
  return alone > 0 ? Math.max(0, Math.min(0.95, together / alone)) : 0;
}
