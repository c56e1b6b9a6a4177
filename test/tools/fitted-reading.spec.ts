import { readSeries } from '../../demo/reading.ts';
import { fittedMetrics } from '../../src/tools/fitted-metrics';
import { rangeHead } from '../../src/tools/query-head';

const START = Date.parse('2026-11-24T12:00:00Z') / 1000;
const GRID = { start: new Date(START * 1000), end: new Date((START + 3600) * 1000), stepSeconds: 90 };

describe('The scripted model', () => {
  it('reads the series that a fitted result tells, with their times, their mean and a quote that stands there', () => {
    const series = Array.from({ length: 80 }, (_, i) => ({
      labels: { job: 'shop', service: `service-${i}` },
      points: Array.from({ length: 41 }, (__, k) => [START + k * 90, i === 7 && k >= 24 ? 0.34 : 0.01] as const),
    }));
    const { text } = fittedMetrics({ type: 'matrix', series }, { roomChars: 3_700, grid: GRID });
    const [seen] = readSeries({
      name: 'query_metrics_range',
      isError: false,
      text: `[r1] query_metrics_range\n${rangeHead('x', GRID)}\n${text}`,
    } as Parameters<typeof readSeries>[0]);
    expect(seen).toMatchObject({ handle: 'r1', labels: { job: 'shop', service: 'service-7' }, mean: 0.1468 });
    expect(seen!.points).toHaveLength(14);
    expect(seen!.points.find(({ value }) => value === 0.34)!.at).toBe(START + 24 * 90);
    expect(seen!.quote).toMatch(/ changed=2026-11-24T12:36:00Z from=0\.01 to=0\.34$/);
    expect(text).toContain(seen!.quote);
  });
});
