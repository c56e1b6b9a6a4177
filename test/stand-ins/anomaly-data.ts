import { type Chance, chanceOf } from './chance.ts';

/** A series on an even grid, as a server would answer it: counters grow, NaN is no sample. */
export interface MadeSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: number[];
  /** What it does by itself. */
  readonly shape: string;
  /** What was done to it, and the first point that shows it. */
  readonly fault?: { readonly kind: string; readonly onset: number };
}

export const POINTS = 120;
/** Seconds between points. */
export const STEP = 30;

type Shape = (chance: Chance) => number[];
/** Does something to a course from a point on; `spread` is what the course does by itself. */
type Fault = (values: number[], onset: number, chance: Chance) => number[];

export interface Generator {
  readonly name: string;
  readonly healthy: readonly Shape[];
  readonly faults: Readonly<Record<string, Fault>>;
  /** Which of the healthy courses become counters. */
  readonly counters: number;
}

const indices = Array.from({ length: POINTS }, (_, i) => i);
const noise = (chance: Chance): number[] => indices.map(() => chance.normal());
const levelOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
/** Of the healthy part, in which rare spikes do not count. */
function spreadOf(values: readonly number[]): number {
  const off = indices.slice(1).map((i) => Math.abs(values[i]! - values[i - 1]!));
  return Math.max(1.05 * levelOf(off), 0.02 * Math.abs(levelOf(values)), 1e-9);
}

function similar(likeness: number, chance: Chance): number[] {
  let before = chance.normal();
  return indices.map(() => (before = likeness * before + Math.sqrt(1 - likeness ** 2) * chance.normal()));
}

function scaled(values: readonly number[], chance: Chance, relative = 0.1): number[] {
  const level = 10 ** chance.between(-3, 9);
  return values.map((value) => Math.max(0, level * (1 + relative * value)));
}

const flat: Shape = (chance) => indices.map(() => 0).fill(Math.round(chance.between(5, 50)));
const steady: Shape = (chance) => scaled(noise(chance), chance, chance.between(0.01, 0.2));
const sluggish: Shape = (chance) =>
  scaled(similar(chance.between(0.3, 0.8), chance), chance, chance.between(0.01, 0.15));
const seasonal: Shape = (chance) => {
  const [periods, phase, size] = [chance.between(0.3, 9), chance.between(0, 6.3), chance.between(1, 6)];
  return scaled(
    noise(chance).map((value, i) => value + size * Math.sin((6.283 * periods * i) / POINTS + phase)),
    chance,
    0.05,
  );
};
const trending: Shape = (chance) => {
  const slope = chance.between(-0.05, 0.15);
  return scaled(
    noise(chance).map((value, i) => value + slope * i),
    chance,
    0.04,
  );
};
const spiky: Shape = (chance) =>
  scaled(
    noise(chance).map((value) => (chance.one() < 0.04 ? value + chance.between(5, 40) : value)),
    chance,
    0.05,
  );
const heavy: Shape = (chance) =>
  scaled(
    indices.map(() => Math.exp(chance.between(0.5, 1) * chance.normal())),
    chance,
    1,
  );
const student: Shape = (chance) =>
  scaled(
    indices.map(
      () => chance.normal() / Math.sqrt((chance.normal() ** 2 + chance.normal() ** 2 + chance.normal() ** 2) / 3),
    ),
    chance,
    0.05,
  );
const rare: Shape = (chance) => indices.map(() => chance.poisson(chance.between(0.02, 0.6)));
const counts: Shape = (chance) => {
  const mean = chance.between(2, 60);
  return indices.map(() => chance.poisson(mean));
};
const sawtooth: Shape = (chance) => {
  const [period, phase, level] = [
    Math.round(chance.between(6, 40)),
    Math.round(chance.between(0, 40)),
    10 ** chance.between(3, 9),
  ];
  return noise(chance).map((value, i) => level * (1 + ((i + phase) % period) / period + 0.03 * value));
};
const square: Shape = (chance) => {
  const [period, phase] = [Math.round(chance.between(10, 30)), Math.round(chance.between(0, 30))];
  const width = chance.between(0.2, 0.6) * period;
  return scaled(
    noise(chance).map((value, i) => value + ((i + phase) % period < width ? 8 : 0)),
    chance,
    0.05,
  );
};
const bursts: Shape = (chance) => {
  const values = noise(chance);
  for (let k = 0; k < 5; k += 1) {
    const from = Math.floor(chance.between(0, POINTS));
    const size = chance.between(6, 20);
    for (let i = from; i < Math.min(POINTS, from + 1 + Math.floor(chance.between(0, 3))); i += 1) values[i]! += size;
  }
  return scaled(values, chance, 0.05);
};
const curved: Shape = (chance) => {
  const bend = chance.between(-4, 4);
  return scaled(
    noise(chance).map((value, i) => value + bend * ((i / POINTS) ** 2 * 3)),
    chance,
    0.04,
  );
};
const share: Shape = (chance) => {
  const busy = chance.between(0.05, 0.8);
  return similar(0.5, chance).map((value) => Math.min(1, Math.max(0, busy + 0.04 * value)));
};

const from = (values: readonly number[], onset: number, change: (value: number, since: number) => number): number[] =>
  values.map((value, i) => (i < onset ? value : change(value, i - onset)));

const shift =
  (least: number, most: number): Fault =>
  (values, onset, chance) => {
    const size = chance.between(least, most) * spreadOf(values);
    return from(values, onset, (value) => value + size);
  };
