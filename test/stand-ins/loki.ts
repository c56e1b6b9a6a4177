import { startBackend } from './backend-stand-in.ts';
import type { BackendAnswer, BackendRequest, BackendStandIn } from './backend-stand-in.ts';
import { labelKey } from './label-matchers.ts';
import type { Labels } from './label-matchers.ts';
import { allLabels, evaluateMetric, selectEntries } from './logql-evaluate.ts';
import type { Entry, LogLine, LogStream } from './logql-evaluate.ts';
import { parseLogql } from './logql-parse.ts';
import type { LogQuery, MetricQuery } from './logql-parse.ts';
import { LokiError } from './logql-tokens.ts';
import { stepSeconds, unixNanos } from './query-time.ts';

export type { LogLine, LogStream } from './logql-evaluate.ts';

export interface LokiOptions {
  readonly streams?: readonly LogStream[];
}

export interface LokiStandIn extends BackendStandIn {
  /** Replaces every stream. */
  set(streams: readonly LogStream[]): void;
  /** Adds a line to the stream of these labels, as a push does. */
  append(labels: Labels, line: LogLine): void;
}

/** Loki's defaults: limits_config max_entries_limit_per_query, max_query_length 30d1h, 11,000 points. */
const MAX_ENTRIES = 5000;
const MAX_RANGE_HOURS = 721;
const MAX_POINTS = 11_000;
const HOUR_NANOS = 3_600_000_000_000n;

interface Range {
  readonly start: bigint;
  readonly end: bigint;
}

/** A Loki 3 over the streams it is given: selectors, line filters, `| json` with label filters, counts as a matrix. */
export async function startLoki(options: LokiOptions = {}): Promise<LokiStandIn> {
  let streams = new Map<string, { labels: Labels; lines: LogLine[] }>();
  const append = (labels: Labels, line: LogLine): void => {
    const stream = streams.get(labelKey(labels)) ?? { labels, lines: [] };
    stream.lines.push(line);
    streams.set(labelKey(labels), stream);
  };
  const set = (replacement: readonly LogStream[]): void => {
    streams = new Map();
    for (const { labels, lines } of replacement) for (const line of lines) append(labels, line);
  };
  set(options.streams ?? []);
  const backend = await startBackend((request) => {
    try {
      return route(request, [...streams.values()]);
    } catch (error) {
      if (error instanceof LokiError) return plainText(error.status, error.message);
      throw error;
    }
  });
  return Object.assign(backend, { set, append });
}

function route(request: BackendRequest, streams: readonly LogStream[]): BackendAnswer {
  const { path, params } = request;
  const values = /^\/loki\/api\/v1\/label\/([^/]+)\/values$/.exec(path);
  if (values) return labelValues(decodeURIComponent(values[1]!), streams);
  switch (path) {
    case '/loki/api/v1/query_range':
      return queryRange(request, streams);
    case '/loki/api/v1/query':
      return instantQuery(params, streams);
    case '/loki/api/v1/labels':
      return json({ status: 'success', data: [...new Set(streams.flatMap((s) => Object.keys(s.labels)))].sort() });
    case '/loki/api/v1/index/stats':
      /* without an envelope, and nothing of it is indexed yet: all is fresh */
      return json({ streams: 0, chunks: 0, bytes: 0, entries: 0 });
    case '/ready':
      return plainText(200, 'ready\n');
    default:
      return plainText(404, '404 page not found\n');
  }
}

/** A label that no stream has: success without `data`, as the real Loki answers. */
function labelValues(name: string, streams: readonly LogStream[]): BackendAnswer {
  const values = [...new Set(streams.flatMap((s) => s.labels[name] ?? []))].sort();
  return json({ status: 'success', ...(values.length && { data: values }) });
}

function queryRange(request: BackendRequest, streams: readonly LogStream[]): BackendAnswer {
  const { params } = request;
  const range = rangeOf(params);
  const limit = limitOf(params);
  const direction = params.get('direction') ?? 'backward';
  if (direction !== 'forward' && direction !== 'backward') {
    throw new LokiError(400, `invalid direction '${direction}'`);
  }
  const query = parseLogql(params.get('query') ?? '');
  const hours = Number((range.end - range.start) / HOUR_NANOS);
  if (hours >= MAX_RANGE_HOURS) {
    throw new LokiError(400, `the query time range exceeds the limit (query length: ${hours}h0m0s, limit: 30d1h)`);
  }
  if (query.type !== 'log') return success('matrix', matrix(query, streams, range, params));
  if (limit > MAX_ENTRIES) {
    const text = 'max entries limit per query exceeded, limit > max_entries_limit_per_query';
    throw new LokiError(400, `${text} (${limit} > ${MAX_ENTRIES})`);
  }
  return logLines(query, streams, range, {
    limit,
    backward: direction === 'backward',
    categorize: request.headers['x-loki-response-encoding-flags'] === 'categorize-labels',
  });
}

