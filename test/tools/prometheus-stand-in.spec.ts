import { startPrometheus } from '../stand-ins/prometheus.ts';
import type { PrometheusStandIn, Series } from '../stand-ins/prometheus.ts';
import { captured } from './captured';

const NOW = 1_795_461_600;

interface Envelope {
  status: string;
  errorType?: string;
  error?: string;
  warnings?: string[];
  data: { resultType: string; result: { metric: Record<string, string>; value: [number, string] }[] };
}

/** A sample every 15 s for ten minutes before NOW. */
function every15s(labels: Record<string, string>, value: (i: number) => number): Series {
  return { labels, samples: Array.from({ length: 41 }, (_, i) => [NOW - 600 + i * 15, value(i)] as const) };
}

/** As the lab's scrape set-up where the error fixtures were captured: two targets of one job. */
const UP: Series[] = [
  every15s({ __name__: 'up', env: 'lab', instance: '127.0.0.1:18001', job: 'shop', team: 'commerce' }, () => 1),
  every15s({ __name__: 'up', env: 'lab', instance: '127.0.0.1:18002', job: 'shop', team: 'commerce' }, () => 1),
];

const REQUESTS: Series[] = [
  every15s({ __name__: 'http_requests_total', service: 'a', status: '200' }, (i) => i * 150),
  every15s({ __name__: 'http_requests_total', service: 'a', status: '500' }, (i) => i * 15),
  every15s({ __name__: 'http_requests_total', service: 'b', status: '200' }, (i) => (i < 20 ? i * 30 : (i - 20) * 30)),
  every15s({ __name__: 'temperature', service: 'a' }, (i) => i % 4),
];

const BUCKETS: Series[] = ['0.1', '0.5', '1', '+Inf'].map((le, n) =>
  every15s({ __name__: 'latency_bucket', service: 'a', le }, (i) => i * [50, 90, 100, 100][n]!),
);

