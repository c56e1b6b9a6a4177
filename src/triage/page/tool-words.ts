import type { PlottedTime } from './plot';

/** What the model asked for, as a person would say it; a tool that is not here goes by its name. */
const TOOLS: Readonly<Record<string, { readonly thing: string; readonly of: string }>> = {
  query_metrics: { thing: 'metrics at one moment', of: 'Metrics' },
  query_metrics_range: { thing: 'metrics over time', of: 'Metrics' },
  rank_anomalies: { thing: 'what changed most', of: 'Series that changed most' },
  query_logs: { thing: 'logs', of: 'Logs' },
  log_patterns: { thing: 'what is new in the logs', of: 'Patterns of log lines' },
  find_metrics: { thing: 'names of metrics', of: 'Names of metrics' },
  describe_metric: { thing: 'what a metric is', of: 'What a metric is' },
  list_targets: { thing: 'what is scraped', of: 'What is scraped' },
  list_alerts: { thing: 'other alerts', of: 'Alerts that are held' },
  list_changes: { thing: 'changes', of: 'Changes' },
  read_result: { thing: 'an earlier result', of: 'More of an earlier result' },
  submit_report: { thing: 'the report', of: 'The report' },
};

/** `metrics over time`. */
export function thingAsked(tool: string): string {
  return TOOLS[tool]?.thing ?? tool;
}

/** A call, as far as it is said in words. */
interface SaidCall {
  readonly tool: string;
  readonly input: unknown;
  /** What came back: its head holds the times as they were run; the input may have been relative. */
  readonly sent: string;
  /** Times of this day are said without it. */
  readonly day?: Date;
}

/** `Metrics from 13:49:29 to 14:09:29 UTC, every 15s`: as it was run, else as it was asked. */
export function callInWords({ tool, input, sent, day }: SaidCall): string {
  const what = TOOLS[tool]?.of ?? tool;
  const clock = clockOf(day);
  const when = rangeInWords(askedTime(sent), stepOf(sent), clock) ?? momentInHead(sent, clock) ?? timesOfInput(input);
  return when ? `${what} ${when}` : what;
}

/** Says a moment by its time alone where it lies on that day. */
function clockOf(day: Date | undefined): (moment: Date) => string {
  return (moment) => {
    const [date, time] = [moment.toISOString().slice(0, 10), moment.toISOString().slice(11, 19)];
    return date === day?.toISOString().slice(0, 10) ? time : `${date} ${time}`;
  };
}

/** The range as it was run: it stands in the head of the result. */
export function askedTime(sent: string): PlottedTime | undefined {
  const [, from = '', to = ''] = /^range: (\S+) to ([^\s,]+)/m.exec(sent) ?? [];
  const [start, end] = [new Date(from), new Date(to)];
  return Number.isNaN(start.getTime()) || Number.isNaN(end.getTime()) ? undefined : { start, end };
}

function stepOf(sent: string): string | undefined {
  return /^range: \S+ to [^\s,]+, step ([\w.]+)/m.exec(sent)?.[1];
}

function rangeInWords(
  range: PlottedTime | undefined,
  step: string | undefined,
  clock: (moment: Date) => string,
): string | undefined {
  if (!range) return undefined;
  return `from ${clock(range.start)} to ${clock(range.end)} UTC${step ? `, every ${step}` : ''}`;
}

function momentInHead(sent: string, clock: (moment: Date) => string): string | undefined {
  const moment = new Date(/^time: (\S+)$/m.exec(sent)?.[1] ?? '');
  return Number.isNaN(moment.getTime()) ? undefined : `at ${clock(moment)} UTC`;
}

function timesOfInput(input: unknown): string | undefined {
  const { start, end, time } = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value.slice(0, 40) : undefined);
  if (text(time)) return `at ${text(time)}`;
  return text(start) ? `from ${text(start)} to ${text(end) ?? 'now'}` : undefined;
}
