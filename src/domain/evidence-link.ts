import type { Conversation, ToolCallRecord } from './conversation';
import { partOf, READ_RESULT } from './part-of-result';
import type { Evidence } from './report';
import { fencedTexts, type SentText, sentTexts } from './sent-texts';

/** Where people look at the data themselves; without trailing slashes. */
export interface EvidenceViewers {
  readonly prometheusUrl: string;
  /** Absent: metrics are looked at in Prometheus' own graph page, logs nowhere. */
  readonly grafanaUrl?: string;
}

type Language = 'prometheus' | 'loki';

/** A query over a range, as it was run. */
interface Asked {
  readonly language: Language;
  readonly query: string;
  readonly start: Date;
  readonly end: Date;
}

/** The language of each tool whose query a person can run again. */
const LANGUAGES = new Map<string, Language>([
  ['query_metrics', 'prometheus'],
  ['query_metrics_range', 'prometheus'],
  ['describe_metric', 'prometheus'],
  ['query_logs', 'loki'],
  ['log_patterns', 'loki'],
]);

/** Around one moment this much is shown, so that the value is seen in its course. Milliseconds. */
const AROUND_MS = 30 * 60_000;

/**
 * The page on which a person sees the data of a tool call: the same query over the same range.
 * @returns undefined for a call that was not run, a tool without such a page, or times that cannot be read
 */
export function evidenceLink(call: ToolCallRecord, viewers: EvidenceViewers): string | undefined {
  const language = LANGUAGES.get(call.name);
  const query = queryOf(call.input);
  const range = rangeOf(call.text);
  if (!language || !query || !range || call.refusal) return undefined;
  return linkTo({ language, query, ...range }, viewers);
}

/**
 * The same for a section of the opening message that names what was asked in lines: `query: …`, and below it
 * `range: … to …` or `time: …`.
 * @param quote of several queries the last one above this is meant; without it the first
 */
function sectionLink(section: SentText, viewers: EvidenceViewers, quote = ''): string | undefined {
  const { text } = section;
  const lines = Array.from(text.matchAll(/^query: (.+)$/gm), ({ 1: query, index }) => ({
    query: query!.trim(),
    index,
  }));
  const quoted = quote === '' ? -1 : text.indexOf(quote);
  const chosen = lines.findLast(({ index }) => index <= quoted) ?? lines[0];
  const range = chosen && (rangeOf(text.slice(chosen.index)) ?? rangeOf(text));
  if (!chosen?.query || !range || CUT.test(chosen.query)) return undefined;
  return linkTo({ language: languageOf(chosen.query), query: chosen.query, ...range }, viewers);
}

/** How `clipped` ends a text that it has cut: such a query cannot be run again. */
const CUT = /… \([\d,]+ more characters?\)$/;

/** Finds the page for a piece of evidence by its handle, be it a tool call's or a section's. */
export function evidenceLinks(
  conversations: readonly Conversation[],
  viewers: EvidenceViewers,
): (piece: Pick<Evidence, 'source' | 'quote'>) => string | undefined {
  const calls = new Map(
    conversations.flatMap(({ toolCalls }) => toolCalls.map((call) => [call.handle, call] as const)),
  );
  const texts = new Map(conversations.flatMap((conversation) => [...sentTexts(conversation)]));
  return ({ source, quote }) => {
    const call = calls.get(source);
    if (call) return evidenceLink(wholeOf(call, calls), viewers);
    const section = texts.get(source);
    return section && sectionLink(section, viewers, quote);
  };
}

/** Of a part that was read again, the call that found it. */
function wholeOf(call: ToolCallRecord, calls: ReadonlyMap<string, ToolCallRecord>): ToolCallRecord {
  const of = call.name === READ_RESULT ? partOf(fencedTexts(call.text)[0]?.text ?? '') : undefined;
  return (of && calls.get(of.handle)) ?? call;
}

function queryOf(input: unknown): string | undefined {
  const query = (input as { query?: unknown } | null)?.query;
  return typeof query === 'string' && query !== '' ? query : undefined;
}

/**
 * A section says what it asked, not whom. Only LogQL selects streams by labels alone: before the brace of a PromQL
 * selector stands a metric, or inside it a quoted name or `__name__`.
 */
function languageOf(query: string): Language {
  const bare = query.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\s+/g, ' ');
  return /(?<![\w:"] ?)\{ ?(?!__name__)[a-z_]/i.test(bare) ? 'loki' : 'prometheus';
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

/** A text that was cleaned is well-formed; an input of the model need not be, and a URL takes no half of a character. */
function linkTo(asked: Asked, { prometheusUrl, grafanaUrl }: EvidenceViewers): string | undefined {
  const whole = { ...asked, query: asked.query.toWellFormed() };
  if (grafanaUrl) return exploreUrl(grafanaUrl, whole);
  return asked.language === 'prometheus' ? graphUrl(prometheusUrl, whole) : undefined;
}

/** Explore's own form since Grafana 10 (`schemaVersion=1`). The data source is named by its kind: its id in that Grafana is not known here. */
function exploreUrl(base: string, { language, query, start, end }: Asked): string {
  const pane = {
    queries: [{ refId: 'A', expr: query, datasource: { type: language } }],
    range: { from: String(start.getTime()), to: String(end.getTime()) },
  };
  const parameters = new URLSearchParams({ schemaVersion: '1', orgId: '1', panes: JSON.stringify({ vigil: pane }) });
  return `${base}/explore?${parameters.toString()}`;
}

function graphUrl(base: string, { query, start, end }: Asked): string {
  const seconds = Math.max(60, Math.round((end.getTime() - start.getTime()) / 1000));
  const parameters = new URLSearchParams({
    'g0.expr': query,
    'g0.tab': '0',
    'g0.range_input': `${seconds}s`,
    'g0.end_input': end.toISOString().slice(0, 19).replace('T', ' '),
  });
  return `${base}/graph?${parameters.toString()}`;
}
