/** Chance that is the same for the same seed, on every machine. */
export interface Chance {
  /** Between 0 and 1. */
  one(): number;
  between(least: number, most: number): number;
  /** Standard normal. */
  normal(): number;
  poisson(mean: number): number;
  of<Item>(items: readonly Item[]): Item;
}

/** mulberry32, begun at the FNV-1a hash of the seed. */
export function chanceOf(seed: string): Chance {
  let state = 2166136261;
  for (const letter of seed) state = Math.imul(state ^ letter.charCodeAt(0), 16777619);
  const one = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const between = (least: number, most: number): number => least + (most - least) * one();
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - one())) * Math.cos(2 * Math.PI * one());
  return {
    one,
    between,
    normal,
    of: (items) => items[Math.floor(one() * items.length)]!,
    poisson: (mean) => {
      const least = Math.exp(-mean);
      let count = 0;
      for (let product = one(); product > least; product *= one()) count += 1;
      return count;
    },
  };
}
