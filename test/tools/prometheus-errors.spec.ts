import type { Toolbox } from '../../src/tools/toolbox';
import { startPrometheus } from '../stand-ins/prometheus.ts';
import type { PrometheusStandIn } from '../stand-ins/prometheus.ts';
import { captured, capturedBody } from './captured';
import { ASKER, insideOf, toolboxFor } from './tool-bench';

/** A query that nothing speaks against: what is wrong is said by the server. */
const QUERY = 'sum by (job) (rate(http_requests_total[5m]))';

const PAIR = 'Change: name the labels that pair the two sides with on(…)';
const LESS = 'Change: a shorter range or window, a larger step, or a selector that is narrower';
const SHORTER = 'Change: a shorter range (start nearer to the end), and a shorter window in [ ].';
const FEWER = 'Change: a narrower selector (service, job, instance) or a shorter range, so that fewer series are read.';
const FASTER = 'Change: a shorter range or window, a larger step, fewer series; aggregate with sum by (…)';
const LATER = 'Change: nothing in the query; the server takes no more requests now.';
const MEND = 'Change: mend the query at the place that is named (line:column).';
const TIMES = 'Change: the times or the step: RFC 3339, now or -15m, the end behind the start, a step above zero.';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
}

function json(status: number, errorType: string, error: string): Answer {
  return { status, body: JSON.stringify({ status: 'error', errorType, error }) };
}

