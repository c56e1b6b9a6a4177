import type { Labels } from '../../domain/alert';
import type { BackendTarget } from '../../config/slices';
import { BackendClient, errorText, type BackendAnswer } from '../backend-client';
import { isObject, readMetricResult, type MetricResult } from '../metric-result';
import { numberOf } from '../metric-text';
import { notesOf } from '../prometheus/envelope';
import type { TimeRange } from '../time-input';
import { mendFor } from './loki-mends';

/** One log line with where it comes from. */
export interface LogEntry {
  /** Nanoseconds since 1970: more than a number holds. */
  readonly nanos: bigint;
  readonly line: string;
  /** Of the stream. */
  readonly labels: Labels;
  /** Structured metadata and what a parser in the query took out of the line; empty where Loki does not tell them apart. */
  readonly extracted: Labels;
}

export type LogResult = { readonly type: 'lines'; readonly entries: readonly LogEntry[] } | MetricResult;

export type LokiAnswer =
  | {
      readonly kind: 'result';
      readonly result: LogResult;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** Names or values of labels, or why there are none. */
export type LokiNames =
  { readonly kind: 'names'; readonly names: readonly string[] } | { readonly kind: 'failed'; readonly reason: string };

/** What the index says of the streams of a selector; all of it is 0 for data that is still in the ingesters. */
export type IndexStats =
  | { readonly kind: 'stats'; readonly streams: number; readonly entries: number; readonly bytes: number }
  | { readonly kind: 'failed'; readonly reason: string };

export interface LogQuery extends TimeRange {
  readonly query: string;
  readonly limit: number;
  /** For metric queries. */
  readonly stepSeconds: number;
  /** From which end of the range the lines are taken. Default: the newest ones. */
  readonly direction?: 'forward' | 'backward';
}

/** Loki's query API. */
export class LokiClient {
  private readonly backend: BackendClient;

  constructor(target: BackendTarget) {
    this.backend = new BackendClient('Loki', target);
  }

  /** The newest `limit` lines of [start, end) over all streams, or the oldest; they come oldest first. Or a matrix. */
  async queryRange(
    { query, start, end, limit, stepSeconds, direction = 'backward' }: LogQuery,
    signal: AbortSignal,
  ): Promise<LokiAnswer> {
    const form = {
      query,
      start: nanos(start),
      end: nanos(end),
      limit: String(limit),
      step: String(stepSeconds),
      direction,
    };
    /* without it every field that `| json` finds becomes a label of its stream, and every line a stream of its own */
    const headers = { 'x-loki-response-encoding-flags': 'categorize-labels' };
    return read(await this.backend.post('/loki/api/v1/query_range', form, signal, headers));
  }

  /** How many lines of [start, end) a query has; undefined where Loki does not count them. It reads them all. */
  async countLines(query: string, { start, end }: TimeRange, signal: AbortSignal): Promise<number | undefined> {
    /* in a line of its own: the query may end in a comment */
    const counting = `sum(count_over_time(${query}\n[${end.getTime() - start.getTime()}ms]))`;
    /* a range of counts is open at its start and closed at its end: one nanosecond earlier it is that of lines */
    const time = String(BigInt(nanos(end)) - 1n);
    const answer = read(await this.backend.post('/loki/api/v1/query', { query: counting, time }, signal));
    if (answer.kind === 'failed' || answer.result.type !== 'vector') return undefined;
    const [sum] = answer.result.series;
    return sum ? numberOf(sum.point[1]) : 0;
  }

  /** The names of the labels that streams of this range have. */
  async labels(range: TimeRange, signal: AbortSignal): Promise<LokiNames> {
    return readNames(await this.backend.get('/loki/api/v1/labels', bounds(range), signal));
  }

  /** The values of one of them; none of a label that no stream has. */
  async labelValues(label: string, range: TimeRange, signal: AbortSignal): Promise<LokiNames> {
    const path = `/loki/api/v1/label/${encodeURIComponent(label)}/values`;
    return readNames(await this.backend.get(path, bounds(range), signal));
  }

  /** How much lies in the streams of a selector. An index lookup, no line is read; servers before 2.8 have none. */
  async indexStats(selector: string, range: TimeRange, signal: AbortSignal): Promise<IndexStats> {
    const parameters = bounds(range);
    parameters.set('query', selector);
    const answer = await this.backend.get('/loki/api/v1/index/stats', parameters, signal);
    /* alone among the answers it has no envelope */
    if (answer.kind !== 'json' || answer.status !== 200 || !isObject(answer.body)) {
      return failed(answer.kind === 'failed' ? answer.reason : refusal(answer.status, answer.text));
    }
    const [streams, entries, bytes] = [answer.body.streams, answer.body.entries, answer.body.bytes].map(Number);
    return { kind: 'stats', streams: streams || 0, entries: entries || 0, bytes: bytes || 0 };
  }
}

function read(answer: BackendAnswer): LokiAnswer {
  const opened = open(answer);
  if (opened.kind === 'failed') return opened;
  const result = readResult(opened.body.data);
  if (!result) return failed('Loki answered with a kind of result that is not known.');
  return { kind: 'result', result, notes: notesOf('warning', opened.body.warnings) };
}

/** A list without entries comes as success without `data`. */
function readNames(answer: BackendAnswer): LokiNames {
  const opened = open(answer);
  if (opened.kind === 'failed') return opened;
  const { data } = opened.body;
  return { kind: 'names', names: Array.isArray(data) ? data.map(String) : [] };
}

type Opened =
  | { readonly kind: 'success'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'failed'; readonly reason: string };

/** The envelope that every answer of the API has, except its errors: they are plain text. */
function open(answer: BackendAnswer): Opened {
  if (answer.kind === 'failed') return answer;
  if (answer.kind === 'text') return failed(refusal(answer.status, answer.text));
  const { status, body } = answer;
  if (isObject(body) && body.status === 'success') return { kind: 'success', body };
  const reason = isObject(body)
    ? String(body.error ?? body.message ?? 'no reason given')
    : 'in a form that is not known';
  return failed(refusal(status, reason));
}

/** Its words, and what to change. The first lines name the fault; what follows is advice of its own. */
function refusal(status: number, text: string): string {
  const words = errorText(text.trim().split('\n').slice(0, 2).join(' ')).slice(0, MAX_WORDS_CHARS).toWellFormed();
  const mend = mendFor(status, text);
  return `Loki answered ${status}: ${words}${mend ? `\n${mend}` : ''}`;
}

/** Of an error's text: it can repeat all labels of a series. */
const MAX_WORDS_CHARS = 400;

function failed(reason: string): { readonly kind: 'failed'; readonly reason: string } {
  return { kind: 'failed', reason };
}

function readResult(data: unknown): LogResult | undefined {
  if (!isObject(data) || data.resultType !== 'streams') return readMetricResult(data);
  if (!Array.isArray(data.result)) return undefined;
  const streams = data.result.map(readStream);
  if (streams.includes(undefined)) return undefined;
  const entries = streams.flatMap((stream) => stream ?? []);
  return { type: 'lines', entries: entries.sort((a, b) => (a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0)) };
}

function readStream(item: unknown): LogEntry[] | undefined {
  if (!isObject(item) || !isObject(item.stream) || !Array.isArray(item.values)) return undefined;
  const labels = readLabels(item.stream);
  const entries = item.values.map((value) => readEntry(value, labels));
  return entries.includes(undefined) ? undefined : entries.flatMap((entry) => entry ?? []);
}

/** `[nanoseconds, line]`, and with categories a third part: `{structuredMetadata, parsed}`. */
function readEntry(value: unknown, labels: Labels): LogEntry | undefined {
  if (!Array.isArray(value) || !/^\d+$/.test(String(value[0])) || typeof value[1] !== 'string') return undefined;
  const categories = isObject(value[2]) ? value[2] : {};
  const extracted = { ...readLabels(categories.structuredMetadata), ...readLabels(categories.parsed) };
  return { nanos: BigInt(String(value[0])), line: value[1], labels, extracted };
}

function readLabels(labels: unknown): Labels {
  if (!isObject(labels)) return {};
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]));
}

function bounds({ start, end }: TimeRange): URLSearchParams {
  return new URLSearchParams({ start: nanos(start), end: nanos(end) });
}

function nanos(time: Date): string {
  return `${time.getTime()}000000`;
}
