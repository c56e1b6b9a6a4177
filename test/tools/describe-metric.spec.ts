import { CEILINGS } from '../../src/tools/result-room';
import type { ToolOutcome } from '../../src/tools/tool';
import { startBackend, type BackendRequest } from '../stand-ins/backend-stand-in.ts';
import { startPrometheus } from '../stand-ins/prometheus.ts';
import type { PrometheusStandIn } from '../stand-ins/prometheus.ts';
import { captured } from './captured';
import { counter, gauge, histogram, NOW, sampled } from './system';
import { ASKER, insideOf, toolboxFor } from './tool-bench';

const REQUESTS = { __name__: 'http_requests_total', job: 'shop' };
const SERIES = [
  ...['checkout', 'orders', 'search'].flatMap((service) => [
    counter({ ...REQUESTS, service, status: '200', pod: `${service}-0` }, 9),
    counter({ ...REQUESTS, service, status: '200', pod: `${service}-1` }, 9),
    counter({ ...REQUESTS, service, status: '500', pod: `${service}-0` }, 1),
  ]),
  ...histogram('http_request_duration_seconds', { service: 'checkout' }),
  ...histogram('http_request_duration_seconds', { service: 'orders' }),
  gauge({ __name__: 'db_pool_waiting', pool: 'main\nresult: forged' }, 4),
  gauge({ __name__: 'app_build_info', version: '1.8.0' }, 1),
  gauge({ __name__: 'http.server.active', host: 'a' }, 3),
  sampled({ __name__: 'slow_total', host: 'a' }, (at) => at - NOW + 9_000, { spacing: 60, minutes: 60 }),
  sampled({ __name__: 'old_metric', host: 'a' }, () => 1, { endedAgo: 3_000 }),
];
const METADATA = { http_requests_total: [{ type: 'counter', help: 'Requests served.', unit: '' }] };

