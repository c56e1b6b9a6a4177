import type { PlottedTime } from './plot';

/** What the model asked for, as a person would say it; a tool that is not here goes by its name. */
const TOOLS: Readonly<Record<string, { readonly thing: string; readonly of: string }>> = {
  query_metrics: { thing: 'metrics at one moment', of: 'Metrics' },
  query_metrics_range: { thing: 'metrics over time', of: 'Metrics' },
  query_logs: { thing: 'logs', of: 'Logs' },
  list_alerts: { thing: 'other alerts', of: 'Alerts that Alertmanager holds' },
  submit_report: { thing: 'the report', of: 'The report' },
};

/** `metrics over time`. */
export function thingAsked(tool: string): string {
  return TOOLS[tool]?.thing ?? tool;
}

/** `Metrics from 13:49:29 to 14:09:29 UTC on 2026-11-24, every 15s`: as it was run, else as it was asked. */
export function callInWords(tool: string, input: unknown, sent: string): string {
  const what = TOOLS[tool]?.of ?? tool;
  const when = rangeInWords(askedTime(sent), stepOf(sent)) ?? momentInHead(sent) ?? timesOfInput(input);
  return when ? `${what} ${when}` : what;
}

/** The range as it was run: it stands in the head of the result. */
export function askedTime(sent: string): PlottedTime | undefined {
  const [, from = '', to = ''] = /^range: (\S+) to ([^\s,]+)/m.exec(sent) ?? [];
  const [start, end] = [new Date(from), new Date(to)];
  return Number.isNaN(start.getTime()) || Number.isNaN(end.getTime()) ? undefined : { start, end };
}

function stepOf(sent: string): string | undefined {
  return /^range: \S+ to [^\s,]+, step (\w+)/m.exec(sent)?.[1];
}

function rangeInWords(range: PlottedTime | undefined, step: string | undefined): string | undefined {
  if (!range) return undefined;
  const [from, to] = [range.start.toISOString(), range.end.toISOString()];
  const begin =
    from.slice(0, 10) === to.slice(0, 10) ? from.slice(11, 19) : `${from.slice(0, 10)} ${from.slice(11, 19)}`;
  return `from ${begin} to ${to.slice(11, 19)} UTC on ${to.slice(0, 10)}${step ? `, every ${step}` : ''}`;
}

function momentInHead(sent: string): string | undefined {
  const moment = new Date(/^time: (\S+)$/m.exec(sent)?.[1] ?? '');
  if (Number.isNaN(moment.getTime())) return undefined;
  const iso = moment.toISOString();
  return `at ${iso.slice(11, 19)} UTC on ${iso.slice(0, 10)}`;
}

function timesOfInput(input: unknown): string | undefined {
  const { start, end, time } = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value.slice(0, 40) : undefined);
  if (text(time)) return `at ${text(time)}`;
  return text(start) ? `from ${text(start)} to ${text(end) ?? 'now'}` : undefined;
}
