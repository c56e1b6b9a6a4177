import { startPrometheus } from '../stand-ins/prometheus.ts';
import type { PrometheusStandIn, Series } from '../stand-ins/prometheus.ts';
import type { Toolbox } from '../../src/tools/toolbox';
import { ASKER, insideOf, toolboxFor } from './tool-bench';

/** The clock of the toolbox. */
const NOW = Date.parse('2026-11-23T19:30:00Z') / 1000;

function every(seconds: number, labels: Record<string, string>, from: number, to: number): Series {
  const samples: [number, number][] = [];
  for (let at = NOW + from * 60; at <= NOW + to * 60; at += seconds) samples.push([at, at - NOW + 10_000]);
  return { labels, samples };
}

describe('A query that finds nothing', () => {
  let prometheus: PrometheusStandIn;
  let toolbox: Toolbox;

  beforeAll(async () => {
    const requests = { __name__: 'http_requests_total', job: 'shop' };
    const series = [
      every(15, { ...requests, service: 'checkout', status: '200' }, -60, 0),
      every(15, { ...requests, service: 'payments', status: '500' }, -60, 0),
      every(60, { __name__: 'slow_jobs_total', job: 'batch' }, -60, 0),
      every(15, { __name__: 'old_requests_total', job: 'shop' }, -60, -40),
      every(15, { __name__: 'new_requests_total', job: 'shop' }, -10, 0),
      every(15, { __name__: 'halting_total', job: 'shop' }, -60, -40),
      every(15, { __name__: 'halting_total', job: 'shop', x: 'y' }, -10, 0),
      every(15, { __name__: 'ancient_total', job: 'shop' }, -600, -500),
      ...Array.from({ length: 2_001 }, (_, i) => every(60, { __name__: 'wide_total', pod: `pod-${i}` }, -2, 0)),
    ];
    prometheus = await startPrometheus({ series });
    toolbox = toolboxFor({ prometheus: { endpoint: prometheus.url } });
  });
  beforeEach(() => prometheus.fault());
  afterAll(() => prometheus.stop());

  const ask = async (name: string, input: unknown): Promise<{ text: string; status: string; requests: number }> => {
    const before = prometheus.journal.length;
    const outcome = await toolbox.run({ name, input, handle: 'r1' }, ASKER, AbortSignal.timeout(10_000));
    const [, ...rest] = insideOf(outcome.text).split('\n').slice(1);
    return { text: rest.join('\n'), status: outcome.status, requests: prometheus.journal.length - before };
  };

  it.each<[string, string, Record<string, unknown>, string]>([
    [
      'has a metric that does not exist, and near it one that does',
      'query_metrics',
      { query: 'sum(rate(htpp_request_total[5m]))' },
      'Found nothing: no metric is called htpp_request_total (7 names looked at, from a day before this range until now). Near it: http_requests_total,',
    ],
    [
      'has a metric like no other',
      'query_metrics',
      { query: 'zzz' },
      'Found nothing: no metric is called zzz (7 names looked at, from a day before this range until now). No name is near it: find_metrics finds names by words.',
    ],
    [
      'names a value that the label does not have',
      'query_metrics_range',
      { query: 'http_requests_total{service="chekout"}', start: '-20m' },
      'Found nothing: http_requests_total exists, but no series of it has service="chekout" (from a day before this range until now). It has service: "checkout", "payments".',
    ],
    [
      'names a label that it does not have',
      'query_metrics',
      { query: 'http_requests_total{pod="a"}' },
      'Found nothing: http_requests_total exists, but no series of it has pod="a" (from a day before this range until now). It has no label pod; its labels: job, service, status.',
    ],
    [
      'joins labels that no series has together',
      'query_metrics',
      { query: 'http_requests_total{service="checkout",status="500"}' },
      'Found nothing: http_requests_total exists, and each of these labels does, but no series has all of them together: service="checkout", status="500" (from a day before this range until now). Leave one out.',
    ],
    [
      'has a pattern that fits no value',
      'query_metrics',
      { query: 'http_requests_total{status=~"4.."}' },
      'Found nothing: http_requests_total exists, but no series of it has status=~"4.." here. It has status: "200", "500".',
    ],
    [
      'ends before the data begins',
      'query_metrics_range',
      { query: 'new_requests_total', start: '-40m', end: '-20m' },
      'its data begins after the range. Ask for a later one.',
    ],
    [
      'begins after the data has ended',
      'query_metrics_range',
      { query: 'old_requests_total', start: '-20m', end: 'now' },
      'its data ends before the range. up shows whether its source was alive.',
    ],
    [
      'compares with what is never reached',
      'query_metrics_range',
      { query: 'http_requests_total > 1e9', start: '-20m' },
      'Found nothing: http_requests_total has samples here, but the comparison let none pass: ask for the same without it to see the values.',
    ],
    [
      'has a window too short for its samples',
      'query_metrics_range',
      { query: 'rate(slow_jobs_total[30s])', start: '-20m' },
      'Found nothing: the window of 30s is too short: samples of slow_jobs_total are about 60s apart, and a rate needs two in a window. Use [4m].',
    ],
    [
      'selects by a label value that does not exist',
      'query_metrics',
      { query: '{service="chekout"}' },
      'Found nothing: no label service is "chekout" in this range or the day before it ({service="chekout"}). It has 2 values, near it: "checkout".',
    ],
    [
      'asks for an absence that there is not, and is right',
      'query_metrics',
      { query: 'absent(http_requests_total{service="checkout"})' },
      'absent() gives a value only while no series matches: something matches http_requests_total{service="checkout"}',
    ],
    [
      'takes away what does not exist',
      'query_metrics_range',
      { query: '(http_requests_total > 1e9) unless zzz', start: '-20m' },
      'Found nothing: http_requests_total has samples here, but the comparison let none pass',
    ],
    [
      'compares, and joins what shares no label',
      'query_metrics_range',
      { query: '(http_requests_total > 1) and on (job) slow_jobs_total', start: '-20m' },
      'to see the values; or what is done with them leaves none: the two sides of an operator share no labels',
    ],
    [
      'looks at another time by an offset',
      'query_metrics',
      { query: 'new_requests_total offset 1h' },
      'Found nothing: the query worked. No metric has this name,',
    ],
    [
      'lies in a gap of the data',
      'query_metrics_range',
      { query: 'halting_total', start: '-33m', end: '-20m' },
      'and none in it: a gap. up shows',
    ],
    [
      'has a pattern that fits, and no sample in the range',
      'query_metrics_range',
      { query: 'ancient_total{job=~"sho."}', start: '-20m' },
      'Found nothing: ancient_total{job=~"sho."} has no sample in this range (2026-11-23T19:10:00Z to 2026-11-23T19:30:00Z), nor in the hour before it.',
    ],
    [
      'is about more series than are looked at',
      'query_metrics',
      { query: 'wide_total{pod="pod-2000"} > 1e9' },
      'Found nothing: wide_total{pod="pod-2000"} has samples here, but the comparison let none pass',
    ],
    [
      'compares numbers',
      'query_metrics',
      { query: 'vector(1) > 2' },
      'Found nothing: the comparison let no value pass.',
    ],
  ])('%s: says so', async (_, tool, input, why) => {
    const { text, status, requests } = await ask(tool, input);
    expect(status).toBe('no_data');
    expect(text).toContain(why);
    expect(requests).toBeLessThanOrEqual(3);
  });

  it('stays a finding when nobody says why', async () => {
    for (const kind of ['reset', 'hang'] as const) {
      prometheus.fault(({ path }) => (path === '/api/v1/query' ? undefined : { kind }));
      const { text, status } = await ask('query_metrics', { query: 'zzz' });
      expect(status).toBe('no_data');
      expect(text).toMatch(/^Found nothing: the query worked\./);
    }
  });
});
