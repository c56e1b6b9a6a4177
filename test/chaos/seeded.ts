import { chanceOf } from '../stand-ins/chance.ts';

/** Chance that comes from a seed alone: the same seed plays the same run, as far as the machine's own timing allows. */
export class Seeded {
  private readonly seed: string;
  /** In [0, 1). */
  private readonly fraction: () => number;

  constructor(seed: string) {
    this.seed = seed;
    this.fraction = chanceOf(seed).one;
  }

  /** A stream of its own: how much one part draws does not change what another one gets. */
  of(part: string): Seeded {
    return new Seeded(`${this.seed}/${part}`);
  }

  /** A whole number, both ends included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  chance(share: number): boolean {
    return this.fraction() < share;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.whole(0, list.length - 1)]!;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    return list.map(() => left.splice(this.whole(0, left.length - 1), 1)[0]!);
  }
}
