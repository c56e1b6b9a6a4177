import { z } from 'zod';
import { MAX_RESULT_CHARS } from '../fit';
import { metricText } from '../metric-text';
import { formatTime, parseTime, TIME_FORMS } from '../time-input';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import type { PrometheusClient } from './prometheus-client';

/** PromQL as the model gives it; the backend reads it and says where it is wrong. */
export const promqlInput = z.string().min(1).max(8000).describe('PromQL.');

const input = z.strictObject({
  query: promqlInput,
  time: z.string().nullish().describe(`Moment to evaluate at: ${TIME_FORMS}. Default now.`),
});

const DESCRIPTION = `Evaluates a PromQL expression at one moment: "how is it now", "how was it then", "which of them is worst". For a course over time use query_metrics_range.

Examples
- the alert's own expression, first: its value now, and at the alert's start
- share of errors by service: sum by (service) (rate(http_requests_total{status=~"5.."}[5m])) / sum by (service) (rate(http_requests_total[5m]))
- the ten worst: topk(10, sum by (service, route) (rate(http_requests_total{status=~"5.."}[5m])))
- the 99th percentile: histogram_quantile(0.99, sum by (le, service) (rate(http_request_duration_seconds_bucket[5m])))
- now against an hour ago: sum(rate(http_requests_total[5m])) / sum(rate(http_requests_total[5m] offset 1h))
- what runs: count by (service, version) (app_build_info); was the source alive: up
- names you do not know: count by (__name__) ({service="checkout"})

Rules: rate() needs a window of at least 4 scrape intervals ([1m] at 15 s, [5m] is safe), otherwise it finds nothing. A counter (_total, _count, _bucket) says something only through rate() or increase().

Comes back: one line a series, {labels} value, labels shared by all once; at most ${MAX_RESULT_CHARS} characters, what is left out is said. "Found nothing" means that the query worked: check name and labels before you conclude that nothing happened.`;

/** `query_metrics`: PromQL at one moment. */
export function queryMetricsTool(prometheus: PrometheusClient): Tool<typeof input> {
  return {
    name: 'query_metrics',
    description: DESCRIPTION,
    input,
    maxChars: MAX_RESULT_CHARS,
    async run({ query, time }, { now, signal }: ToolContext): Promise<ToolFinding> {
      const moment = parseTime('time', time ?? 'now', now);
      if (moment.kind === 'refused') return { status: 'failed', text: moment.reason };
      const answer = await prometheus.query(query, moment.at, signal);
      const head = `query: ${query}\ntime: ${formatTime(moment.at)}`;
      if (answer.kind === 'failed') return { status: 'failed', text: `${head}\n${answer.reason}` };
      const { result, notes, full } = answer;
      const foot = notes.map((note) => `\n${note}`).join('');
      if ((result.type === 'vector' || result.type === 'matrix') && result.series.length === 0) {
        return { status: 'no_data', text: `${head}\n${NOTHING_AT_ONE_MOMENT}${foot}`, full };
      }
      return {
        status: 'ok',
        text: `${head}\n${metricText(result, MAX_RESULT_CHARS - head.length - foot.length)}${foot}`,
        full,
      };
    },
  };
}

const NOTHING_AT_ONE_MOMENT =
  'Found nothing: the query worked, and no series came back. One of these holds: no metric has this name, no series has these labels, ' +
  'none had a sample in the five minutes (or the window) before this time, or a comparison let none pass. ' +
  'To tell them apart, ask for the bare metric name, or for count by (__name__) of a label that you know; `up` shows whether its source was alive.';
