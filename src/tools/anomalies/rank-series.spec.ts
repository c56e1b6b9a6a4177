import { rankSeries } from './rank-series';
import type { ScoringJob } from './worker/messages';

/** Two thousand restless series: a second of work. */
function largeJob(): ScoringJob {
  const [count, points] = [2_000, 120];
  const values = Float64Array.from({ length: count * points }, (_, i) => 50 + Math.sin(i * 12.9898) * Math.sin(i / 7));
  return { values, points, counters: new Uint8Array(count), stepSeconds: 30, preferred: 80 };
}

describe('rankSeries', () => {
  it('throws the reason of an abort while the thread scores', async () => {
    const stop = new AbortController();
    const ranked = rankSeries(largeJob(), stop.signal);
    const reason = new Error('nobody waits any more');
    setImmediate(() => stop.abort(reason));
    await expect(ranked).rejects.toBe(reason);
  });

  it('scores many series in two threads as it would in one', async () => {
    const job = largeJob();
    for (const row of [7, 8, 1_500]) job.values.fill(400 + row, row * 120 + 80, (row + 1) * 120);
    const { changes } = await rankSeries(job, AbortSignal.timeout(20_000));
    expect(changes.slice(0, 3).map(({ series, onset }) => [series, onset])).toEqual(
      expect.arrayContaining([
        [7, 80],
        [8, 80],
        [1_500, 80],
      ]),
    );
  });

  it('starts no thread for what was aborted before', async () => {
    const job = largeJob();
    const reason = new Error('nobody waits any more');
    await expect(rankSeries(job, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(job.values).toHaveLength(240_000);
  });
});
