import { type AnthropicStandIn, STAND_IN_KEY, startAnthropic } from '../stand-ins/anthropic.ts';
import { type Answer, calls } from '../stand-ins/anthropic-answer.ts';
import { type ParsedRequest, toolResults } from '../stand-ins/anthropic-request.ts';
import type { BackendRequest } from '../stand-ins/backend-stand-in.ts';
import { type PrometheusStandIn, startPrometheus } from '../stand-ins/prometheus.ts';
import { type SlackStandIn, startSlack } from '../stand-ins/slack.ts';

/** Everything that Vigil talks to, and the settings that lead there. */
export interface StandIns {
  readonly anthropic: AnthropicStandIn;
  readonly prometheus: PrometheusStandIn;
  readonly slack: SlackStandIn;
  readonly settings: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startStandIns(
  script: (request: ParsedRequest, n: number) => Answer | Promise<Answer> = queryThenReport,
): Promise<StandIns> {
  const [anthropic, prometheus, slack] = await Promise.all([
    startAnthropic({ script }),
    startPrometheus({ series: [{ labels: { __name__: 'up', service: 'payments' }, samples: samplesOf(1) }] }),
    startSlack(),
  ]);
  return {
    anthropic,
    prometheus,
    slack,
    settings: {
      claude_api_key: STAND_IN_KEY,
      claude_base_url: anthropic.url,
      prometheus_endpoint: prometheus.url,
      slack_webhook_url: slack.url,
    },
    stop: async () => {
      await Promise.all([anthropic.stop(), prometheus.stop(), slack.stop()]);
    },
  };
}

/** Whether a tool call of the model asks this: what the opening message asks for beforehand is none. */
export function isByModel({ path, params }: BackendRequest): boolean {
  return path.endsWith('/query') && /^up\{service="[\w-]+"\}$/.test(params.get('query') ?? '');
}

export function askedByModel({ journal }: PrometheusStandIn): readonly BackendRequest[] {
  return journal.filter(isByModel);
}

/** One query, then a report that quotes its result. */
export function queryThenReport(request: ParsedRequest): Answer {
  const [result] = toolResults(request);
  if (!result) return calls({ name: 'query_metrics', input: { query: 'up{service="payments"}' } });
  return calls({ name: 'submit_report', input: reportOf(/^\w*\{.*$/m.exec(result.text)?.[0] ?? '') });
}

/** Its headline has a figure that stands nowhere: it is asked for once more. */
export const FAULTY_REPORT = {
  name: 'submit_report',
  input: { ...reportOf(''), headline: 'payments fails 97.3 %', evidence: [] },
};

function reportOf(quote: string): object {
  return {
    headline: 'payments is up',
    what_is_happening: 'Nothing that can be seen.',
    root_cause: { statement: 'Not known.', component: 'payments', change: null, confidence: 'unknown' },
    affected: [],
    evidence: [{ claim: 'payments is up', source: 'r1', quote }],
    ruled_out: [],
    actions: [{ action: 'Look again', urgency: 'can_wait' }],
    could_not_check: [],
    flags: [],
  };
}

function samplesOf(value: number): [number, number][] {
  const now = Math.floor(Date.now() / 1000);
  return Array.from({ length: 120 }, (_, i): [number, number] => [now - (119 - i) * 15 + 60, value]);
}

/** The body that Alertmanager posts for one firing alert. */
export function webhookOf(fingerprint: string, over: Readonly<Record<string, unknown>> = {}): string {
  const alert = {
    status: 'firing',
    fingerprint,
    labels: { alertname: 'HighErrorRate', service: 'payments', severity: 'warning' },
    annotations: { summary: 'too many errors' },
    startsAt: '2026-11-23T19:05:34.825Z',
    ...over,
  };
  return JSON.stringify({ version: '4', status: 'firing', alerts: [alert] });
}
