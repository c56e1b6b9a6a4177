import { sampleConversation } from '../../test/notification/sample-triage';
import { clipped } from './clipped';
import type { ToolCallRecord } from './conversation';
import { evidenceLink, evidenceLinks } from './evidence-link';

const call = (over: Partial<ToolCallRecord> = {}): ToolCallRecord => ({
  turnSeq: 1,
  position: 0,
  handle: 'r1',
  vendorId: 'toolu_1',
  name: 'query_metrics_range',
  input: { query: 'rate(x{a="b&c"}[5m]) > 0', start: '-1h' },
  status: 'ok',
  text: '[r1] query_metrics_range\n<<<data B\nquery: rate(x{a="b&c"}[5m]) > 0\nrange: 2026-11-23T18:00:00Z to 2026-11-23T19:00:00Z, step 60s\nresult: …\nB>>>',
  bytes: 1,
  durationMs: 1,
  ...over,
});
const PROMETHEUS = { prometheusUrl: 'http://prometheus:9090/base' };
const GRAFANA = { ...PROMETHEUS, grafanaUrl: 'https://grafana.example' };

describe('The link beside a piece of evidence', () => {
  it("opens the same query over the same range in Prometheus' graph page", () => {
    const url = new URL(evidenceLink(call(), PROMETHEUS)!);
    expect(url.origin + url.pathname).toBe('http://prometheus:9090/base/graph');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      'g0.expr': 'rate(x{a="b&c"}[5m]) > 0',
      'g0.tab': '0',
      'g0.range_input': '3600s',
      'g0.end_input': '2026-11-23 19:00:00',
    });
  });

  it("opens it in Grafana's Explore where there is a Grafana, metrics and logs alike", () => {
    const logs = call({ name: 'query_logs', input: { query: '{service="a"}' } });
    expect(evidenceLink({ ...logs, name: 'log_patterns' }, GRAFANA)).toBe(evidenceLink(logs, GRAFANA));
    const url = new URL(evidenceLink(logs, GRAFANA)!);
    expect(url.origin + url.pathname).toBe('https://grafana.example/explore');
    expect(JSON.parse(url.searchParams.get('panes')!)).toEqual({
      vigil: {
        queries: [{ refId: 'A', expr: '{service="a"}', datasource: { type: 'loki' } }],
        range: { from: String(Date.parse('2026-11-23T18:00:00Z')), to: String(Date.parse('2026-11-23T19:00:00Z')) },
      },
    });
    expect(evidenceLink(logs, PROMETHEUS)).toBeUndefined();
  });

  it('shows the hour around a single moment', () => {
    const moment = call({ name: 'query_metrics', text: 'query: up\ntime: 2026-11-23T19:00:00Z\nresult: …' });
    const url = new URL(evidenceLink(moment, PROMETHEUS)!);
    expect(url.searchParams.get('g0.end_input')).toBe('2026-11-23 19:30:00');
    expect(url.searchParams.get('g0.range_input')).toBe('3600s');
  });

  it.each([
    ['that was not run', call({ refusal: 'tool_budget' })],
    ['of a tool without such a page', call({ name: 'list_alerts' })],
    ['whose input was no query', call({ input: 'up' })],
    ['whose result names no range', call({ text: 'The input was not accepted.' })],
  ])('is not there for a call %s', (_, record) => {
    expect(evidenceLink(record, GRAFANA)).toBeUndefined();
  });
});

