import { formatLabelNames } from './label-lists';
import type { LogqlTree } from './logql-tree';
import type { LokiClient } from './loki-client';
import { SIDE_QUESTION_MS, withinMs } from '../time-limit';
import { formatDuration, type TimeRange } from '../time-input';

/**
 * One Loki process filters some 100 to 300 MB/s: so much is read within the 30 s that a tool has, and a triage leaves
 * room for others. Bytes, uncompressed, as the index counts them.
 */
const MAX_READ_BYTES = 2e9;
/** A shorter range is run without asking: the usual question, half an hour around the onset, takes one request. */
const UNASKED_MS = 30 * 60_000;
/** Selectors of one query that are looked up; a query with more of them is rare. */
const MAX_SELECTORS = 3;
const MINUTE = 60;

/**
 * Why a query is not run: it would read too much, and how to narrow it. Undefined when it may run, which is also when
 * its size is not known: the index knows nothing of fresh data, and not every server tells.
 */
export async function tooMuchToRead(
  loki: LokiClient,
  tree: LogqlTree | undefined,
  range: TimeRange,
  signal: AbortSignal,
): Promise<string | undefined> {
  const lengthMs = range.end.getTime() - range.start.getTime();
  /* lines without a filter are read from the newest on until the limit is reached, however long the range is */
  if (!tree || lengthMs <= UNASKED_MS || (tree.gives === 'lines' && !tree.filters)) return undefined;
  const asked = tree.selectors.slice(0, MAX_SELECTORS);
  const stats = await Promise.all(
    asked.map(({ text }) => withinMs(SIDE_QUESTION_MS, signal, (brief) => loki.indexStats(text, range, brief))),
  );
  const bytes = stats.reduce((sum, one) => sum + (one?.kind === 'stats' ? one.bytes : 0), 0);
  if (bytes <= MAX_READ_BYTES) return undefined;
  const labels = await withinMs(SIDE_QUESTION_MS, signal, (brief) => loki.labels(range, brief));
  const used = new Set(asked.flatMap(({ matchers }) => matchers.map(({ name }) => name)));
  const others = labels?.kind === 'names' ? labels.names.filter((name) => !used.has(name) && !/^__/.test(name)) : [];
  const seconds = lengthMs / 1000;
  const most = Math.floor((seconds * MAX_READ_BYTES) / bytes / MINUTE) * MINUTE;
  const shorten =
    most >= MINUTE
      ? `shorten the range from ${formatDuration(seconds)} to at most ${formatDuration(most)}`
      : 'shorten the range to less than a minute';
  const label = others.length > 0 ? `; labels there are: ${formatLabelNames(others)}` : '';
  return (
    `The query was not run: it would read ${gigabytes(bytes)} of logs, and at most ${gigabytes(MAX_READ_BYTES)} are read for one question.\n` +
    `Either ${shorten}, around the onset, or add a label to the selector${label}. Line filters do not lower what is read.`
  );
}

function gigabytes(bytes: number): string {
  return `${Number((bytes / 1e9).toPrecision(2))} GB`;
}
