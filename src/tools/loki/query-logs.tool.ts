import { z } from 'zod';
import { MAX_RESULT_CHARS } from '../fit';
import { fittedMetrics } from '../fitted-metrics';
import type { Grid } from '../metric-text';
import { rangeHead } from '../prometheus/query-metrics-range.tool';
import { fitStep, formatTime, MAX_POINTS, parseRange, parseStep, TIME_FORMS } from '../time-input';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import { logText } from './log-text';
import type { LokiAnswer, LokiClient } from './loki-client';

/** Lines of one answer; Loki itself gives 5,000 at most. */
const MAX_LINES = 1000;
const DEFAULT_LINES = 100;

const input = z.strictObject({
  query: z.string().min(1).max(8000).describe('LogQL.'),
  start: z.string().nullish().describe(`Start of the range: ${TIME_FORMS}. Default one hour before the end.`),
  end: z.string().nullish().describe('End of the range, in the same forms. Default now.'),
  limit: z
    .int()
    .min(1)
    .max(MAX_LINES)
    .nullish()
    .describe(`Most lines to fetch, over all streams; the newest come. Default ${DEFAULT_LINES}.`),
  step: z
    .string()
    .nullish()
    .describe(
      'For metric queries (count_over_time, rate): distance of the points, `1m` or seconds. Default: chosen from the range.',
    ),
});

const DESCRIPTION = `Reads log lines (LogQL), or counts them: what a service says about its errors, what it did at a certain time, whether a message is new.

Examples
- errors of one service: {service="checkout"} |= "error"
- of JSON logs by field: {service=~"checkout|payments"} | json | level="error"
- by number: {service="checkout"} | json | status >= 500
- starts and deploys: {service=~".+"} |~ "(?i)started|shutting down|version"
- without the noise: {service="checkout"} | json | level="error" | msg !~ "retrying.*"
- one request through all services: {service=~".+"} |= "4bf92f3577b34da6a3ce929d0e0e4736"
- how many, over time: sum by (service) (count_over_time({service=~".+"} | json | level="error" [1m]))

Rules: a selector needs at least one label with = or =~ that cannot be empty. Line filters (|= != |~ !~) are cheap: put them before | json. Keep the range short, around the onset: the newest lines come first when there are more than the limit, so that with a long range you see only the end. Count first when you expect many.

Comes back: TIME {labels} line, in UTC, oldest first, streams merged by time; labels shared by all lines once, equal lines folded with their count, a line cut at 500 characters, all of it at ${MAX_RESULT_CHARS} characters with the oldest lines left out; whatever is left out is said. Counts come back as series with at most ${MAX_POINTS} points. "Found nothing" means that the query worked: ask for the bare selector to see whether the source logged at all.`;

/** `query_logs`: LogQL over a range. */
export function queryLogsTool(loki: LokiClient): Tool<typeof input> {
  return {
    name: 'query_logs',
    description: DESCRIPTION,
    input,
    maxChars: MAX_RESULT_CHARS,
    async run({ query, start, end, limit, step }, { now, signal }: ToolContext): Promise<ToolFinding> {
      const range = parseRange({ start, end }, now);
      if (range.kind === 'refused') return { status: 'failed', text: range.reason };
      const asked = parseStep(step);
      if (asked.kind === 'refused') return { status: 'failed', text: asked.reason };
      if (range.end.getTime() === range.start.getTime()) {
        return { status: 'failed', text: 'start and end are the same moment: give logs a range, `-15m` to `now`.' };
      }
      const { seconds, widened } = fitStep(range, asked.seconds);
      const grid: Grid = { start: range.start, end: range.end, stepSeconds: seconds };
      const lines = limit ?? DEFAULT_LINES;
      const answer = await loki.queryRange({ query, ...grid, limit: lines }, signal);
      return finding(answer, { query, grid, lines, widenedFrom: widened ? asked.seconds : undefined });
    },
  };
}

interface Asked {
  readonly query: string;
  readonly grid: Grid;
  readonly lines: number;
  readonly widenedFrom?: number;
}

function finding(answer: LokiAnswer, { query, grid, lines, widenedFrom }: Asked): ToolFinding {
  const plainHead = `query: ${query}\nrange: ${formatTime(grid.start)} to ${formatTime(grid.end)}`;
  if (answer.kind === 'failed') return { status: 'failed', text: `${plainHead}\n${answer.reason}` };
  const { result, notes, full } = answer;
  const foot = notes.map((note) => `\n${note}`).join('');
  if (result.type === 'lines') {
    if (result.entries.length === 0) return { status: 'no_data', text: `${plainHead}\n${NO_LINES}${foot}`, full };
    const text = logText(result.entries, lines, MAX_RESULT_CHARS - plainHead.length - foot.length);
    return { status: 'ok', text: `${plainHead}\n${text}${foot}`, full };
  }
  const head = rangeHead(query, grid, widenedFrom);
  if ((result.type === 'matrix' || result.type === 'vector') && result.series.length === 0) {
    return { status: 'no_data', text: `${head}\n${NO_LINES}${foot}`, full };
  }
  const { text } = fittedMetrics(result, { roomChars: MAX_RESULT_CHARS - head.length - foot.length - 1, grid });
  return { status: 'ok', text: `${head}\n${text}${foot}`, full };
}

const NO_LINES =
  'Found nothing: the query worked, and no line matched in this range. Before you conclude that nothing was logged, ask for the bare selector ' +
  '(wrong label, or a source that does not log), then add the filters one by one; a level or a field may be spelt differently.';
