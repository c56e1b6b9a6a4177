import type { Labels } from '../../domain/alert';
import { clipped } from '../../domain/clipped';
import { commonLabels, formatLabels, withoutLabels } from '../fit';
import type { LogEntry } from './loki-client';

/** Of one log line; a stack trace tells its story in the first lines. */
const MAX_LINE_CHARS = 500;

/** Equal lines folded into one. */
interface Fold {
  readonly labels: Labels;
  readonly text: string;
  readonly first: bigint;
  last: bigint;
  count: number;
}

/**
 * Lines for the model, oldest first: `TIME {labels} text`. Labels that all lines share stand once; equal lines are
 * folded; when not all fit the newest are kept.
 * @param limit how many lines were asked for: as many as that came back means that there may be older ones
 */
export function logText(entries: readonly LogEntry[], limit: number, roomChars: number): string {
  const shown = entries.map((entry) => ({ entry, labels: tellingLabels(entry) }));
  const common = commonLabels(shown.map(({ labels }) => labels));
  const folds = fold(shown.map(({ entry, labels }) => ({ entry, labels: withoutLabels(labels, common) })));
  const lines = folds.map(lineOf);
  const shared = Object.keys(common).length ? `\ncommon labels: ${formatLabels(common)}` : '';
  const room = roomChars - shared.length - 400;

  let used = 0;
  let from = lines.length;
  while (from > 0 && used + lines[from - 1]!.length + 1 <= room) used += lines[--from]!.length + 1;
  const kept = folds.slice(from).reduce((sum, one) => sum + one.count, 0);

  const reached =
    entries.length >= limit
      ? `; the limit of ${limit} is reached: these are the newest, older lines of the range may exist`
      : '';
  const cut = kept < entries.length ? `\nleft out to save room: the ${entries.length - kept} oldest of them` : '';
  const head = `result: lines, ${entries.length} found, oldest first${reached}${cut}${shared}`;
  return [head, ...lines.slice(from)].join('\n');
}

/**
 * The stream's labels, and of what was taken out of the line only what the line itself does not show: a trace id kept
 * beside it, a field that line_format dropped.
 */
function tellingLabels({ labels, extracted, line }: LogEntry): Labels {
  const known = new Set(Object.values(labels));
  const inLine = (value: string): boolean => line.includes(value) || line.includes(JSON.stringify(value).slice(1, -1));
  const beside = Object.entries(extracted).filter(
    ([name, value]) => name.startsWith('__error') || (!known.has(value) && !inLine(value)),
  );
  return { ...Object.fromEntries(beside), ...labels };
}

function fold(shown: readonly { readonly entry: LogEntry; readonly labels: Labels }[]): Fold[] {
  const folds = new Map<string, Fold>();
  for (const { entry, labels } of shown) {
    const text = clipped(oneLine(entry.line), MAX_LINE_CHARS);
    const key = `${formatLabels(labels)} ${text}`;
    const earlier = folds.get(key);
    if (earlier) {
      earlier.count += 1;
      earlier.last = entry.nanos;
    } else {
      folds.set(key, { labels, text, first: entry.nanos, last: entry.nanos, count: 1 });
    }
  }
  return [...folds.values()];
}

function lineOf({ labels, text, first, last, count }: Fold): string {
  const repeated = count > 1 ? ` (${count} times, last at ${timeOf(last)})` : '';
  return `${timeOf(first)} ${formatLabels(labels)} ${text}${repeated}`;
}

/** A line break inside a log line would look like the next line. */
function oneLine(line: string): string {
  return line.trimEnd().replace(/\r?\n/g, '\\n');
}

function timeOf(nanos: bigint): string {
  return new Date(Number(nanos / 1_000_000n)).toISOString();
}
