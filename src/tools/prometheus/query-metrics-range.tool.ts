import { z } from 'zod';
import type { Grid } from '../metric-text';
import { rangeHead, shownQuery } from '../query-head';
import { CEILINGS } from '../result-room';
import { fitStep, MAX_POINTS, parseRange, parseStep, TIME_FORMS } from '../time-input';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import { metricFinding } from './metric-finding';
import type { PrometheusClient } from './prometheus-client';
import { promqlRefusal } from './promql-check';
import { promqlInput } from './query-metrics.tool';
import { whyEmpty } from './why-empty';

const input = z.strictObject({
  query: promqlInput,
  start: z.string().nullish().describe(`Start of the range: ${TIME_FORMS}. Default one hour before the end.`),
  end: z.string().nullish().describe('End of the range, in the same forms. Default now.'),
  step: z
    .string()
    .nullish()
    .describe(
      `Distance of the points: \`30s\`, \`5m\`. Default: from the range, at most ${MAX_POINTS} points a series.`,
    ),
});

const DESCRIPTION = `Evaluates PromQL over a range of time: when did it begin, what rose first, did it recover. For one moment: query_metrics.

Examples
- share of errors around the alert: sum by (service) (rate(http_requests_total{status=~"5.."}[2m])) / sum by (service) (rate(http_requests_total[2m])), from 20 minutes before its startsAt
- deploys and restarts: sum by (service, version) (app_build_info), or changes(process_start_time_seconds[10m])
- which member: sum by (instance) (rate(http_requests_total{service="checkout", status=~"5.."}[2m]))

Rules: begin 15 to 30 minutes before the alert's start, it is late by its \`for\`. The window of rate() is at least the step (else points are skipped) and 4 scrape intervals. No bare x[5m] here: rate(x[5m]), or x. Ask the same by service, version or instance to find what changed.

Comes back: {labels} first= last= min= max= mean= [values], a series a line, on a stated grid of at most ${MAX_POINTS} points (_ = no sample; a smaller step is widened). Many series: those that changed most, near the alert's start first, with changed=TIME from= to= and a coarser course (its legend says how); the others in one line; every value stays for read_result. Nothing found comes with the reason; a wrong query with the place and the mend.`;

/** `query_metrics_range`: PromQL over a range. */
export function queryMetricsRangeTool(prometheus: PrometheusClient): Tool<typeof input> {
  return {
    name: 'query_metrics_range',
    description: DESCRIPTION,
    input,
    maxChars: CEILINGS.metrics,
    async run({ query, start, end, step }, { now, startsAt, roomChars, signal }: ToolContext): Promise<ToolFinding> {
      const range = parseRange({ start, end }, now);
      if (range.kind === 'refused') return { status: 'failed', text: range.reason };
      const asked = parseStep(step);
      if (asked.kind === 'refused') return { status: 'failed', text: asked.reason };
      const { seconds, widened } = fitStep(range, asked.seconds);
      const grid: Grid = { start: range.start, end: range.end, stepSeconds: seconds };
      const deadline = prometheus.deadline(signal);
      const head = rangeHead(shownQuery(query, roomChars), grid, widened ? asked.seconds : undefined);
      const refusal = promqlRefusal(query, 'range');
      if (refusal) return { status: 'failed', text: `${head}\n${refusal}` };
      const answer = await prometheus.queryRange(query, grid, signal);
      return metricFinding(answer, {
        head,
        roomChars,
        grid,
        startsAt,
        whyEmpty: () => whyEmpty({ query, range, now }, prometheus, deadline),
      });
    },
  };
}