describe('the Prometheus stand-in', () => {
  let prometheus: PrometheusStandIn;

  beforeAll(async () => {
    prometheus = await startPrometheus({ series: [...UP, ...REQUESTS, ...BUCKETS], now: () => NOW });
  });
  afterAll(() => prometheus.stop());

  const get = async (path: string): Promise<{ status: number; type: string | null; body: unknown }> => {
    const response = await fetch(prometheus.url + path);
    const text = await response.text();
    const json = response.headers.get('content-type')?.startsWith('application/json');
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: json ? (JSON.parse(text) as unknown) : text,
    };
  };
  const query = async (text: string, time = NOW): Promise<Envelope> =>
    (await get(`/api/v1/query?time=${time}&query=${encodeURIComponent(text)}`)).body as Envelope;
  /** `{service="a"} 10` for each series. */
  const values = async (text: string, time = NOW): Promise<string[]> => {
    const answer = await query(text, time);
    if (answer.status !== 'success') throw new Error(answer.error);
    return answer.data.result.map((r) => `${JSON.stringify(r.metric)} ${r.value[1]}`);
  };

  it.each([
    'bad_range_type',
    'bad_time',
    'empty',
    'end_before_start',
    'notfound',
    'parse_error',
    'range_instant_mix',
    'series_none',
    'too_many_points',
    'unknown_fn',
  ])('answers the request of the captured %s as the real server did', async (name) => {
    const real = captured(`prometheus-3.5/${name}`);
    const url = new URL(real.request.url.replaceAll('+', '%2B'));
    const answer = await get(url.pathname + url.search);
    expect(answer).toEqual({ status: real.status, type: real.content_type, body: real.body });
  });

  it('answers infinity, strings and many-to-many as the real server did', async () => {
    expect((await query('1/0')).data).toEqual({ resultType: 'scalar', result: [NOW, '+Inf'] });
    expect((await query('"x"')).data).toEqual({ resultType: 'string', result: [NOW, 'x'] });
    const { status, errorType, error } = await query('up * on(job) up');
    expect({ status, errorType }).toEqual({ status: 'error', errorType: 'execution' });
    expect(error).toContain('found duplicate series for the match group {job="shop"} on the right hand-side');
    expect(error).toContain(';many-to-many matching not allowed: matching labels must be unique on one side');
  });

  it('takes a query as a POST form', async () => {
    const response = await fetch(`${prometheus.url}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query: 'count(up)' }),
    });
    expect(((await response.json()) as Envelope).data.result[0]?.value[1]).toBe('2');
    expect(prometheus.journal.at(-1)).toMatchObject({ method: 'POST', path: '/api/v1/query' });
    expect(prometheus.journal.at(-1)?.params.get('query')).toBe('count(up)');
  });

  it('computes rates with resets, and nothing outside the window', async () => {
    expect(await values('rate(http_requests_total{service="a",status="200"}[5m])')).toEqual([
      '{"service":"a","status":"200"} 10',
    ]);
    expect(await values('increase(http_requests_total{service="a",status="500"}[5m])')).toEqual([
      '{"service":"a","status":"500"} 300',
    ]);
    /* the counter of b started again at 0 in the window: 30 per 15 s but for the scrape of the reset */
    const [reset] = await values('increase(http_requests_total{service="b"}[8m])');
    expect(Number(reset?.split(' ')[1])).toBeGreaterThan(860);
    expect(Number(reset?.split(' ')[1])).toBeLessThan(960);
    expect(await values('rate(http_requests_total[10s])')).toEqual([]);
  });

  it('divides, groups, filters and joins series of equal labels', async () => {
    const errors = 'sum by (service) (rate(http_requests_total{status=~"5.."}[5m]))';
    const all = 'sum by (service) (rate(http_requests_total[5m]))';
    const [ratio] = await values(`${errors} / ${all}`);
    expect(Number(ratio?.split(' ')[1])).toBeCloseTo(1 / 11, 10);
    expect(await values(`${errors} > 5`)).toEqual([]);
    expect(await values(`${errors} > bool 5`)).toEqual(['{"service":"a"} 0']);
    expect(await values('sum(up) by (job) + on(job) count(up) by (job)')).toEqual(['{"job":"shop"} 4']);
    expect(await values('nope or vector(7)')).toEqual(['{} 7']);
    expect(await values('up and on(instance) up{instance=~".*1"}')).toHaveLength(1);
    expect(await values('up unless on(instance) up{instance=~".*1"}')).toHaveLength(1);
    expect(await values('temperature == ignoring(service) temperature')).toEqual(['{"__name__":"temperature"} 0']);
    expect(await values('topk(1, http_requests_total{service="a"})')).toEqual([
      '{"__name__":"http_requests_total","service":"a","status":"200"} 6000',
    ]);
    expect(await values('-temperature + 2 * 3 - 1')).toEqual(['{"service":"a"} 5']);
  });

  it('aggregates over time, with an offset, and reads quantiles from buckets', async () => {
    expect(await values('max_over_time(temperature[5m])')).toEqual(['{"service":"a"} 3']);
    expect(await values('count_over_time(temperature[1m])')).toEqual(['{"service":"a"} 4']);
    expect(await values('http_requests_total{service="a",status="500"} offset 5m')).toEqual([
      '{"__name__":"http_requests_total","service":"a","status":"500"} 300',
    ]);
    const quantile = 'histogram_quantile(0.9, sum by (le, service) (rate(latency_bucket[5m])))';
    expect(await values(quantile)).toEqual(['{"service":"a"} 0.5']);
  });

  it('forgets a series five minutes after its last sample, and a stale one at once', async () => {
    const labels = { __name__: 'gone' };
    const other = await startPrometheus({
      series: [
        { labels: { ...labels, how: 'silent' }, samples: [[NOW - 200, 1]] },
        {
          labels: { ...labels, how: 'stale' },
          samples: [
            [NOW - 200, 1],
            [NOW - 185, 'stale'],
          ],
        },
      ],
    });
    const ask = async (time: number): Promise<string[]> => {
      const answer = (await (await fetch(`${other.url}/api/v1/query?query=gone&time=${time}`)).json()) as Envelope;
      return answer.data.result.map((r) => r.metric.how!);
    };
    expect(await ask(NOW - 190)).toEqual(['silent', 'stale']);
    expect(await ask(NOW)).toEqual(['silent']);
    expect(await ask(NOW + 101)).toEqual([]);
    await other.stop();
  });

  it.each([
    ['ceil(up)', 'the function ceil'],
    ['quantile(0.9, up)', 'the aggregation quantile'],
    ['up[5m:1m]', 'subqueries'],
    ['up @ 5', 'the @ modifier'],
    ['up * on(job) group_left(team) up', 'group_left'],
    ['up ^ 2', 'the operator ^'],
  ])('refuses %s by name instead of answering it wrongly', async (text, what) => {
    const answer = await query(text);
    expect(answer).toMatchObject({ status: 'error', errorType: 'bad_data' });
    expect(answer.error).toBe(`invalid parameter "query": not supported by this stand-in: ${what}`);
  });

  it.each([
    ['up{', '1:4: parse error: unexpected end of input inside braces'],
    ['up up', '1:4: parse error: unexpected identifier "up"'],
    ['', 'unknown position: parse error: no expression found in input'],
    ['{a=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['up)', "1:4: parse error: unexpected right parenthesis ')'"],
    ['sum(', '1:5: parse error: unclosed left parenthesis'],
    ['up[5m', '1:6: parse error: unclosed left bracket'],
    ['rate(up[5m)', '1:11: parse error: unexpected ")" in subquery or range, expected ":" or "]"'],
    ['sum by (rate(up[5m]))', '1:13: parse error: unexpected "(" in grouping opts, expected "," or ")"'],
    ['1 > 2', '1:1: parse error: comparisons between scalars must use BOOL modifier'],
    ['up{a=~"("}', '1:4: parse error: error parsing regexp: missing closing ): `(`'],
  ])('says what is wrong with %j and where', async (text, error) => {
    expect((await query(text)).error).toBe(`invalid parameter "query": ${error}`);
  });

  it('lists names, values, series and its version', async () => {
    expect((await get('/api/v1/label/job/values')).body).toEqual({ status: 'success', data: ['shop'] });
    expect((await get('/api/v1/labels?match[]=temperature')).body).toMatchObject({ data: ['__name__', 'service'] });
    expect((await get('/api/v1/series?match[]=temperature')).body).toMatchObject({ data: [{ service: 'a' }] });
    expect((await get('/api/v1/status/buildinfo')).body).toMatchObject({ data: { version: '3.5.3' } });
  });
});
