import { fittedMetrics } from './fitted-metrics';
import type { MetricResult, RangeSeries } from './metric-result';

const START = Date.parse('2026-11-24T12:00:00Z') / 1000;
const GRID = { start: new Date(START * 1000), end: new Date((START + 3600) * 1000), stepSeconds: 90 };
/** Looks like chance, and is the same each time. */
const noise = (i: number, k: number): number => ((i * 7919 + k * 104_729) % 97) / 97;

function pods(count: number, value: (pod: number, k: number) => number | undefined): RangeSeries[] {
  return Array.from({ length: count }, (_, i) => ({
    labels: {
      namespace: 'shop',
      container: 'app',
      image: 'shop/app:1.2.3',
      pod: `checkout-7d9f4c6b8-${(46_656 + i * 7919).toString(36)}`,
      node: `node-${i % 12}`,
      instance: `10.0.${i % 12}.${i}:9100`,
      nr: String(i),
    },
    points: Array.from({ length: 41 }, (__, k) => [START + k * 90, value(i, k)] as const).filter(
      (point): point is [number, number] => point[1] !== undefined,
    ),
  }));
}

const textOf = (series: readonly RangeSeries[], startsAt?: Date, roomChars = 3_700): string =>
  fittedMetrics({ type: 'matrix', series }, { roomChars, grid: GRID, startsAt }).text;
