import type { ToolCallRecord } from './conversation';

/** Where people look at the data themselves; without trailing slashes. */
export interface EvidenceViewers {
  readonly prometheusUrl: string;
  /** Absent: metrics are looked at in Prometheus' own graph page, logs nowhere. */
  readonly grafanaUrl?: string;
}

/** The language of each tool whose query a person can run again. */
const LANGUAGES = new Map<string, 'prometheus' | 'loki'>([
  ['query_metrics', 'prometheus'],
  ['query_metrics_range', 'prometheus'],
  ['query_logs', 'loki'],
]);

/** Around one moment this much is shown, so that the value is seen in its course. Milliseconds. */
const AROUND_MS = 30 * 60_000;

/**
 * The page on which a person sees the data of a tool call: the same query over the same range.
 * @returns undefined for a call that was not run, a tool without such a page, or times that cannot be read
 */
export function evidenceLink(call: ToolCallRecord, { prometheusUrl, grafanaUrl }: EvidenceViewers): string | undefined {
  const language = LANGUAGES.get(call.name);
  const query = queryOf(call.input);
  const range = rangeOf(call.text);
  if (!language || !query || !range || call.refusal) return undefined;
  if (grafanaUrl) return exploreUrl(grafanaUrl, { language, query, ...range });
  return language === 'prometheus' ? graphUrl(prometheusUrl, { query, ...range }) : undefined;
}

function queryOf(input: unknown): string | undefined {
  const query = (input as { query?: unknown } | null)?.query;
  return typeof query === 'string' && query !== '' ? query : undefined;
}

/** The range as it was run stands in the head of the result: the input may have been relative, or left to the default. */
function rangeOf(text: string): { readonly start: Date; readonly end: Date } | undefined {
  const [, from, to] = /^range: (\S+) to ([^\s,]+)/m.exec(text) ?? [];
  const moment = /^time: (\S+)$/m.exec(text)?.[1];
  const [start, end] = from && to ? [Date.parse(from), Date.parse(to)] : around(moment);
  return Number.isFinite(start) && Number.isFinite(end) ? { start: new Date(start), end: new Date(end) } : undefined;
}

function around(moment: string | undefined): [number, number] {
  const at = Date.parse(moment ?? '');
  return [at - AROUND_MS, at + AROUND_MS];
}

/** Explore's own form since Grafana 10 (`schemaVersion=1`). The data source is named by its kind: its id in that Grafana is not known here. */
function exploreUrl(base: string, asked: { language: string; query: string; start: Date; end: Date }): string {
  const pane = {
    queries: [{ refId: 'A', expr: asked.query, datasource: { type: asked.language } }],
    range: { from: String(asked.start.getTime()), to: String(asked.end.getTime()) },
  };
  const parameters = new URLSearchParams({ schemaVersion: '1', orgId: '1', panes: JSON.stringify({ vigil: pane }) });
  return `${base}/explore?${parameters.toString()}`;
}

function graphUrl(base: string, asked: { query: string; start: Date; end: Date }): string {
  const seconds = Math.max(60, Math.round((asked.end.getTime() - asked.start.getTime()) / 1000));
  const parameters = new URLSearchParams({
    'g0.expr': asked.query,
    'g0.tab': '0',
    'g0.range_input': `${seconds}s`,
    'g0.end_input': asked.end.toISOString().slice(0, 19).replace('T', ' '),
  });
  return `${base}/graph?${parameters.toString()}`;
}
