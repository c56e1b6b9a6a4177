import {
  type Base,
  dot,
  type FoundChange,
  heightOf,
  LEAST_POINTS,
  orthonormal,
  residual,
  searchChanges,
} from './change-search.ts';
import { likenessOfNeighbours, withoutSpikes } from './robust.ts';
import { FULLY_SEEN, likelyPeriods, type Places, seasonColumns } from './seasons.ts';

/** What a series does by itself, and how its level changed if it did. */
export interface ToldCourse {
  readonly change?: LevelChange;
  /** What neither a base nor a change explains, spikes included. */
  readonly noise: Float64Array;
}

/** A change of what a series is about, against what it does by itself. */
export interface LevelChange extends FoundChange {
  /** How much better the course is told with the change than without: a difference of log likelihoods. */
  readonly evidence: number;
  /** Size of the change, in the unit of the series. */
  readonly delta: number;
}

/** One way to tell a course: what it does by itself, and a change or none. */
interface Telling {
  readonly base: Base;
  readonly rest: Float64Array;
  readonly change?: FoundChange;
  /** Twice the negative log likelihood, with a price for each thing that was chosen to fit. */
  readonly cost: number;
}

/** Less is chance, whatever else could tell the course. */
const LEAST_EVIDENCE = 4;
/** Points before a change from which its surroundings are known. */
const ENOUGH_BEFORE = 16;
/** What is found in the calm before counts so much against a change. */
const RESTLESS = 1.5;
/** A point outside of a change that is half as far away is like it. */
const LIKE_IT = 0.5;
/** A change that passes after so many points counts half. */
const SOON_OVER = 5;

/**
 * The change that tells the course best, among those that last and that pass, against constants, trends and seasons.
 * @param least smallest difference that means something: squares below it are no precision
 */
export function toldCourse(values: Float64Array, places: Places, least: number): ToldCourse {
  const points = values.length;
  const calm = withoutSpikes(values);
  const withSpikes = (noise: Float64Array): Float64Array =>
    noise.map((value, i) => rounded(value + values[i]! - calm[i]!, least));
  const ones = new Float64Array(points).fill(1);
  const line = Float64Array.from(places.at, (at) => at - (places.span - 1) / 2);
  const plain = [orthonormal([ones]), orthonormal([ones, line])];
  const told = plain.flatMap((base) => tellings(calm, base, least));
  /* what not even a constant is told worse by needs no season to explain it away */
  const [steady, moved] = [cheapest(told, false), cheapest(told, true)];
  if (!moved.change || (steady.cost - moved.cost) / 2 < LEAST_EVIDENCE) return { noise: withSpikes(steady.rest) };
  const tried = new Set<number>();
  const trySeasons = (course: Float64Array): void => {
    for (const periods of likelyPeriods(course, places)) {
      if (tried.has(periods)) continue;
      tried.add(periods);
      const columns = seasonColumns(places, periods);
      /* a slow wave and a trend together would tell any ramp */
      const slow = periods < FULLY_SEEN;
      told.push(...tellings(calm, orthonormal([ones, ...(slow ? [] : [line]), ...columns]), least, 1));
    }
  };
  trySeasons(calm);
  if ((cheapest(told, false).cost - cheapest(told, true).cost) / 2 >= LEAST_EVIDENCE) {
    trySeasons(withoutChange(calm, cheapest(told, true)));
  }
  const [without, best] = [cheapest(told, false), cheapest(told, true)];
  if (!best.change || best.cost >= without.cost) return { noise: withSpikes(without.rest) };
  const { change, base, rest } = best;
  const { noise, delta } = explained(rest, base, change);
  const calmBefore = change.from >= ENOUGH_BEFORE ? change.from : points;
  const likeness = Math.max(0, likenessOfNeighbours(noise, least, calmBefore) - 0.15);
  const worth = (1 - likeness) / (1 + likeness);
  const better = (without.cost - best.cost) / 2;
  const evidence = Math.min(worth * better, better - RESTLESS * restlessness(noise.subarray(0, calmBefore), least));
  const spiky = withSpikes(noise);
  const sure = evidence * singular(change, delta, spiky);
  if (sure <= 0) return { noise: withSpikes(without.rest) };
  return { change: { ...change, evidence: sure, delta }, noise: spiky };
}

/** How far a change is something of its own, between 0 and 1: a burst among bursts is not, however many points it has. */
function singular({ passing, from, to }: FoundChange, delta: number, noise: Float64Array): number {
  const like = noise.filter(
    (value, i) => (i < from || i >= to) && Math.sign(delta) * value > LIKE_IT * Math.abs(delta),
  );
  const length = to - from;
  const lasting = passing ? length / (length + SOON_OVER) : 1;
  return lasting / (1 + (2 * like.length) / length);
}

/** What the arithmetic leaves is nothing. */
function rounded(value: number, least: number): number {
  return Math.abs(value) < 1e-6 * least ? 0 : value;
}

function cheapest(told: readonly Telling[], changed: boolean): Telling {
  const of = told.filter(({ change }) => (change !== undefined) === changed);
  return of.reduce((best, one) => (one.cost < best.cost ? one : best), of[0] ?? told[0]!);
}

/** @param chosenBefore what of the base was chosen to fit: the periods of a season */
function tellings(values: Float64Array, base: Base, least: number, chosenBefore = 0): Telling[] {
  const rest = residual(values, base);
  const squares = dot(rest, rest);
  const cost = (left: number, chosen: number): number =>
    values.length * Math.log(Math.max(0, left) / values.length + least ** 2 + 1e-300) +
    chosen * Math.log(values.length);
  const changes = searchChanges(rest, base).map((change): Telling => {
    /* a place and a size, and where it is not at once and for ever a length */
    const chosen = chosenBefore + base.length + (change.passing || change.rise > 1 ? 4 : 3);
    return { base, rest, change, cost: cost(squares - change.gain, chosen) };
  });
  return [{ base, rest, cost: cost(squares, chosenBefore + base.length) }, ...changes];
}

function explained(rest: Float64Array, base: Base, change: FoundChange): { noise: Float64Array; delta: number } {
  const own = residual(
    rest.map((_, i) => heightOf(change, i)),
    base,
  );
  const delta = dot(rest, own) / dot(own, own);
  return { noise: rest.map((value, i) => value - delta * own[i]!), delta };
}

function withoutChange(values: Float64Array, { rest, base, change }: Telling): Float64Array {
  if (!change) return values;
  const { delta } = explained(rest, base, change);
  return values.map((value, i) => value - delta * heightOf(change, i));
}

/** What a change would be worth that is found where there is none: in what the telling leaves before the change. */
function restlessness(noise: Float64Array, least: number): number {
  const points = noise.length;
  if (points < ENOUGH_BEFORE + LEAST_POINTS) return 0;
  const base = orthonormal([new Float64Array(points).fill(1)]);
  const rest = residual(noise, base);
  const squares = dot(rest, rest) + points * least ** 2 + 1e-300;
  const gain = Math.max(0, ...searchChanges(rest, base).map((change) => change.gain));
  const better = (points / 2) * Math.log(squares / Math.max(squares - gain, 1e-300));
  return Math.max(0, better - 1.5 * Math.log(points));
}
