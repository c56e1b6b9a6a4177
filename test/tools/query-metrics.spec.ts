import { PrometheusClient } from '../../src/tools/prometheus/prometheus-client';
import type { ToolOutcome } from '../../src/tools/tool';
import type { Toolbox } from '../../src/tools/toolbox';
import { startPrometheus } from '../stand-ins/prometheus.ts';
import type { PrometheusStandIn, Series } from '../stand-ins/prometheus.ts';
import { captured, capturedBody } from './captured';
import { ASKER, insideOf, toolboxFor } from './tool-bench';

/** The clock of the toolbox. */
const NOW = Date.parse('2026-11-23T19:30:00Z') / 1000;

/** Requests of ten a second for half an hour; a share of `errors(minute)` fails. */
function service(name: string, errors: (minute: number) => number): Series[] {
  let [good, bad] = [0, 0];
  const ok: [number, number][] = [];
  const failed: [number, number][] = [];
  for (let at = NOW - 1800; at <= NOW; at += 15) {
    const share = errors((at - NOW) / 60);
    good += 150 * (1 - share);
    bad += 150 * share;
    ok.push([at, good]);
    failed.push([at, bad]);
  }
  const labels = { __name__: 'http_requests_total', job: 'shop', service: name };
  return [
    { labels: { ...labels, status: '200' }, samples: ok },
    { labels: { ...labels, status: '500' }, samples: failed },
  ];
}

const RATIO =
  'sum by (service) (rate(http_requests_total{status=~"5.."}[2m])) / sum by (service) (rate(http_requests_total[2m]))';