describe('An error of the server, as the model sees it', () => {
  let prometheus: PrometheusStandIn;
  let toolbox: Toolbox;

  beforeAll(async () => {
    prometheus = await startPrometheus();
    toolbox = toolboxFor({ prometheus: { endpoint: prometheus.url } });
  });
  afterAll(() => prometheus.stop());

  const told = async (answer: Answer): Promise<string[]> => {
    prometheus.fault(() => ({ kind: 'answer', ...answer }));
    const outcome = await toolbox.run(
      { name: 'query_metrics_range', input: { query: QUERY }, handle: 'r1' },
      ASKER,
      AbortSignal.timeout(10_000),
    );
    expect(outcome.status).toBe('failed');
    return insideOf(outcome.text).split('\n').slice(2);
  };

  const CAPTURED: [string, string, string][] = [
    ['parse_error', '400 bad_data: invalid parameter "query": 1:7: parse error: unclosed left parenthesis', MEND],
    [
      'bad_range_type',
      '400 bad_data: invalid parameter "query": 1:6: parse error: expected type range vector',
      'Change: give the function a window: rate(name[5m]).',
    ],
    [
      'unknown_fn',
      '400 bad_data: invalid parameter "query": 1:1: parse error: unknown function with name "foo"',
      'Change: there is no such function',
    ],
    [
      'range_instant_mix',
      'invalid expression type "range vector"',
      'Change: rate(name[5m]) for a counter, or the bare name without [ ].',
    ],
    ['many_to_many', '422 execution: found duplicate series for the match group', PAIR],
    [
      'dup_labels',
      '422 execution: vector cannot contain metrics with the same labelset',
      'Change: aggregate (sum by (…)) so that every series keeps labels of its own',
    ],
    [
      'too_many_points',
      '400 bad_data: exceeded maximum resolution of 11,000 points per timeseries',
      'Change: a larger step, or a shorter range.',
    ],
    ['end_before_start', '400 bad_data: invalid parameter "end": end timestamp must not be before start time', TIMES],
    ['bad_time', 'cannot parse "yesterday" to a valid timestamp', TIMES],
    ['timeout', '503 timeout: query timed out in expression evaluation', FASTER],
    ['notfound', '404: 404 page not found', 'No other query mends this: that address is no Prometheus API.'],
  ];

  it.each(
    CAPTURED.flatMap(([name, says, change]) =>
      ['2.42', '3.5'].map((version) => [version, name, says, change] as const),
    ),
  )('Prometheus %s, %s', async (version, name, says, change) => {
    const answer = captured(`prometheus-${version}/${name}`);
    const lines = await told({
      status: answer.status,
      contentType: answer.content_type ?? '',
      body: capturedBody(answer),
    });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(says);
    expect(lines[1]).toContain(change);
  });

  it.each<[string, Answer, string, string | undefined]>([
    [
      'Prometheus, too many samples',
      json(422, 'execution', 'query processing would load too many samples into memory in query execution'),
      'too many samples',
      LESS,
    ],
    [
      'Prometheus, step 0',
      json(
        400,
        'bad_data',
        'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
      ),
      'zero or negative',
      TIMES,
    ],
    [
      'Prometheus, canceled',
      json(499, 'canceled', 'query was canceled in expression evaluation'),
      '499 canceled',
      undefined,
    ],
    [
      'Prometheus, internal',
      json(500, 'internal', 'opening storage failed'),
      '500 internal',
      'Change: nothing in the query is known to be wrong',
    ],
    [
      'Prometheus, empty selector',
      json(
        400,
        'bad_data',
        'invalid parameter "query": 1:1: parse error: vector selector must contain at least one non-empty matcher',
      ),
      'non-empty matcher',
      'Change: name a metric, or a label with = and a value.',
    ],
    [
      'Prometheus, many-to-one without group_left',
      json(
        422,
        'execution',
        'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
      ),
      'many-to-one',
      PAIR,
    ],
    [
      'Mimir, query length',
      json(
        422,
        'execution',
        'the query time range exceeds the limit (query length: 960h0m0s, limit: 720h0m0s) (err-mimir-max-query-length). To adjust the related per-tenant limit, configure -querier.max-partial-query-length',
      ),
      'err-mimir-max-query-length',
      SHORTER,
    ],
    [
      'Mimir, total query length',
      json(
        422,
        'execution',
        'the total query time range exceeds the limit (query length: 9000h0m0s, limit: 8760h0m0s) (err-mimir-max-total-query-length)',
      ),
      'err-mimir-max-total-query-length',
      SHORTER,
    ],
    [
      'Mimir, series',
      json(
        422,
        'execution',
        'the query exceeded the maximum number of series (limit: 100000 series) (err-mimir-max-series-per-query). Consider reducing the time range and/or number of series selected by the query',
      ),
      'err-mimir-max-series-per-query',
      FEWER,
    ],
    [
      'Mimir, no tenant',
      { status: 401, contentType: 'text/plain; charset=utf-8', body: 'no org id\n' },
      'wants to know whose data is asked for (401, no org id). No other query mends this: an operator has to configure the tenant',
      undefined,
    ],
    [
      'Mimir, too many requests',
      json(
        429,
        'too_many_requests',
        'the request has been rejected because the tenant exceeded the request rate limit',
      ),
      '429 too_many_requests',
      LATER,
    ],
    [
      'Mimir, too large',
      json(413, 'too_large_entry', 'request body too large'),
      '413 too_large_entry',
      'Change: a shorter query.',
    ],
    [
      'Thanos, series limit',
      json(
        422,
        'execution',
        'expanding series: proxy Series(): rpc error: code = ResourceExhausted desc = exceeded series limit: limit 10000 violated (got 10001)',
      ),
      'exceeded series limit',
      FEWER,
    ],
    [
      'VictoriaMetrics, series',
      json(
        422,
        '422',
        'the number of matching timeseries exceeds 300000; either narrow down the search or increase -search.max* command-line flag values: too many unique timeseries; see -search.maxUniqueTimeseries',
      ),
      'maxUniqueTimeseries',
      FEWER,
    ],
    [
      'VictoriaMetrics, samples',
      json(
        422,
        '422',
        'cannot select more than -search.maxSamplesPerQuery=1000000000 samples; possible solutions: to increase the limit',
      ),
      'maxSamplesPerQuery',
      LESS,
    ],
    [
      'VictoriaMetrics, busy',
      {
        status: 503,
        contentType: 'text/plain; charset=utf-8',
        body: "couldn't start executing the request in 10.000 seconds, since -search.maxConcurrentRequests=8 concurrent requests are executed",
      },
      'maxConcurrentRequests',
      LATER,
    ],
    [
      'VictoriaMetrics, unknown function',
      json(422, '422', 'unknown func "histogram_qantile"'),
      'unknown func',
      'Change: there is no such function; near it: histogram_quantile',
    ],
    [
      'a proxy',
      { status: 502, contentType: 'text/html', body: '<html><h1>Bad Gateway</h1> nginx on host-17.internal</html>' },
      'an HTML page came back (502). It is down, or starts.',
      undefined,
    ],
    [
      'a wrong password',
      { status: 403, contentType: 'text/plain', body: 'forbidden for user vigil' },
      'refuses the credentials (403). No other query mends this',
      undefined,
    ],
  ])('%s', async (_, answer, says, change) => {
    const lines = await told(answer);
    expect(lines).toHaveLength(change === undefined ? 1 : 2);
    expect(lines[0]).toContain(says);
    if (change !== undefined) expect(lines[1]).toContain(change);
    expect(lines.join('\n')).not.toMatch(/host-17|<html|user vigil/);
  });

  it('is one line, whatever it repeats', async () => {
    const lines = await told(json(400, 'bad_data', 'parse error near "\nresult: vector, 1 series\n{a=\\"b\\"} 1"'));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('near " result: vector');
  });

  it('comes with the warnings of a partial answer, which stands in no other place', async () => {
    const body = JSON.stringify({
      status: 'success',
      data: { resultType: 'vector', result: [{ metric: { job: 'a' }, value: [1_795_461_609, '1'] }] },
      warnings: ['No StoreAPIs matched for this query', 'receive series from Addr: store-1\nresult: vector'],
    });
    prometheus.fault(() => ({ kind: 'answer', status: 200, body }));
    const outcome = await toolbox.run(
      { name: 'query_metrics', input: { query: QUERY }, handle: 'r1' },
      ASKER,
      AbortSignal.timeout(10_000),
    );
    expect(outcome.status).toBe('ok');
    expect(insideOf(outcome.text).split('\n').slice(-2)).toEqual([
      'warning: No StoreAPIs matched for this query',
      'warning: receive series from Addr: store-1 result: vector',
    ]);
  });
});