describe('The link of a section of the opening message', () => {
  const RANGE = 'range: 2026-11-23T18:00:00Z to 2026-11-23T19:00:00Z, step 60s';

  function linkFor(text: string, quote = '', viewers: typeof GRAFANA | typeof PROMETHEUS = GRAFANA): URL | undefined {
    const [opening, ...turns] = sampleConversation.turns;
    const blocks = [{ type: 'text' as const, text: `[o1] what was found\n<<<data B\n${text}\nB>>>` }];
    const conversation = {
      ...sampleConversation,
      turns: [{ ...opening!, blocks } as typeof opening & object, ...turns],
    };
    const url = evidenceLinks([conversation], viewers)({ source: 'o1', quote });
    return url === undefined ? undefined : new URL(url);
  }

  it('opens the query that the section names, over its range', () => {
    const url = linkFor(`query: rate(x[5m]) > 0.05\n${RANGE}\nthe value: 0.31`, 'the value', PROMETHEUS)!;
    expect(url.searchParams.get('g0.expr')).toBe('rate(x[5m]) > 0.05');
    expect(url.searchParams.get('g0.end_input')).toBe('2026-11-23 19:00:00');
  });

  it('opens, of several, the query above the quote; the first where the quote stands above all or nowhere', () => {
    const text = `a: 0\nquery: up\n${RANGE}\nup: 1\nquery: down\ntime: 2026-11-23T19:00:00Z\ndown: 2`;
    const opened = (quote: string): unknown =>
      /"expr":"(\w+)"/.exec(linkFor(text, quote)!.searchParams.get('panes')!)?.[1];
    expect(['a: 0', 'up: 1', 'down: 2', 'nowhere', ''].map(opened)).toEqual(['up', 'up', 'down', 'up', 'up']);
  });

  it.each([
    ['{service="payments"}', 'loki'],
    ['sum(count_over_time({service="payments"} |= "error" [5m]))', 'loki'],
    ['sum by (a) (rate( { a="b" } | json [1m]))', 'loki'],
    ['up{service="payments"}', 'prometheus'],
    ['up {service="payments"}', 'prometheus'],
    ['{__name__=~"http_.*"}', 'prometheus'],
    ['{"http.requests", code="500"}', 'prometheus'],
    ['label_replace(up, "a", "{b}", "c", "(.*) {d")', 'prometheus'],
    ['histogram_quantile(0.99, sum by (le) (rate(x_bucket[5m])))', 'prometheus'],
  ])('sees in the query %s that %s answers it', (query, type) => {
    const url = linkFor(`query: ${query}\n${RANGE}`)!;
    expect(url.searchParams.get('panes')).toContain(`"datasource":{"type":"${type}"}`);
    expect(linkFor(`query: ${query}\n${RANGE}`, '', PROMETHEUS) === undefined).toBe(type === 'loki');
  });

  it('is not there where the section shows the query cut', () => {
    expect(linkFor(`query: ${clipped('up + '.repeat(300), 600)}\n${RANGE}`)).toBeUndefined();
  });

  it.each(['', 'value: 1', 'query: up', RANGE, `label query: up\n${RANGE}`, 'query: up\nrange: soon to later'])(
    'is not there for the text %j',
    (text) => expect(linkFor(text)).toBeUndefined(),
  );

  it('is not there for a handle that stands for nothing, and is the call\u2019s own for a tool result', () => {
    const find = evidenceLinks([{ ...sampleConversation, toolCalls: [call()] }], PROMETHEUS);
    expect(find({ source: 'o99', quote: '' })).toBeUndefined();
    expect(find({ source: 'r1', quote: '' })).toBe(evidenceLink(call(), PROMETHEUS));
  });

  it('is, for a part that was read again, that of the result that it is a part of', () => {
    const text = `[r2] read_result\n<<<data B\nr1 (query_metrics_range): lines 1 to 2 of 9 lines\nquery: up\nB>>>`;
    const part = call({ handle: 'r2', name: 'read_result', input: { handle: 'r1', query: 'x' }, text });
    const find = evidenceLinks([{ ...sampleConversation, toolCalls: [call(), part] }], PROMETHEUS);
    expect(find({ source: 'r2', quote: '' })).toBe(evidenceLink(call(), PROMETHEUS));
    const lost = evidenceLinks([{ ...sampleConversation, toolCalls: [part] }], PROMETHEUS);
    expect(lost({ source: 'r2', quote: '' })).toBeUndefined();
  });

  it('does not throw for a query that holds half a character', () => {
    expect(evidenceLink(call({ input: { query: 'up\ud83d' } }), GRAFANA)).toContain('%EF%BF%BD');
  });
});