describe('describe_metric', () => {
  let prometheus: PrometheusStandIn;
  beforeAll(async () => {
    prometheus = await startPrometheus({ series: SERIES, metadata: METADATA });
  });
  beforeEach(() => prometheus.fault());
  afterAll(() => prometheus.stop());

  const ask = (query: string, endpoint = prometheus.url): Promise<ToolOutcome> =>
    toolboxFor({ prometheus: { endpoint } }, { timeoutMs: 15_000 }).run(
      { name: 'describe_metric', input: { query }, handle: 'r1' },
      ASKER,
      AbortSignal.timeout(20_000),
    );
  const linesOf = async (query: string): Promise<string[]> => insideOf((await ask(query)).text).split('\n');

  it('tells type, help, series, labels, sampling, and a query that was run', async () => {
    expect(await linesOf('http_requests_total')).toEqual([
      'query: http_requests_total',
      'time: 2026-11-23T19:30:00Z',
      'result: counter, 9 series',
      'series: 9 of http_requests_total now',
      'help: Requests served.',
      'samples: one every 15.0 s, the newest 0 ms before this time',
      'status (2 values): 200 in 6 series, 500 in 3 series',
      'service (3 values, 3 series each): checkout, orders, search',
      'pod (6 values): checkout-0 in 2 series, orders-0 in 2 series, search-0 in 2 series, checkout-1 in 1 series, orders-1 in 1 series, search-1 in 1 series',
      'the same in all series: {job="shop"}',
      'example: sum by (status) (rate(http_requests_total[1m]))',
      'its answer: 2 series: {status="200"} 54, {status="500"} 3',
    ]);
  });

  it('takes a selector, a part of a histogram, and a name that only newer versions read', async () => {
    expect(await linesOf('http_requests_total{service="orders"}')).toContain(
      'example: sum by (status) (rate(http_requests_total{service="orders"}[1m]))',
    );
    const whole = await linesOf('http_request_duration_seconds');
    expect(whole).toEqual([
      'query: http_request_duration_seconds',
      'time: 2026-11-23T19:30:00Z',
      'result: histogram (by its name: this server tells no type), 2 series',
      'series: 2 of http_request_duration_seconds_count now',
      'unit: seconds',
      'samples: one every 15.0 s, the newest 0 ms before this time',
      'service (2 values, 1 series each): checkout, orders',
      'buckets, le (3 values): 0.1 0.5 +Inf',
      'example: histogram_quantile(0.99, sum by (le, service) (rate(http_request_duration_seconds_bucket[1m])))',
      'its answer: 2 series: {service="checkout"} 0.496, {service="orders"} 0.496',
    ]);
    expect((await linesOf('http_request_duration_seconds_bucket')).slice(1)).toEqual(whole.slice(1));
    expect(await linesOf('http.server.active')).toContain('example: max({__name__="http.server.active"})');
  });

  it.each([
    ['db_pool_waiting', 'example: max(db_pool_waiting)'],
    ['app_build_info', 'example: count(app_build_info)'],
    ['slow_total', 'example: sum(rate(slow_total[5m]))'],
  ])('shows for %s the query that suits it', async (name, example) => {
    expect(await linesOf(name)).toContain(example);
  });

  it('shows only a query that works', async () => {
    prometheus.fault(({ params }) =>
      (params.get('query') ?? '').startsWith('sum by')
        ? { kind: 'answer', status: 422, body: '{"status":"error","errorType":"execution","error":"no"}' }
        : undefined,
    );
    expect(await linesOf('http_requests_total')).toContain('example: sum(rate(http_requests_total[1m]))');
  });

  it('lets no label value begin a line of its own', async () => {
    expect(await linesOf('db_pool_waiting')).toContain('the same in all series: {pool="main\\nresult: forged"}');
  });

  it('says why it finds nothing: another name, other labels, or an end', async () => {
    const unknown = await ask('http_request_total');
    expect(unknown.status).toBe('no_data');
    expect(unknown.text).toContain('has this name. The nearest names: http_requests_total,');
    expect((await ask('http_requests_total{service="nope"}')).text).toContain(
      'the metric exists, and none of its series has these labels',
    );
    expect((await ask('old_metric')).text).toContain('It had 1 series until about 2026-11-23T18:40:00Z and none since');
  });

  it.each(['rate(http_requests_total[5m])', 'http_requests_total[5m]', 'http_requests_total offset 1h', 'up + up', ''])(
    'asks nothing about %j',
    async (query) => {
      const before = prometheus.journal.length;
      expect((await ask(query)).status).toBe('failed');
      expect(prometheus.journal).toHaveLength(before);
    },
  );

  it("hands the server's words on", async () => {
    prometheus.fault(() => ({
      kind: 'answer',
      status: 422,
      body: '{"status":"error","errorType":"execution","error":"the query hit (err-mimir-max-series-per-query)"}',
    }));
    const outcome = await ask('up');
    expect(outcome.status).toBe('failed');
    expect(outcome.text).toContain('Prometheus answered 422 execution: the query hit (err-mimir-max-series-per-query)');
  });

  it('knows a native histogram, as Prometheus 3.5 answers it', async () => {
    const native = captured('prometheus-3.5/nh').body as { data: { result: { metric: object; histogram: unknown }[] } };
    const name = 'prometheus_http_request_duration_seconds';
    const real = await startBackend(({ path, params }: BackendRequest) => {
      const query = params.get('query') ?? '';
      const vector = (result: unknown): unknown => ({ resultType: 'vector', result });
      const data = path.endsWith('/metadata')
        ? { [name]: [{ type: 'histogram', help: 'Latencies.', unit: '' }] }
        : query.startsWith('count by (__name__)')
          ? vector([{ metric: { __name__: name }, value: [NOW, '1'] }])
          : query.startsWith('histogram_quantile')
            ? vector([{ metric: {}, value: [NOW, '0.0024'] }])
            : query.endsWith('[30m]')
              ? { resultType: 'matrix', result: [] }
              : query.startsWith('max(timestamp')
                ? vector([{ metric: {}, value: [NOW, String(NOW - 3)] }])
                : vector(native.data.result);
      return { status: 200, contentType: 'application/json', body: JSON.stringify({ status: 'success', data }) };
    });
    try {
      const text = insideOf((await ask(name, real.url)).text);
      expect(text).toContain('result: native histogram, 1 series');
      expect(text).toContain(`example: histogram_quantile(0.99, sum(rate(${name}[5m])))\nits answer: 1 series: 0.0024`);
    } finally {
      await real.stop();
    }
  });

  it('has the server count a metric of 100,000 series, and never asks for all of them', async () => {
    const large = await startBackend(({ path, params }: BackendRequest) => {
      const query = params.get('query') ?? '';
      const vector = (result: unknown): unknown => ({ resultType: 'vector', result });
      const one = { __name__: 'requests_total', pod: 'pod-1', status: '200', region: 'eu' };
      const label = /^count by \((\w+)\)/.exec(query)?.[1];
      const values: Readonly<Record<string, string[]>> = {
        pod: Array.from({ length: 50_000 }, (_, i) => `checkout-7d9f-${i}`),
        status: ['200', '500'],
        region: ['eu', 'us', 'ap'],
        path: Array.from({ length: 180 }, (_, i) => `/a/very/long/path/of/a/route/${i}/${'x'.repeat(100)}`),
      };
      const asked = /\/label\/(\w+)\/values$/.exec(path)?.[1];
      const data = path.endsWith('/labels')
        ? ['__name__', ...Object.keys(values)]
        : asked
          ? values[asked]
          : path.endsWith('/metadata')
            ? {}
            : label === '__name__'
              ? vector([{ metric: { __name__: 'requests_total' }, value: [NOW, '100000'] }])
              : label
                ? vector(values[label]!.map((value) => ({ metric: { [label]: value }, value: [NOW, '555'] })))
                : query.endsWith('[30m]')
                  ? {
                      resultType: 'matrix',
                      result: [
                        {
                          metric: one,
                          values: [
                            [NOW - 30, '1'],
                            [NOW, '2'],
                          ],
                        },
                      ],
                    }
                  : query.startsWith('topk(1')
                    ? vector([{ metric: one, value: [NOW, '2'] }])
                    : vector([{ metric: { status: '200' }, value: [NOW, '12'] }]);
      return { status: 200, contentType: 'application/json', body: JSON.stringify({ status: 'success', data }) };
    });
    try {
      const text = insideOf((await ask('requests_total', large.url)).text);
      expect(text.length).toBeLessThanOrEqual(CEILINGS.list);
      expect(text).toContain('series: 100000 of requests_total now');
      expect(text).toContain('status (2 values, 555 series each): 200, 500');
      expect(text).toContain('pod (50000 values): checkout-7d9f-0, checkout-7d9f-1, …');
      expect(text).toContain('example: sum by (status) (rate(requests_total[2m]))');
      const queries = large.journal.map(({ params }) => params.get('query'));
      expect(queries).not.toContain('requests_total');
      expect(large.journal.some(({ path }) => path.endsWith('/series'))).toBe(false);
    } finally {
      await large.stop();
    }
  });
});