function logLines(
  query: LogQuery,
  streams: readonly LogStream[],
  range: Range,
  options: { readonly limit: number; readonly backward: boolean; readonly categorize: boolean },
): BackendAnswer {
  const entries = selectEntries(query, streams, range.start, range.end);
  if (options.backward) entries.reverse();
  const groups = new Map<string, { stream: Labels; values: unknown[] }>();
  for (const entry of entries.slice(0, options.limit)) {
    const stream = options.categorize ? entry.stream : allLabels(entry);
    const group = groups.get(labelKey(stream)) ?? { stream, values: [] };
    group.values.push(options.categorize ? categorized(entry) : [String(entry.nanos), entry.line]);
    groups.set(labelKey(stream), group);
  }
  return success('streams', [...groups.values()], options.categorize ? ['categorize-labels'] : undefined);
}

function categorized(entry: Entry): unknown[] {
  const parsed = Object.keys(entry.parsed).length ? { parsed: entry.parsed } : {};
  return [String(entry.nanos), entry.line, { structuredMetadata: entry.structuredMetadata, ...parsed }];
}

function matrix(
  query: MetricQuery,
  streams: readonly LogStream[],
  range: Range,
  params: URLSearchParams,
): readonly unknown[] {
  const start = Number(range.start / 1_000_000n) / 1000;
  const end = Number(range.end / 1_000_000n) / 1000;
  const text = params.get('step');
  const step = text === null ? Math.max(1, Math.floor((end - start) / 250)) : stepSeconds(text);
  if (!step) throw new LokiError(400, `cannot parse "${text ?? ''}" to a valid duration`);
  if ((end - start) / step > MAX_POINTS) {
    throw new LokiError(
      400,
      'exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter',
    );
  }
  const series = new Map<string, { metric: Labels; values: [number, string][] }>();
  /* Loki moves the range outwards to multiples of the step */
  const [first, last] = [Math.floor(start / step) * step, Math.ceil(end / step) * step];
  for (let time = first; time <= last; time += step) {
    const nanos = BigInt(Math.round(time * 1000)) * 1_000_000n;
    for (const { labels, value } of evaluateMetric(query, streams, nanos).values()) {
      const one = series.get(labelKey(labels)) ?? { metric: labels, values: [] };
      one.values.push([time, String(value)]);
      series.set(labelKey(labels), one);
    }
  }
  return [...series.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function instantQuery(params: URLSearchParams, streams: readonly LogStream[]): BackendAnswer {
  const query = parseLogql(params.get('query') ?? '');
  if (query.type === 'log') {
    throw new LokiError(
      400,
      'log queries are not supported as an instant query type, please change your query to a range query type',
    );
  }
  const nanos = params.has('time') ? timeParameter(params, 'time') : BigInt(Date.now()) * 1_000_000n;
  const seconds = Number(nanos / 1_000_000n) / 1000;
  const values = [...evaluateMetric(query, streams, nanos).values()];
  return success(
    'vector',
    values.map(({ labels, value }) => ({ metric: labels, value: [seconds, String(value)] })),
  );
}

function rangeOf(params: URLSearchParams): Range {
  const end = params.has('end') ? timeParameter(params, 'end') : BigInt(Date.now()) * 1_000_000n;
  const start = params.has('start') ? timeParameter(params, 'start') : end - HOUR_NANOS;
  if (end <= start) throw new LokiError(400, 'end timestamp must not be before or equal to start time');
  return { start, end };
}

function limitOf(params: URLSearchParams): number {
  const text = params.get('limit') ?? '100';
  if (!/^-?\d+$/.test(text)) {
    throw new LokiError(400, `strconv.Atoi: parsing "${text}": invalid syntax`);
  }
  if (Number(text) <= 0) throw new LokiError(400, 'limit must be a positive value');
  return Number(text);
}

function timeParameter(params: URLSearchParams, name: string): bigint {
  const text = params.get(name) ?? '';
  const time = unixNanos(text);
  if (time === undefined) {
    const detail = `strconv.ParseInt: parsing "${text}": invalid syntax`;
    throw new LokiError(400, `could not parse '${name}' parameter: ${detail}`);
  }
  return time;
}

function success(resultType: string, result: readonly unknown[], encodingFlags?: readonly string[]): BackendAnswer {
  const stats = { summary: { bytesProcessedPerSecond: 0, totalEntriesReturned: result.length, execTime: 0.001 } };
  return json({ status: 'success', data: { resultType, ...(encodingFlags && { encodingFlags }), result, stats } });
}

function json(body: unknown): BackendAnswer {
  return { status: 200, contentType: 'application/json; charset=UTF-8', body: JSON.stringify(body) };
}

function plainText(status: number, body: string): BackendAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}