const told = (text: string): string[] => text.split('\n').flatMap((line) => /^\{.* nr="(\d+)"/.exec(line)?.[1] ?? []);

describe('Series in their room', () => {
  it('do not begin where the points begin that are looked at: Loki gives one more than was asked for', () => {
    const grid = { ...GRID, end: new Date((START + 60 * 60) * 1000), stepSeconds: 60 };
    const series = pods(30, () => undefined).map((one, i) => ({
      ...one,
      points: Array.from({ length: 61 }, (_, k): [number, number] => [
        START + k * 60,
        k === 1 || k === 2 ? NaN : 1 + noise(i, k),
      ]),
    }));
    const { text } = fittedMetrics({ type: 'matrix', series }, { roomChars: 3_000, grid });
    expect(text).not.toContain('began=');
    expect(text).toContain('others: ');
  });

  it('are a thousand tokens at most for a hundred over an hour, with the outliers and the onset', () => {
    const faulty = new Set([3, 23, 43, 63, 83]);
    const series = pods(
      100,
      (i, k) => (0.2 + 0.05 * noise(i, k)) * (faulty.has(i) && k >= 24 ? 3 : 1) + (i === 50 && k === 30 ? 2 : 0),
    );
    const { text, full } = fittedMetrics({ type: 'matrix', series }, { roomChars: 3_700, grid: GRID });
    expect(text.length).toBeLessThanOrEqual(3_700);
    expect(new Set(told(text).slice(0, 5))).toEqual(new Set([...faulty].map(String)));
    expect(text.match(/ changed=2026-11-24T12:36:00Z from=0\.2\d* to=0\.6\d* \[/g)).toHaveLength(5);
    /* the spike of one sample is no level, and stands in its course all the same */
    expect(told(text)[5]).toBe('50');
    expect(text).toMatch(/nr="50".* max=2\.2\d+ .*\[.* 2\.2\d+ /);
    expect(text).toMatch(
      /\nothers: 94 more series, their values between 0\.2 and 0\.2495; none of them changed its level; read_result/,
    );
    expect(full!.split('\n')).toHaveLength(100);
  });

  it('put what changed around the alert before what changed more at another time', () => {
    const series = pods(
      60,
      (i, k) => 1 + 0.1 * noise(i, k) + (i === 5 && k >= 6 ? 9 : 0) + (i === 9 && k >= 30 ? 3 : 0),
    );
    expect(told(textOf(series))[0]).toBe('5');
    expect(told(textOf(series, new Date((START + 31 * 90) * 1000)))[0]).toBe('9');
    expect(told(textOf(series, new Date((START + 86_400) * 1000)))[0]).toBe('5');
  });

  it('say of a hump when it began, of a ramp that it rises all along, of a series that it began or ended', () => {
    const series = pods(60, (i, k) => {
      if (i === 1) return 1 + (k >= 20 && k < 26 ? 5 : 0) + 0.1 * noise(i, k);
      if (i === 2) return 1 + k / 4 + 0.1 * noise(i, k);
      if (i === 3) return k < 10 ? undefined : 1;
      if (i === 4) return k > 30 ? undefined : 1;
      return 1 + 0.1 * noise(i, k);
    });
    const text = textOf(series);
    expect(text).toMatch(/nr="1".* changed=2026-11-24T12:30:00Z from=1\.0\d+ to=6\.0\d+ \[/);
    expect(text).toMatch(/nr="2".* rises all along \[/);
    expect(text).toMatch(/nr="3".* began=2026-11-24T12:15:00Z \[_ _ _ 1 /);
    expect(text).toMatch(/nr="4".* ended=2026-11-24T12:45:00Z \[1 .*1 _ _ _\]/);
    expect(told(text).slice(0, 4).sort()).toEqual(['1', '2', '3', '4']);
  });

  it('are all shown with every value while they fit, then all on a coarser grid, before any is left out', () => {
    expect(textOf(pods(4, noise))).toContain('every 90s, _ = no sample\n');
    const coarser = textOf(pods(11, noise));
    expect(coarser).toContain(
      "every 3m, _ = no sample; of 2 points (90s apart) the one farthest from its series' median\n",
    );
    expect(told(coarser)).toHaveLength(11);
    expect(coarser).not.toContain('others:');
  });

  it.each([1_000, 2_000, 3_700])('are no longer than %d characters, and no two runs differ', (room) => {
    for (const count of [1, 5, 15, 40, 300, 3_000]) {
      const series = pods(count, (i, k) => (k === 7 ? NaN : i * noise(i, k)));
      const text = textOf(series, undefined, room);
      expect(text.length).toBeLessThanOrEqual(room);
      expect(textOf(series, undefined, room)).toBe(text);
      const left = Number(/^others: (\d+) more/m.exec(text)?.[1] ?? 0);
      expect(told(text).length + left).toBe(count);
    }
  });

  it('are exact in the full result, and only where the text is not', () => {
    const one = (value: number): MetricResult => ({
      type: 'matrix',
      series: [{ labels: { a: 'b' }, points: [[START, value]] }],
    });
    expect(fittedMetrics(one(0.25), { roomChars: 3_700, grid: GRID })).not.toHaveProperty('full');
    expect(fittedMetrics(one(0.123_456_789), { roomChars: 3_700, grid: GRID }).full).toBe(
      `{a="b"} first=0.123456789 last=0.123456789 min=0.123456789 max=0.123456789 mean=0.123456789 [${START}:0.123456789]`,
    );
    const vector: MetricResult = {
      type: 'vector',
      series: [{ labels: { a: 'x'.repeat(500) }, point: [START, 1 / 3] }],
    };
    expect(fittedMetrics(vector, { roomChars: 3_700 }).full).toBe(`{a="${'x'.repeat(500)}"} 0.3333333333333333`);
  });

  it('show a native histogram by its count, its mean and where its median lies', () => {
    const vector: MetricResult = {
      type: 'vector',
      series: [{ labels: {}, point: [START, { count: 4, sum: 2, p50: 0.25, p99: 1 }] }],
    };
    expect(fittedMetrics(vector, { roomChars: 3_700 }).text).toContain(
      '{} native histogram count=4 sum=2 mean=0.5 p50<=0.25 p99<=1',
    );
    const both: MetricResult = {
      type: 'matrix',
      series: [
        {
          labels: {},
          points: [
            [START, 1],
            [START + 90, { count: 4, sum: 2 }],
          ],
        },
      ],
    };
    expect(fittedMetrics(both, { roomChars: 3_700, grid: GRID }).text).toContain(
      'first=1 last=4 min=1 max=4 mean=2.5 (1 of its points are native histograms: its counts are shown; histogram_quantile() reads it) [1 4 _',
    );
  });
});
