import { BenchStopped } from './bench.ts';

/** One series of a Vigil's own metrics, named as it stands there. */
export async function readMetric(opsUrl: string, series: string): Promise<number> {
  const response = await fetch(`${opsUrl}/metrics`);
  const line = (await response.text()).split('\n').find((each) => each.startsWith(`${series} `));
  if (line === undefined) throw new BenchStopped(`/metrics has no ${series}`);
  return Number(line.slice(series.length + 1));
}

/** How long the process' event loop was held since the last reading, which this one forgets. */
export async function loopDelayP99Ms(opsUrl: string): Promise<number> {
  return 1000 * (await readMetric(opsUrl, 'nodejs_eventloop_lag_p99_seconds'));
}
