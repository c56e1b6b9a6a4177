import { startLoki } from '../stand-ins/loki.ts';
import type { LogStream, LokiStandIn } from '../stand-ins/loki.ts';
import { captured } from './captured';

const START = 1_795_460_897_730_000_000n;
const END = 1_795_461_797_730_000_000n;
const at = (secondsBeforeEnd: number): string => String(END - BigInt(secondsBeforeEnd) * 1_000_000_000n);
const line = (fields: Record<string, unknown>): string => JSON.stringify(fields);

const STREAMS: LogStream[] = [
  {
    labels: { service: 'orders' },
    lines: [
      [at(50), line({ level: 'info', msg: 'ok', status: 200 })],
      [at(40), line({ level: 'error', msg: 'charge failed', status: 502, upstream: { name: 'payments' } })],
      [at(30), 'not json at all'],
    ],
  },
  {
    labels: { service: 'payments' },
    lines: [
      [at(45), line({ level: 'info', msg: 'started', service: 'payments' })],
      [at(35), line({ level: 'error', msg: 'currency is undefined', status: 500, service: 'payments' })],
    ],
  },
];

interface Answer {
  status: string;
  data: {
    resultType: string;
    encodingFlags?: string[];
    result: { stream: Record<string, string>; metric: Record<string, string>; values: [string, string, unknown?][] }[];
    stats: unknown;
  };
}