describe('query_metrics and query_metrics_range', () => {
  let prometheus: PrometheusStandIn;
  let toolbox: Toolbox;

  beforeAll(async () => {
    const series = [...service('checkout', (minute) => (minute > -10 ? 0.25 : 0)), ...service('search', () => 0)];
    prometheus = await startPrometheus({ series });
    toolbox = toolboxFor({ prometheus: { endpoint: prometheus.url } });
  });
  beforeEach(() => prometheus.fault());
  afterAll(() => prometheus.stop());

  const ask = (name: string, input: unknown): Promise<ToolOutcome> =>
    toolbox.run({ name, input, handle: 'r1' }, ASKER, AbortSignal.timeout(10_000));
  const textOf = async (name: string, input: unknown): Promise<string> => insideOf((await ask(name, input)).text);
  const replay = (name: string): void => {
    const answer = captured(name);
    const contentType = answer.content_type ?? '';
    prometheus.fault(() => ({ kind: 'answer', status: answer.status, contentType, body: capturedBody(answer) }));
  };

  it('shows no grid of years for a sample from another time', async () => {
    const values = [
      [1, '0.7'],
      [NOW - 60, '0.9'],
      ['x', '1'],
      [4e12, '5'],
    ];
    const body = JSON.stringify({
      status: 'success',
      data: { resultType: 'matrix', result: [{ metric: {}, values }] },
    });
    prometheus.fault(() => ({ kind: 'answer', status: 200, contentType: 'application/json', body }));
    const text = await textOf('query_metrics_range', { query: 'up', start: '-10m', step: '1m' });
    expect(text).toMatch(/values: \[v v …\] from 2026-11-23T19:1[89]:00Z every/);
    expect(text.length).toBeLessThan(1_000);
  });

  it('tells Prometheus how long it may work on a query', async () => {
    const client = new PrometheusClient({ endpoint: prometheus.url }, 2_500);
    const [start, end] = [new Date((NOW - 60) * 1000), new Date(NOW * 1000)];
    expect((await client.query('up', end, AbortSignal.timeout(5_000))).kind).toBe('result');
    expect(prometheus.journal.at(-1)?.params.get('timeout')).toBe('2500ms');
    await client.queryRange('up', { start, end, stepSeconds: 15 }, AbortSignal.timeout(5_000));
    expect(prometheus.journal.at(-1)?.params.get('timeout')).toBe('2500ms');
  });

  it('gives one line a series, with common labels once and the query as it was run', async () => {
    const outcome = await ask('query_metrics', { query: 'http_requests_total{service="search"}', time: '-5m' });
    expect(outcome.status).toBe('ok');
    expect(insideOf(outcome.text).split('\n')).toEqual([
      'query: http_requests_total{service="search"}',
      'time: 2026-11-23T19:25:00Z',
      'result: vector, 2 series',
      'common labels: http_requests_total{job="shop", service="search"}',
      '{status="200"} 15150',
      '{status="500"} 0',
    ]);
    expect(outcome).not.toHaveProperty('full.length');
    expect(outcome.bytes).toBe(Buffer.byteLength(insideOf(outcome.text)));
    expect(outcome.durationMs).toBeGreaterThan(0);
  });

  it('shows figures and values of a range on a stated grid: the onset can be read off', async () => {
    const text = await textOf('query_metrics_range', { query: RATIO, start: '-20m', end: 'now', step: '60s' });
    const lines = text.split('\n');
    expect(lines.slice(1, 4)).toEqual([
      'range: 2026-11-23T19:10:00Z to 2026-11-23T19:30:00Z, step 60s',
      'result: matrix, 2 series',
      'values: [v v …] from 2026-11-23T19:10:00Z every 60s, _ = no sample',
    ]);
    expect(lines[4]).toMatch(/^\{service="checkout"\} first=0 last=0.25 min=0 max=0.25 mean=0.1\d+ \[0 0 /);
    const values = /\[(.*)\]/.exec(lines[4]!)![1]!.split(' ');
    expect(values).toHaveLength(21);
    expect(values.findIndex((value) => Number(value) > 0)).toBe(11);
    expect(lines[5]).toMatch(/^\{service="search"\} first=0 last=0 min=0 max=0 mean=0 \[0 0 /);
  });

  it('marks gaps instead of closing them', async () => {
    const query = 'http_requests_total{service="search",status="200"}';
    const text = await textOf('query_metrics_range', { query, start: '-40m', end: '-25m', step: '1m' });
    expect(text).toMatch(/\[_ _ _ _ _ _ _ _ _ _ 150 750 1350 1950 2550 3150\]$/);
  });

  it('widens a step that gives too many points, and says so (GV-32)', async () => {
    const text = await textOf('query_metrics_range', { query: 'sum(http_requests_total)', start: '-30m', step: '5s' });
    expect(text).toContain('step 45s (asked for 5s; widened to keep at most 60 points a series');
    expect(prometheus.journal.at(-1)?.params.get('step')).toBe('45');
  });

  it('takes null for what is optional, and asks for the last hour', async () => {
    const text = await textOf('query_metrics_range', { query: 'vector(1)', start: null, end: null, step: null });
    expect(text).toContain('range: 2026-11-23T18:30:00Z to 2026-11-23T19:30:00Z, step 90s\n');
    expect(await textOf('query_metrics', { query: '1', time: null })).toContain('result: scalar\n1');
  });

  it.each([
    ['query_metrics', { query: 'up', time: 'yesterday' }, 'time: "yesterday" is no time. Accepted: RFC 3339'],
    ['query_metrics_range', { query: 'up', start: 'tuesday' }, 'start: "tuesday" is no time'],
    ['query_metrics_range', { query: 'up', start: 'now', end: '-1h' }, 'lies before start'],
    ['query_metrics_range', { query: 'up', step: 'often' }, 'step: "often" is no step'],
  ])('asks nothing when a time cannot be read: %s %j (GV-43)', async (name, input, reason) => {
    const before = prometheus.journal.length;
    const outcome = await ask(name, input);
    expect(outcome.status).toBe('failed');
    expect(outcome.text).toContain(reason);
    expect(prometheus.journal).toHaveLength(before);
  });

  it.each([
    ['sum(up', '1:7: parse error: unclosed left parenthesis'],
    ['rate(up)', 'expected type range vector in call to function "rate", got instant vector'],
    ['avg_over_tiem(up[5m])', 'unknown function with name "avg_over_tiem"'],
  ])('does not send a wrong query, and gives its place and its reason: %s', async (query, reason) => {
    const before = prometheus.journal.length;
    for (const name of ['query_metrics', 'query_metrics_range']) {
      const outcome = await ask(name, { query });
      expect(outcome.status).toBe('failed');
      expect(outcome.text).toContain(reason);
      expect(outcome.text).toContain(`query: ${query}`);
    }
    expect(prometheus.journal).toHaveLength(before);
  });

  it('lets the server judge what may be newer than the parser', async () => {
    const outcome = await ask('query_metrics', { query: 'foo(up)' });
    expect(outcome.text).toContain('unknown function with name "foo"');
    expect(outcome.text).toContain('Change: there is no such function');
  });

  it.each(['prometheus-2.42', 'prometheus-3.5'])('reads the answers of %s', async (version) => {
    const read = async (name: string): Promise<string> => {
      replay(`${version}/${name}`);
      return textOf('query_metrics', { query: 'x' });
    };
    expect(await read('up')).toMatch(/result: vector, 6 series[^]*instance="127.0.0.1:18001"[^]* 1\n/);
    expect(await read('inf')).toContain('result: scalar\n+Inf');
    expect(await read('string')).toContain('result: string\n"x"');
    expect(await read('nan_vec')).toContain('{} NaN');
    expect(await read('empty')).toContain('Found nothing');
    expect(await read('many_to_many')).toContain(
      '422 execution: found duplicate series for the match group {job="shop"}',
    );
    expect(await read('timeout')).toContain('503 timeout: query timed out in expression evaluation');
    expect(await read('notfound')).toContain('Prometheus answered 404: 404 page not found');
    expect(await read('matrix_instant')).toMatch(
      /result: matrix, 1 series[^]*first=1 last=1 min=1 max=1 mean=1 \[\d+\.\d+:1 /,
    );
  });

  it('passes warnings and infos on (F44, GV-46)', async () => {
    replay('prometheus-3.5/warn_quantile');
    expect(await textOf('query_metrics', { query: 'quantile(2, up)' })).toContain(
      '\nwarning: PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)',
    );
    replay('prometheus-3.5/warn_info');
    expect(await textOf('query_metrics', { query: 'x' })).toContain(
      '\ninfo: PromQL info: metric might not be a counter',
    );
  });

  it('shows a native histogram for what it is (F44)', async () => {
    replay('prometheus-3.5/nh');
    const text = await textOf('query_metrics', { query: 'prometheus_http_request_duration_seconds' });
    expect(text).toContain('native histogram count=1 sum=0.002431');
  });

  it('tells the series that change most when not all fit, the others in one line, and keeps every value', async () => {
    const labels = (i: number): Record<string, string> => ({ __name__: 'm', pod: `pod-${i}-${'x'.repeat(40)}` });
    const result = Array.from({ length: 400 }, (_, i) => ({
      metric: labels(i),
      values: Array.from({ length: 41 }, (_, n) => [NOW - 1800 + n * 45, String(n * (i === 333 ? 1000 : 0.1234 * i))]),
    }));
    const body = JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
    prometheus.fault(() => ({ kind: 'answer', status: 200, body }));
    const outcome = await ask('query_metrics_range', { query: 'm', start: '-30m', step: '45s' });
    const text = insideOf(outcome.text);
    expect(text.length).toBeLessThanOrEqual(4_000);
    expect(text).toContain('result: matrix, 400 series');
    expect(text.split('\n')[6]).toMatch(/^\{pod="pod-333-x+"\} first=0 last=40000 .* rises all along \[/);
    const shown = text.split('\n').filter((line) => line.startsWith('{pod=')).length;
    expect(text).toMatch(
      new RegExp(`\nothers: ${400 - shown} more series, their values between 0 and 1\\d{3}; 387 of them changed, too`),
    );
    expect(outcome.full!.split('\n')).toHaveLength(400);
    expect(outcome.full).toContain(`pod-7-${'x'.repeat(40)}"} first=0 last=34.552 `);
    expect(outcome.full).toContain(` ${NOW - 1800 + 45}:0.8638 `);
    expect(outcome.bytes).toBe(Buffer.byteLength(outcome.full!));
  });

  it('tells of a large vector the largest and the smallest, or those that differ from the rest', async () => {
    const answer = (value: (i: number) => string): void => {
      const result = Array.from({ length: 5000 }, (_, i) => ({ metric: { pod: `pod-${i}` }, value: [NOW, value(i)] }));
      const body = JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
      prometheus.fault(() => ({ kind: 'answer', status: 200, body }));
    };
    answer(String);
    const spread = await textOf('query_metrics', { query: 'm' });
    expect(spread.length).toBeLessThanOrEqual(4_000);
    expect(spread).toContain('order: the 20 largest, then the 8 smallest, smallest last\n{pod="pod-4999"} 4999\n');
    expect(spread).toContain(
      '{pod="pod-0"} 0\nothers: 4972 more series, each between 8 and 4979, median 2493; read_result',
    );
    answer((i) => (i === 17 ? '0' : i === 18 ? 'NaN' : '1'));
    const alike = await textOf('query_metrics', { query: 'up' });
    expect(alike).toContain(
      'order: those whose value is not 1, largest first\n{pod="pod-17"} 0\n{pod="pod-18"} NaN\nothers: 4998 more series, each 1; read_result',
    );
  });

  it('keeps in its room whatever the labels, the query and the warnings are, and lets no label forge a line', async () => {
    const long = 'l'.repeat(3_000);
    const metric = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`label_${i}`, long]));
    const evil = { 'evil\nresult: vector, 1 series': 'x\n{pod="a"} 1', __name__: 'm\nothers: 9 more series, each 1' };
    const result = [
      { metric, value: [NOW, '1'] },
      { metric: evil, value: [NOW, '2'] },
    ];
    const warnings = Array.from({ length: 20 }, () => `first\nresult: vector ${long}`);
    const body = JSON.stringify({ status: 'success', data: { resultType: 'vector', result }, warnings });
    prometheus.fault(() => ({ kind: 'answer', status: 200, body }));
    const query = `up{a="${'q'.repeat(3_500)}"}`;
    for (const roomChars of [1_000, 4_000]) {
      const outcome = await toolbox.run(
        { name: 'query_metrics', input: { query }, handle: 'r1' },
        { ...ASKER, roomChars },
        AbortSignal.timeout(10_000),
      );
      const text = insideOf(outcome.text);
      expect(text.length).toBeLessThanOrEqual(roomChars);
      expect(text).not.toMatch(/more characters?\)$/);
      expect(text.split('\n').filter((line) => line.startsWith('result: '))).toHaveLength(1);
      expect(text.split('\n').filter((line) => line.startsWith('others: 9'))).toHaveLength(0);
      expect(text).toContain('\nwarning: first result: vector');
    }
  });

  it('shows NaN, infinities and counter resets for what they are (F44)', async () => {
    const values = [5, 6, 7, 1, 2, NaN, Infinity, 3].map((v, i) => [
      NOW - 480 + i * 60,
      v === Infinity ? '+Inf' : String(v),
    ]);
    const result = [{ metric: { __name__: 'jobs_total' }, values }];
    const body = JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
    prometheus.fault(() => ({ kind: 'answer', status: 200, body }));
    const text = await textOf('query_metrics_range', { query: 'jobs_total', start: '-8m', step: '1m' });
    expect(text).toContain(
      'jobs_total{} first=5 last=3 min=1 max=7 mean=4 NaN=1 +Inf=1 resets=2 last_reset=2026-11-23T19:29:00Z [5 6 7 1 2 NaN +Inf 3 _]',
    );
  });

  it('makes a finding of an answer that has another form', async () => {
    for (const body of [
      '[]',
      '{"status":"success"}',
      '{"status":"success","data":{"resultType":"vector","result":[{}]}}',
    ]) {
      prometheus.fault(() => ({ kind: 'answer', status: 200, body }));
      const outcome = await ask('query_metrics', { query: 'up' });
      expect(outcome).toMatchObject({ status: 'failed', text: expect.stringContaining('not known') });
    }
  });

  it('keeps an error text short', async () => {
    const body = JSON.stringify({ status: 'error', errorType: 'internal', error: 'x'.repeat(50_000) });
    prometheus.fault(() => ({ kind: 'answer', status: 500, body }));
    expect((await textOf('query_metrics', { query: 'up' })).length).toBeLessThan(1300);
  });
});
