import { clipped } from '../../domain/clipped';
import { nearestNames } from '../nearest-names';
import { SIDE_QUESTION_MS, withinMs } from '../time-limit';
import { formatDuration, formatTime, type TimeRange } from '../time-input';
import { oneLine } from './field-text';
import { formatLabelNames, formatLabelValues } from './label-lists';
import type { LogqlMatcher, LogqlSelector, LogqlTree } from './logql-tree';
import type { LogEntry, LokiClient, LokiNames } from './loki-client';

/** What was asked in vain. */
export interface AskedInVain {
  readonly tree?: LogqlTree;
  readonly range: TimeRange;
  readonly now: Date;
}

/** So far before the range is looked for the last line of the streams. */
const LOOK_BACK_MS = 24 * 3_600_000;
/** Of the line that is shown as an example. */
const EXAMPLE_CHARS = 240;
/** Values that are shown where the one that was written does not exist. */
const SHOWN_VALUES = 8;

/** When nothing more could be found out. */
const ADVICE =
  'Before you conclude that nothing was logged, ask for the bare selector (wrong label, or a source that does not log), then add the filters one by one; a level or a field may be spelt differently.';

/**
 * Why an answer may be empty, for at most two small questions to Loki: the label or its value does not exist, the filters
 * let nothing pass, or the streams logged before the range or after it.
 */
export async function whyEmpty(loki: LokiClient, asked: AskedInVain, signal: AbortSignal): Promise<string> {
  const [selector] = asked.tree?.selectors ?? [];
  if (!selector) return ADVICE;
  const named = namedMatcher(selector);
  const around = {
    start: new Date(asked.range.start.getTime() - LOOK_BACK_MS),
    end: later(asked.range.end, asked.now),
  };
  if (named) {
    const values = await withinMs(SIDE_QUESTION_MS, signal, (brief) => loki.labelValues(named.name, around, brief));
    const wrong = values && (await wrongLabel(values, named, (brief) => loki.labels(around, brief), signal));
    if (wrong) return wrong;
  }
  const until = { start: around.start, end: asked.range.end };
  const query = { ...until, query: selector.text, limit: 1, stepSeconds: 60 };
  const lines = await withinMs(SIDE_QUESTION_MS, signal, (brief) => loki.queryRange(query, brief));
  if (lines?.kind !== 'result' || lines.result.type !== 'lines') return ADVICE;
  const newest = lines.result.entries.at(-1);
  if (newest) return lastLine(newest, selector, asked);
  if (named)
    return `${nothingBefore(selector, asked)} Its labels exist: the range may end before their logs begin, or no stream has all of them together.`;
  const labels = await withinMs(SIDE_QUESTION_MS, signal, (brief) => loki.labels(around, brief));
  return labels?.kind === 'names' ? noStream(selector, labels.names) : nothingBefore(selector, asked);
}

/** The label that most likely is meant to name one thing: an equality first, that of a service before others. */
function namedMatcher({ matchers }: LogqlSelector): LogqlMatcher | undefined {
  const named = matchers.filter((matcher) => wantedBy(matcher).length > 0);
  const rank = ({ name, operator }: LogqlMatcher): number =>
    (/service|app|job|container|component/i.test(name) ? 0 : 2) + (operator === '=' ? 0 : 1);
  return named.sort((a, b) => rank(a) - rank(b))[0];
}

/** The plain values that it lets pass; none where it is a pattern. */
function wantedBy({ operator, value }: LogqlMatcher): string[] {
  if (operator === '=') return value === '' ? [] : [value];
  const alternatives = value.split('|');
  return operator === '=~' && alternatives.every((one) => /^[\w-]+$/.test(one)) ? alternatives : [];
}

async function wrongLabel(
  values: LokiNames,
  named: LogqlMatcher,
  askLabels: (brief: AbortSignal) => Promise<LokiNames>,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (values.kind === 'failed') return undefined;
  const wanted = wantedBy(named);
  if (wanted.some((value) => values.names.includes(value))) return undefined;
  if (values.names.length === 0) {
    const labels = await withinMs(SIDE_QUESTION_MS, signal, askLabels);
    const known =
      labels?.kind === 'names' && labels.names.length > 0 ? ` The labels are: ${formatLabelNames(labels.names)}.` : '';
    return `No stream has a label ${named.name} in this range or the 24h before it.${known}`;
  }
  const near = nearestNames(wanted[0]!, values.names, SHOWN_VALUES);
  const shown = [...near, ...values.names.filter((name) => !near.includes(name))].slice(0, SHOWN_VALUES);
  const more = values.names.length - shown.length;
  return (
    `The label ${named.name} has no value ${formatLabelValues(wanted)} in this range or the 24h before it. ` +
    `Its values are: ${formatLabelValues(shown)}${more > 0 ? ` and ${more} more` : ''}.`
  );
}

function lastLine({ nanos, line }: LogEntry, { text }: LogqlSelector, { tree, range }: AskedInVain): string {
  const at = new Date(Number(nanos / 1_000_000n));
  const example = clipped(oneLine(line), EXAMPLE_CHARS);
  if (at < range.start) {
    const silent = formatDuration(Math.round((range.start.getTime() - at.getTime()) / 1000));
    return `The streams of ${text} did not log in this range: their last line before its end came at ${formatTime(at)}, ${silent} before its start. It was: ${example}`;
  }
  const filters = tree?.reckons ? RECKONED : tree?.filters ? 'The filters let none of their lines pass. ' : '';
  return `The streams of ${text} logged in this range. ${filters}Compare with their newest line, of ${formatTime(at)}: ${example}`;
}

const RECKONED =
  'A filter, a comparison, an absence or an operator whose two sides share no labels leaves nothing of them: ask for the count alone. ';

function nothingBefore({ text }: LogqlSelector, { range }: AskedInVain): string {
  return `${text} has no line at all in the 24h before the range and up to its end, ${formatTime(range.end)}.`;
}

function noStream(selector: LogqlSelector, labels: readonly string[]): string {
  if (labels.length === 0) return 'Loki holds no stream at all in this range or the 24h before it.';
  const unknown = selector.matchers.filter(({ name, operator }) => /^=/.test(operator) && !labels.includes(name));
  const which =
    unknown.length > 0
      ? `No stream has a label ${unknown.map(({ name }) => name).join(', ')}`
      : `No stream of ${selector.text} logged`;
  return `${which} in this range or the 24h before it. The labels are: ${formatLabelNames(labels)}.`;
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
