import type { Series } from '../stand-ins/prometheus.ts';
import { ASKER } from './tool-bench';

/** Unix seconds of the toolbox's clock. */
export const NOW = ASKER.now.getTime() / 1000;

/** A series that was sampled every `spacing` seconds for `minutes`, and ended `endedAgo` seconds before now. */
export function sampled(
  labels: Readonly<Record<string, string>>,
  value: (at: number) => number,
  { minutes = 10, spacing = 15, endedAgo = 0 } = {},
): Series {
  const end = NOW - endedAgo;
  const count = Math.floor((minutes * 60) / spacing);
  const samples = Array.from({ length: count + 1 }, (_, i): [number, number] => {
    const at = end - (count - i) * spacing;
    return [at, value(at)];
  });
  return { labels: { ...labels }, samples };
}

/** A counter that grows by `rate` a second. */
export function counter(labels: Readonly<Record<string, string>>, rate: number): Series {
  return sampled(labels, (at) => (at - NOW + 3600) * rate);
}

export function gauge(labels: Readonly<Record<string, string>>, value: number): Series {
  return sampled(labels, () => value);
}

/** A classic histogram whose requests all take between a tenth and a half second. */
export function histogram(name: string, labels: Readonly<Record<string, string>>): Series[] {
  const of = (end: string, rate: number, more = {}): Series =>
    counter({ ...labels, ...more, __name__: `${name}${end}` }, rate);
  return [
    of('_bucket', 0, { le: '0.1' }),
    of('_bucket', 4, { le: '0.5' }),
    of('_bucket', 4, { le: '+Inf' }),
    of('_count', 4),
    of('_sum', 1),
  ];
}

/** As the real server lists it (test/fixtures/prometheus-2.42/targets.json). */
export function target(labels: Readonly<Record<string, string>>, lastError = '', scrapedAgo = 4): object {
  return {
    discoveredLabels: { __address__: labels.instance ?? '', __metrics_path__: '/metrics' },
    labels,
    scrapePool: labels.job ?? '',
    scrapeUrl: `http://${labels.instance}/metrics`,
    lastError,
    lastScrape: new Date((NOW - scrapedAgo) * 1000).toISOString(),
    health: lastError ? 'down' : 'up',
    scrapeInterval: '15s',
  };
}
