import { z } from 'zod';
import { shownQuery } from '../query-head';
import { CEILINGS } from '../result-room';
import { formatTime, parseTime, TIME_FORMS } from '../time-input';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import { metricFinding } from './metric-finding';
import type { PrometheusClient } from './prometheus-client';
import { promqlRefusal } from './promql-check';
import { whyEmpty } from './why-empty';

/** PromQL as the model gives it; it is looked at before it is sent, and the backend is its judge. */
export const promqlInput = z.string().min(1).max(8000).describe('PromQL.');

const input = z.strictObject({
  query: promqlInput,
  time: z.string().nullish().describe(`Moment to evaluate at: ${TIME_FORMS}. Default now.`),
});

const DESCRIPTION = `Evaluates PromQL at one moment: how is it now, how was it then, which is worst. For a course over time: query_metrics_range.

Examples
- the alert's own expression, now and at its start
- share of errors: sum by (service) (rate(http_requests_total{status=~"5.."}[5m])) / sum by (service) (rate(http_requests_total[5m]))
- the worst: topk(10, sum by (service, route) (rate(http_requests_total{status=~"5.."}[5m])))
- 99th percentile: histogram_quantile(0.99, sum by (le, service) (rate(http_request_duration_seconds_bucket[5m])))
- now against an hour ago: sum(rate(x_total[5m])) / sum(rate(x_total[5m] offset 1h))
- what runs: count by (service, version) (app_build_info); was the source alive: up
- names of a service: count by (__name__) ({service="checkout"})

Rules: a counter (_total, _count, _bucket) tells something only through rate() or increase(), with a window of at least 4 scrape intervals ([5m] is safe). A selector needs a name or a label with its value.

Comes back: {labels} value, a series a line, shared labels once. Many: the largest and smallest (or those that differ), the others in one line; all of it stays for read_result. Nothing found comes with the reason; a wrong query with the place and the mend.`;

/** `query_metrics`: PromQL at one moment. */
export function queryMetricsTool(prometheus: PrometheusClient): Tool<typeof input> {
  return {
    name: 'query_metrics',
    description: DESCRIPTION,
    input,
    maxChars: CEILINGS.metrics,
    async run({ query, time }, { now, startsAt, roomChars, signal }: ToolContext): Promise<ToolFinding> {
      const moment = parseTime('time', time ?? 'now', now);
      if (moment.kind === 'refused') return { status: 'failed', text: moment.reason };
      const deadline = prometheus.deadline(signal);
      const head = `query: ${shownQuery(query, roomChars)}\ntime: ${formatTime(moment.at)}`;
      const refusal = promqlRefusal(query, 'instant');
      if (refusal) return { status: 'failed', text: `${head}\n${refusal}` };
      const answer = await prometheus.query(query, moment.at, signal);
      const range = { start: moment.at, end: moment.at };
      return metricFinding(answer, {
        head,
        roomChars,
        startsAt,
        whyEmpty: () => whyEmpty({ query, range, now }, prometheus, deadline),
      });
    },
  };
}
