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
      'Found nothing: no metric is called htpp_request_total (4 names looked at). Near it: http_requests_total,',
    ],
    [
      'has a metric like no other',
      'query_metrics',
      { query: 'zzz' },
      'Found nothing: no metric is called zzz (4 names looked at). No name is near it: find_metrics finds names by words.',
    ],
    [
      'names a value that the label does not have',
      'query_metrics_range',
      { query: 'http_requests_total{service="chekout"}', start: '-20m' },
      'Found nothing: http_requests_total exists, but no series of it has service="chekout". It has service: "checkout", "payments".',
    ],
    [
      'names a label that it does not have',
      'query_metrics',
      { query: 'http_requests_total{pod="a"}' },
      'Found nothing: http_requests_total exists, but no series of it has pod="a". It has no label pod; its labels: job, service, status.',
    ],
    [
      'joins labels that no series has together',
      'query_metrics',
      { query: 'http_requests_total{service="checkout",status="500"}' },
      'Found nothing: http_requests_total exists, and each of these labels does, but no series has all of them together: service="checkout", status="500". Leave one out.',
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
      'Found nothing: no label service is "chekout" ({service="chekout"}). It has 2 values, near it: "checkout".',
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
