import { z } from 'zod';
import { MAX_RESULT_CHARS } from '../fit';
import { metricText, type Grid } from '../metric-text';
import { fitStep, formatDuration, formatTime, MAX_POINTS, parseRange, parseStep, TIME_FORMS } from '../time-input';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import type { PrometheusClient } from './prometheus-client';
import { promqlInput } from './query-metrics.tool';

const input = z.strictObject({
  query: promqlInput,
  start: z.string().nullish().describe(`Start of the range: ${TIME_FORMS}. Default one hour before the end.`),
  end: z.string().nullish().describe('End of the range, in the same forms. Default now.'),
  step: z
    .string()
    .nullish()
    .describe(
      `Distance of the points: \`30s\`, \`5m\`, or seconds. Default: chosen from the range. At most ${MAX_POINTS} points a series.`,
    ),
});

const DESCRIPTION = `Evaluates a PromQL expression over a range of time: when did it begin, what rose first, did it recover. For one moment use query_metrics.

Examples
- share of errors by service around the alert: sum by (service) (rate(http_requests_total{status=~"5.."}[2m])) / sum by (service) (rate(http_requests_total[2m])), start 20 minutes before the alert's startsAt
- deploys and restarts: sum by (service, version, revision) (app_build_info), or changes(process_start_time_seconds[10m])
- which member of a group: sum by (instance) (rate(http_requests_total{service="checkout", status=~"5.."}[2m]))

Rules: begin well before the alert's start (an alert is late by its \`for\`), 15 to 30 minutes show the onset. Aggregate with sum by (…): a few series with a clear shape say more than a hundred. The window of rate() should be at least the step (or points are skipped) and at least 4 scrape intervals. To find what changed, compare the same query by service, version or instance.

Comes back: one line a series, {labels} first= last= min= max= mean= [values], the values on an even grid whose start and step are stated; at most ${MAX_POINTS} points a series (a smaller step is widened, and that is said) and ${MAX_RESULT_CHARS} characters; series that change most come first when not all fit, what is left out is said.`;

/** `query_metrics_range`: PromQL over a range. */
export function queryMetricsRangeTool(prometheus: PrometheusClient): Tool<typeof input> {
  return {
    name: 'query_metrics_range',
    description: DESCRIPTION,
    input,
    maxChars: MAX_RESULT_CHARS,
    async run({ query, start, end, step }, { now, signal }: ToolContext): Promise<ToolFinding> {
      const range = parseRange({ start, end }, now);
      if (range.kind === 'refused') return { status: 'failed', text: range.reason };
      const asked = parseStep(step);
      if (asked.kind === 'refused') return { status: 'failed', text: asked.reason };
      const { seconds, widened } = fitStep(range, asked.seconds);
      const grid: Grid = { start: range.start, end: range.end, stepSeconds: seconds };
      const answer = await prometheus.queryRange(query, grid, signal);
      const head = rangeHead(query, grid, widened ? asked.seconds : undefined);
      if (answer.kind === 'failed') return { status: 'failed', text: `${head}\n${answer.reason}` };
      const { result, notes, full } = answer;
      const foot = notes.map((note) => `\n${note}`).join('');
      if (result.type === 'matrix' && result.series.length === 0) {
        return { status: 'no_data', text: `${head}\n${NOTHING_IN_RANGE}${foot}`, full };
      }
      const text = metricText(result, MAX_RESULT_CHARS - head.length - foot.length, grid);
      return { status: 'ok', text: `${head}\n${text}${foot}`, full };
    },
  };
}

/** The query as it was run; a step that was widened is said, with what it hides. */
export function rangeHead(query: string, grid: Grid, widenedFrom?: number): string {
  const step = formatDuration(grid.stepSeconds);
  const widened =
    widenedFrom === undefined
      ? ''
      : ` (asked for ${formatDuration(widenedFrom)}; widened to keep at most ${MAX_POINTS} points a series: a shorter range shows finer steps, a rate window shorter than ${step} skips what lies between the points)`;
  return `query: ${query}\nrange: ${formatTime(grid.start)} to ${formatTime(grid.end)}, step ${step}${widened}`;
}

const NOTHING_IN_RANGE =
  'Found nothing: the query worked, and no series had a value in this range. One of these holds: no metric has this name, no series has these labels, ' +
  'the range lies outside what is kept, or a comparison let none pass. To tell them apart, ask for the bare metric name; `up` shows whether its source was alive.';