describe('the Loki stand-in', () => {
  let loki: LokiStandIn;

  beforeEach(async () => {
    loki = await startLoki({ streams: STREAMS });
  });
  afterEach(() => loki.stop());

  const raw = async (
    path: string,
    init?: RequestInit,
  ): Promise<{ status: number; type: string | null; body: string }> => {
    const response = await fetch(loki.url + path, init);
    return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
  };
  const query = async (
    text: string,
    more: Record<string, string> = {},
    headers?: Record<string, string>,
  ): Promise<Answer> => {
    const params = new URLSearchParams({ query: text, start: String(START), end: String(END), ...more });
    const answer = await raw(`/loki/api/v1/query_range?${params}`, { headers });
    if (answer.status !== 200) throw new Error(answer.body);
    return JSON.parse(answer.body) as Answer;
  };
  const lines = async (text: string, more?: Record<string, string>): Promise<string[]> =>
    (await query(text, more)).data.result.flatMap((r) => r.values.map(([, text]) => text));

  it.each([
    'bad_direction',
    'bad_regex',
    'bad_time',
    'label_unknown',
    'limit_5001',
    'limit_neg',
    'log_query_instant',
    'neg_only',
    'no_query',
    'not_found',
    'parse_error',
    'parse_error_fn',
    'ready',
    'step_small',
  ])('answers the request of the captured %s as the real server did', async (name) => {
    const real = captured(`loki/${name}`);
    const url = new URL(real.request.url);
    if (name === 'step_small') url.searchParams.set('query', 'rate({service="orders"}[1m])');
    const answer = await raw(url.pathname + url.search);
    const body = typeof real.body === 'string' ? real.body : JSON.stringify(real.body);
    expect(answer).toEqual({ status: real.status, type: real.content_type, body });
  });

  it('filters lines by text and regular expression, newest first unless asked otherwise', async () => {
    expect(await lines('{service=~".+"} |= "failed"')).toHaveLength(1);
    expect(await lines('{service=~".+"} |~ "fail|undefined" != "charge"')).toHaveLength(1);
    expect(await lines('{service="orders"} !~ "json"')).toHaveLength(2);
    const newest = await query('{service=~".+"}', { limit: '1' });
    expect(newest.data.result.map((r) => r.values)).toEqual([[[at(30), 'not json at all']]]);
    const oldest = await query('{service=~".+"}', { limit: '1', direction: 'forward' });
    expect(oldest.data.result[0]?.values[0]?.[0]).toBe(at(50));
  });

  it('makes every extracted field a label of its stream, a clash `_extracted`, a failure `__error__`', async () => {
    const { data } = await query('{service=~".+"} | json');
    expect(data.resultType).toBe('streams');
    expect(data.result).toHaveLength(5);
    expect(data.stats).toBeDefined();
    const labels = data.result.map((r) => r.stream);
    expect(labels).toContainEqual(
      expect.objectContaining({ service: 'orders', upstream_name: 'payments', status: '502' }),
    );
    expect(labels).toContainEqual(expect.objectContaining({ service_extracted: 'payments', msg: 'started' }));
    expect(labels).toContainEqual(expect.objectContaining({ __error__: 'JSONParserErr', service: 'orders' }));
  });

  it('filters by extracted labels, numbers included', async () => {
    expect(await lines('{service=~".+"} | json | level="error"')).toHaveLength(2);
    expect(await lines('{service=~".+"} | json | level="error" | status >= 501')).toHaveLength(1);
    expect(await lines('{service=~".+"} | json | level="error" and status < 501')).toHaveLength(1);
    expect(await lines('{service=~".+"} | json | msg=~"charge.*"')).toHaveLength(1);
  });

  it('keeps labels apart when the request asks for it', async () => {
    const headers = { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' };
    const { data } = await query('{service="payments"} | json | level="error"', {}, headers);
    expect(data.encodingFlags).toEqual(['categorize-labels']);
    expect(data.result).toHaveLength(1);
    expect(data.result[0]?.stream).toEqual({ service: 'payments' });
    expect(data.result[0]?.values[0]?.[2]).toMatchObject({
      structuredMetadata: { detected_level: 'error' },
      parsed: { service_extracted: 'payments', status: '500' },
    });
  });

  it('counts lines as a matrix on whole steps', async () => {
    const { data } = await query('sum by (service) (count_over_time({service=~".+"} | json | level="error" [5m]))', {
      step: '60',
    });
    expect(data.resultType).toBe('matrix');
    expect(data.result.map((r) => [r.metric, r.values])).toEqual([
      [{ service: 'orders' }, [1_795_461_780, 1_795_461_840].map((time) => [time, '1'])],
      [{ service: 'payments' }, [1_795_461_780, 1_795_461_840].map((time) => [time, '1'])],
    ]);
  });

  it('shows a line that was added while it runs', async () => {
    loki.append({ service: 'orders' }, [at(1), 'fresh']);
    expect(await lines('{service="orders"} |= "fresh"')).toEqual(['fresh']);
    const form = new URLSearchParams({
      query: '{service="orders"} |= "fresh"',
      start: String(START),
      end: String(END),
    });
    const posted = await raw('/loki/api/v1/query_range', { method: 'POST', body: form });
    expect(posted.body).toContain('fresh');
    expect(loki.journal.map((r) => r.method)).toEqual(['GET', 'POST']);
  });

  it.each([
    ['{a="b"} | logfmt', 'the stage logfmt'],
    ['{a="b"} | line_format "{{.msg}}"', 'the stage line_format'],
    ['topk(2, count_over_time({a="b"}[5m]))', 'the function topk'],
    ['rate({a="b"}[5m]) > 1', 'the operator >'],
    ['{a="b"} | json | x > 5s', 'filters on durations and sizes'],
    ['{a="b"} | json x="y"', 'json with expressions'],
    ['{a="b"} | json | x="1" or y="2"', 'or between label filters'],
  ])('refuses %s by name instead of answering it wrongly', async (text, what) => {
    await expect(query(text)).rejects.toThrow(`not supported by this stand-in: ${what}`);
  });

  it('refuses what the real server refuses about the range', async () => {
    await expect(query('{a="b"}', { end: String(START) })).rejects.toThrow(
      'end timestamp must not be before or equal to start time',
    );
    await expect(query('{a="b"}', { start: String(END - 3_456_000_000_000_000n) })).rejects.toThrow(
      'the query time range exceeds the limit (query length: 960h0m0s, limit: 30d1h)',
    );
  });
});
