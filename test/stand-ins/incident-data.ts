import { type Chance, chanceOf } from './chance.ts';
import type { MadeIncident, MadeSeries } from './anomaly-data.ts';

/** How hard it is to see which series are ill. */
export interface Difficulty {
  /** Size of a fault, in standard deviations of the series' own noise, its season left out. */
  readonly sigmas: number;
  /** Where in the range a fault begins: fractions. */
  readonly onset: readonly [number, number];
  /** Powers of ten between which the levels of the series lie. */
  readonly scale: readonly [number, number];
}

export const DIFFICULTIES: Readonly<Record<'easy' | 'medium' | 'hard', Difficulty>> = {
  easy: { sigmas: 10, onset: [0.5, 0.85], scale: [-3, 9] },
  medium: { sigmas: 6, onset: [0.5, 0.85], scale: [-3, 9] },
  hard: { sigmas: 4, onset: [0.5, 0.85], scale: [-3, 9] },
};

const POINTS = 120;
const STEP_SECONDS = 30;

/** What a series does by itself: its mean course without noise, and how it is disturbed. */
interface Habit {
  readonly kind: string;
  readonly season: boolean;
  readonly spikes: boolean;
  readonly gaps: boolean;
  readonly noise: boolean;
  readonly counter: boolean;
  readonly resets: boolean;
}

const PLAIN = { season: false, spikes: false, gaps: false, noise: true, counter: false, resets: false };

const HABITS: readonly Habit[] = [
  { ...PLAIN, kind: 'steady gauge' },
  { ...PLAIN, kind: 'seasonal gauge', season: true },
  { ...PLAIN, kind: 'gauge with gaps', gaps: true },
  { ...PLAIN, kind: 'seasonal gauge with gaps', season: true, gaps: true },
  { ...PLAIN, kind: 'flat line', noise: false },
  { ...PLAIN, kind: 'spiky gauge', spikes: true },
  { ...PLAIN, kind: 'seasonal spiky gauge', season: true, spikes: true },
  { ...PLAIN, kind: 'counter', counter: true },
  { ...PLAIN, kind: 'counter with resets', counter: true, resets: true },
  { ...PLAIN, kind: 'counter with resets and gaps', counter: true, resets: true, gaps: true },
  { ...PLAIN, kind: 'seasonal counter with resets', counter: true, resets: true, season: true },
];

/** What a fault adds at a point so many steps after its onset, in parts of its whole size. */
type Course = (since: number) => number;

const FAULTS: Readonly<Record<string, (chance: Chance) => Course>> = {
  'step up': () => () => 1,
  'step down': () => () => -1,
  'ramp up': (chance) => {
    const steps = chance.between(2, 6);
    return (since) => Math.min(3, (since + 1) / steps);
  },
  'ramp to a plateau': (chance) => {
    const steps = chance.between(2, 5);
    return (since) => Math.min(1, (since + 1) / steps);
  },
};

/**
 * Series of one hour, written from the sentence "seasonality, gaps, counter resets, flat and spiky lines" alone:
 * every fault stays to the end of the range.
 */
export function incidentOf(difficulty: Difficulty, seed: number, count = 200, ill = 5): MadeIncident {
  const chance = chanceOf(`incident/${difficulty.sigmas}/${seed}`);
  const illPlaces = new Set<number>();
  while (illPlaces.size < ill) illPlaces.add(Math.floor(chance.one() * count));
  const series = Array.from({ length: count }, (_, place) =>
    madeSeries(place, illPlaces.has(place) ? difficulty : undefined, difficulty, chance),
  );
  return { series };
}

function madeSeries(
  place: number,
  fault: Difficulty | undefined,
  { scale, onset: [earliest, latest] }: Difficulty,
  chance: Chance,
): MadeSeries {
  const habit = chance.of(HABITS);
  const level = 10 ** chance.between(...scale);
  // A flat line has no noise of its own: its fault is as large as that of a calm neighbour.
  const sigma = level * chance.between(0.01, 0.05);
  const kind = chance.of(Object.keys(FAULTS));
  const onset = Math.round(POINTS * chance.between(earliest, latest));
  let values = courseOf(habit, level, sigma, chance);
  if (fault) {
    const course = FAULTS[kind]!(chance);
    values = values.map((value, at) => (at < onset ? value : value + fault.sigmas * sigma * course(at - onset)));
  }
  values = values.map((value) => Math.max(0, value));
  if (habit.counter) values = countedUp(values, habit.resets, chance);
  if (habit.gaps) values = withGaps(values, chance);
  return {
    name: `${habit.counter ? 'requests' : 'level'}_${place % 20}${habit.counter ? '_total' : ''}`,
    labels: { instance: `host-${place}` },
    values,
    shape: habit.kind,
    ...(fault && { fault: { kind, onset } }),
  };
}

function courseOf({ season, spikes, noise }: Habit, level: number, sigma: number, chance: Chance): number[] {
  const amplitude = season ? sigma * chance.between(2, 8) : 0;
  const period = chance.between(12, POINTS);
  const phase = chance.between(0, 2 * Math.PI);
  const height = sigma * chance.between(8, 40);
  return Array.from({ length: POINTS }, (_, at) => {
    const wave = amplitude * Math.sin((2 * Math.PI * at) / period + phase);
    const spike = spikes && chance.one() < 0.03 ? height : 0;
    return level + wave + spike + (noise ? sigma * chance.normal() : 0);
  });
}

function countedUp(rates: readonly number[], resets: boolean, chance: Chance): number[] {
  let value = rates[0]! * STEP_SECONDS * chance.between(0, 10_000);
  const restarts = new Set<number>();
  for (let left = resets ? 1 + Math.floor(chance.between(0, 3)) : 0; left > 0; left -= 1)
    restarts.add(1 + Math.floor(chance.one() * (POINTS - 1)));
  return rates.map((rate, at) => {
    const grown = rate * STEP_SECONDS;
    value = restarts.has(at) ? grown * chance.one() : value + grown;
    return value;
  });
}

/** One to three holes of up to eight points, and single points that were not scraped. */
function withGaps(values: readonly number[], chance: Chance): number[] {
  const missing = new Set<number>();
  for (let left = 1 + Math.floor(chance.between(0, 3)); left > 0; left -= 1) {
    const from = Math.floor(chance.one() * POINTS);
    const length = 1 + Math.floor(chance.between(0, 8));
    for (let at = from; at < from + length; at += 1) missing.add(at);
  }
  return values.map((value, at) => (missing.has(at) || chance.one() < 0.01 ? NaN : value));
}
