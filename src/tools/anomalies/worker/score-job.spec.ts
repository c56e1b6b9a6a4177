import { GENERATORS, madeIncident, POINTS, STEP } from '../../../../test/stand-ins/anomaly-data.ts';
import type { MadeIncident, MadeSeries } from '../../../../test/stand-ins/anomaly-data.ts';
import { DIFFICULTIES, incidentOf } from '../../../../test/stand-ins/incident-data.ts';
import type { ScoringResult } from './messages.ts';
import { scoreJob } from './score-job.ts';

/** A guard against getting worse, no proof: what these seeds give was known while the scorer was made. */
const FIRST_SEED = 1_000;
const SEEDS = 4;

const WORLDS: readonly (readonly [name: string, make: (seed: number) => MadeIncident])[] = [
  ...GENERATORS.map((generator) => [generator.name, (seed: number) => madeIncident(generator, seed)] as const),
  ['easy incident', (seed) => incidentOf(DIFFICULTIES.easy, seed)],
  ['medium incident', (seed) => incidentOf(DIFFICULTIES.medium, seed)],
];

function scored(rows: readonly (readonly number[])[], names: readonly string[] = []): ScoringResult {
  const values = new Float64Array(rows.length * POINTS);
  rows.forEach((row, i) => values.set(row, i * POINTS));
  const counters = Uint8Array.from(rows, (_, i) =>
    names[i]?.endsWith('_total') ? 1 : names[i]?.endsWith('_bytes') ? 2 : 0,
  );
  return scoreJob({ values, points: POINTS, counters, stepSeconds: STEP, preferred: 80 });
}

function found({ series }: MadeIncident): { ill: number; first: number; dated: number } {
  const { changes } = scored(
    series.map(({ values }) => values),
    series.map(({ name }) => name),
  );
  const ill = series.filter((one: MadeSeries) => one.fault);
  const first = changes.slice(0, 5).filter((change) => series[change.series]!.fault);
  const dated = first.filter((change) => Math.abs(change.onset - series[change.series]!.fault!.onset) <= 2);
  return { ill: ill.length, first: first.length, dated: dated.length };
}

describe('scoreJob', () => {
  it.each(WORLDS)('puts the ill ones of two hundred %s series first and dates them to two steps', (_, make) => {
    const all = Array.from({ length: SEEDS }, (__, i) => found(make(FIRST_SEED + i)));
    const sum = (key: 'ill' | 'first' | 'dated'): number => all.reduce((total, one) => total + one[key], 0);
    expect(sum('first') / sum('ill')).toBeGreaterThanOrEqual(0.9);
    expect(sum('dated') / sum('first')).toBeGreaterThanOrEqual(0.94);
  });

  const row = (value: (i: number) => number): number[] => Array.from({ length: POINTS }, (_, i) => value(i));
  const wobble = (i: number): number => Math.sin(i * 12.9898);

  it.each([
    ['a constant', row(() => 7)],
    ['noise', row((i) => 100 + wobble(i))],
    ['a trend', row((i) => 50 + i + wobble(i))],
    ['a season', row((i) => 20 + 8 * Math.sin(i / 6) + wobble(i))],
    ['single spikes', row((i) => (i % 37 === 20 ? 900 : 10 + wobble(i)))],
    ['a tiny wobble of a steady series', row((i) => (i < 90 ? 1_000 : 1_000.5))],
    ['no samples', row(() => NaN)],
    ['infinities', row((i) => (i % 2 ? Infinity : -Infinity))],
    ['one sample', row((i) => (i === 60 ? 1 : NaN))],
  ])('finds no change in %s', (_, values) => {
    expect(scored([values]).changes).toEqual([]);
  });

  it('takes for a counter what grows from its beginning, unless its name says otherwise, and no queue that only fills', () => {
    const grows = row((i) => 40 * Math.min(i, 80) + 400 * Math.max(0, i - 80) + (i % 3));
    const fills = row((i) => Math.max(0, i - 80));
    const { changes } = scored([grows, grows, fills], ['requests', 'heap_bytes', 'waiting_requests']);
    const rates = new Map(changes.map(({ series, rate }) => [series, rate]));
    expect([rates.get(0), rates.get(1), rates.get(2)]).toEqual([true, false, false]);
  });

  it('gives the same answer each time, and counts what holds one value', () => {
    const rows = [row((i) => (i < 80 ? 10 : 30) + wobble(i)), row(() => 1), row((i) => (i < 70 ? 5 : 0) + 0 * i)];
    expect(scored(rows)).toEqual(scored(rows));
    expect(scored(rows).constant).toBe(1);
    expect(
      scored(rows)
        .changes.map(({ series, onset }) => [series, onset])
        .sort(),
    ).toEqual([
      [0, 80],
      [2, 70],
    ]);
  });
});