const factor =
  (least: number, most: number): Fault =>
  (values, onset, chance) => {
    const size = chance.between(least, most);
    const rise = size * Math.max(levelOf(values), spreadOf(values));
    return from(values, onset, (value) => value + rise);
  };
const ramp =
  (least: number, most: number): Fault =>
  (values, onset, chance) => {
    const slope = chance.between(least, most) * spreadOf(values);
    return from(values, onset, (value, since) => value + slope * (since + 1));
  };
const spread =
  (least: number, most: number): Fault =>
  (values, onset, chance) => {
    const size = chance.between(least, most) * spreadOf(values);
    return from(values, onset, (value) => Math.max(0, value + size * chance.normal()));
  };
const zero: Fault = (values, onset) => from(values, onset, () => 0);
const vanish: Fault = (values, onset) => from(values, onset, () => NaN);
const appear: Fault = (values, onset) => values.map((value, i) => (i < onset ? NaN : value));
const passing: Fault = (values, onset, chance) => {
  const size = chance.between(6, 12) * spreadOf(values);
  return from(values, onset, (value, since) => (since < 15 ? value + size : value));
};
const slowdown: Fault = (values, onset) => from(values, onset, (value) => value * 0.2);

/** Four worlds; none is like another in its shapes, its faults, or their strength. */
export const GENERATORS: readonly Generator[] = [
  {
    name: 'plain',
    healthy: [steady, steady, flat, seasonal, trending, spiky],
    faults: { shift: shift(5, 12), ramp: ramp(0.4, 1), spread: spread(4, 8), zero, vanish, appear },
    counters: 0.25,
  },
  {
    name: 'shop',
    healthy: [share, counts, sluggish, sawtooth, flat, heavy, seasonal],
    faults: { factor: factor(1.5, 6), zero, slowdown, vanish, appear, passing: factor(2, 4) },
    counters: 0.5,
  },
  {
    name: 'nasty',
    healthy: [heavy, student, rare, square, bursts, curved, sluggish, seasonal, spiky],
    faults: { shift: shift(8, 20), factor: factor(2, 5), ramp: ramp(0.7, 2), vanish, appear, passing },
    counters: 0.2,
  },
  {
    name: 'mixed',
    healthy: [steady, sluggish, seasonal, trending, spiky, heavy, rare, counts, sawtooth, flat, curved, bursts],
    faults: {
      shift: shift(6, 15),
      factor: factor(1, 4),
      ramp: ramp(0.5, 1.5),
      spread: spread(5, 10),
      zero,
      vanish,
      appear,
    },
    counters: 0.3,
  },
];

/** On these a fault of its size shows: in the others it would hide in what they do by themselves. */
const CALM: ReadonlySet<Shape> = new Set([
  flat,
  steady,
  sluggish,
  seasonal,
  trending,
  counts,
  share,
  curved,
  heavy,
  student,
]);

export interface MadeIncident {
  readonly series: readonly MadeSeries[];
}

/** `count` series, `ill` of them with a fault that begins somewhere between a third and 9 tenths of the range. */
export function madeIncident(generator: Generator, seed: number, count = 200, ill = 5): MadeIncident {
  const chance = chanceOf(`${generator.name}/${seed}`);
  const kinds = Object.keys(generator.faults);
  const calm = generator.healthy.filter((shape) => CALM.has(shape));
  const places = new Set<number>();
  while (places.size < ill) places.add(Math.floor(chance.between(0, count)));
  const series = Array.from({ length: count }, (_, place): MadeSeries => {
    const isIll = places.has(place);
    const shape = chance.of(isIll ? calm : generator.healthy);
    const kind = chance.of(kinds);
    const onset = Math.floor(chance.between(POINTS / 3, POINTS * 0.9));
    const counts = chance.one() < generator.counters;
    let values = shape(chance);
    if (isIll) values = generator.faults[kind]!(values, onset, chance).map((value) => Math.max(0, value));
    if (counts) values = counter(values, chance);
    else if (chance.one() < 0.3) values = withGaps(values, chance);
    const name = `m${Math.floor(place / 4)}_${counts ? 'total' : 'value'}`;
    return {
      name,
      labels: { pod: `p${place % 4}` },
      values,
      shape: shape.name,
      ...(isIll && { fault: { kind, onset } }),
    };
  });
  return { series };
}

function counter(rates: readonly number[], chance: Chance): number[] {
  let value = chance.one() < 0.5 ? 0 : chance.between(0, 1e4) * (rates.find((rate) => rate > 0) ?? 1);
  const resets = chance.one() < 0.3 ? 1 + Math.floor(chance.between(0, 3)) : 0;
  const at = new Set(Array.from({ length: resets }, () => Math.floor(chance.between(5, POINTS - 5))));
  return rates.map((rate, i) => {
    if (Number.isNaN(rate)) return NaN;
    value = at.has(i) ? rate * STEP * chance.one() : value + rate * STEP;
    return value;
  });
}

function withGaps(values: readonly number[], chance: Chance): number[] {
  const gaps = 1 + Math.floor(chance.between(0, 3));
  const holes = new Set<number>();
  for (let k = 0; k < gaps; k += 1) {
    const start = Math.floor(chance.between(0, POINTS - 6));
    for (let i = start; i < start + 1 + Math.floor(chance.between(0, 4)); i += 1) holes.add(i);
  }
  return values.map((value, i) => (holes.has(i) ? NaN : value));
}
