import { labelKey, matches, only } from './label-matchers.ts';
import type { Labels } from './label-matchers.ts';
import type { LogQuery, MetricQuery } from './logql-parse.ts';

/** Nanoseconds since 1970 as text (they exceed what a number holds) and the line. */
export type LogLine = readonly [unixNanos: string, line: string];

export interface LogStream {
  readonly labels: Labels;
  readonly lines: readonly LogLine[];
}

/** A line that passed the pipeline, with where each of its labels comes from. */
export interface Entry {
  readonly nanos: bigint;
  readonly line: string;
  readonly stream: Labels;
  readonly structuredMetadata: Labels;
  readonly parsed: Labels;
}

/** The lines of [start, end) that the query keeps, oldest first. */
export function selectEntries(query: LogQuery, streams: readonly LogStream[], start: bigint, end: bigint): Entry[] {
  const entries: Entry[] = [];
  for (const { labels, lines } of streams) {
    if (!matches(labels, query.matchers)) continue;
    for (const [nanosText, line] of lines) {
      const nanos = BigInt(nanosText);
      if (nanos < start || nanos >= end) continue;
      const entry = pipeline(query, {
        nanos,
        line,
        stream: labels,
        structuredMetadata: detected(labels, line),
        parsed: {},
      });
      if (entry) entries.push(entry);
    }
  }
  return entries.sort((a, b) => (a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0));
}

/** Every label of an entry in one set, as Loki shows it when categories are not asked for. */
export function allLabels(entry: Entry): Labels {
  return { ...entry.structuredMetadata, ...entry.parsed, ...entry.stream };
}

function pipeline(query: LogQuery, entry: Entry): Entry | undefined {
  let current = entry;
  for (const stage of query.stages) {
    switch (stage.type) {
      case 'line':
        if (!stage.keeps(current.line)) return undefined;
        break;
      case 'json':
        current = { ...current, parsed: parsedLabels(current) };
        break;
      case 'label':
        if (!stage.keeps(allLabels(current)[stage.name])) return undefined;
        break;
    }
  }
  return current;
}

/** Fields of a JSON line as labels: nested names joined by `_`, a clash with another label `_extracted`. */
function parsedLabels(entry: Entry): Labels {
  let parsed: unknown;
  try {
    parsed = JSON.parse(entry.line);
  } catch {
    parsed = undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return {
      __error__: 'JSONParserErr',
      __error_details__: "Value looks like object, but can't find closing '}' symbol",
    };
  }
  const labels: Record<string, string> = {};
  for (const [path, value] of flatten(parsed as Record<string, unknown>, '')) {
    const name = path.replace(/[^A-Za-z0-9_]/g, '_');
    labels[name in entry.stream || name in entry.structuredMetadata ? `${name}_extracted` : name] = value;
  }
  return labels;
}

function* flatten(object: Record<string, unknown>, prefix: string): Generator<[string, string]> {
  for (const [name, value] of Object.entries(object)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      yield* flatten(value as Record<string, unknown>, `${prefix}${name}_`);
    } else if (value !== null && !Array.isArray(value)) {
      yield [prefix + name, String(value)];
    }
  }
}

/** Loki finds a level in the line by itself and puts it beside it as structured metadata. */
function detected(labels: Labels, line: string): Labels {
  const level = labels.level ?? /"level"\s*:\s*"([a-z]+)"/i.exec(line)?.[1] ?? /\blevel=([a-z]+)/i.exec(line)?.[1];
  return { detected_level: level?.toLowerCase() ?? 'unknown' };
}

/** The value of a metric query at one moment, by label set. */
export function evaluateMetric(
  query: MetricQuery,
  streams: readonly LogStream[],
  nanos: bigint,
): Map<string, { labels: Labels; value: number }> {
  const found = new Map<string, { labels: Labels; value: number }>();
  const add = (labels: Labels, value: number): void => {
    const earlier = found.get(labelKey(labels))?.value ?? 0;
    found.set(labelKey(labels), { labels, value: earlier + value });
  };
  if (query.type === 'sum') {
    for (const { labels, value } of evaluateMetric(query.of, streams, nanos).values())
      add(only(labels, query.by), value);
    return found;
  }
  const each = query.function === 'rate' ? 1 / query.seconds : 1;
  const length = BigInt(Math.round(query.seconds * 1000)) * 1_000_000n;
  /* (time − range, time], as Loki's range vectors are; selectEntries takes [start, end) */
  for (const entry of selectEntries(query.log, streams, nanos - length + 1n, nanos + 1n)) add(allLabels(entry), each);
  return found;
}
