import type { ToolCallRecord } from './conversation';
import { evidenceLink } from './evidence-link';

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
