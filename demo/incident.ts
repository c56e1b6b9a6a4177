import type { LogStream } from '../test/stand-ins/loki.ts';
import type { RuleGroup, Sample, Series } from '../test/stand-ins/prometheus.ts';
import { changeBodies } from './incident-changes.ts';
import { logStreams } from './incident-logs.ts';
import { metricSeries } from './incident-metrics.ts';

import { CHECKOUT_SHARE, secondsAt } from './incident-plan.ts';
import type { IncidentPlan } from './incident-plan.ts';

/** What the servers of the demo hold, and the alert that starts it. */
export interface Incident {
  readonly plan: IncidentPlan;
  readonly series: readonly Series[];
  /** The rule that fired, as Prometheus shows it. */
  readonly ruleGroups: readonly RuleGroup[];
  readonly streams: readonly LogStream[];
  /** What the pipelines of the shop post before the alert. */
  readonly changes: readonly object[];
  /** As Alertmanager posts it. */
  readonly alert: object;
}

export function incident(plan: IncidentPlan): Incident {
  return {
    plan,
    series: [...metricSeries(plan), ...alertSeries(plan)],
    ruleGroups: [ruleGroup(plan)],
    streams: logStreams(plan),
    changes: changeBodies(plan),
    alert: alertBody(plan),
  };
}

/** What Prometheus writes down of its own rule: pending for as long as it waits, then firing. */
function alertSeries(plan: IncidentPlan): Series[] {
  const firingAt = secondsAt(plan, plan.alertMinutesAgo);
  const now = plan.now.getTime() / 1000;
  const evaluated = (from: number, to: number): number[] =>
    Array.from(
      { length: Math.max(0, Math.ceil((to - from) / INTERVAL_SECONDS)) },
      (_, i) => from + i * INTERVAL_SECONDS,
    );
  const series = (alertstate: string, samples: readonly Sample[]): Series => ({
    labels: { __name__: 'ALERTS', ...RULE_LABELS, alertstate },
    samples,
  });
  const ones = (times: readonly number[]): Sample[] => times.map((at) => [at, 1]);
  return [
    series('pending', [...ones(evaluated(firingAt - FOR_SECONDS, firingAt)), [firingAt, 'stale']]),
    series('firing', ones(evaluated(firingAt, now))),
  ];
}

const RULE_LABELS = { alertname: 'HighErrorRate', service: 'checkout', severity: 'critical' };
const INTERVAL_SECONDS = 60;
const EXPRESSION =
  'sum by (service) (rate(http_requests_total{status=~"5.."}[5m])) / sum by (service) (rate(http_requests_total[5m])) > 0.05';
const FOR_SECONDS = 300;

function ruleGroup(plan: IncidentPlan): RuleGroup {
  const pendingAt = secondsAt(plan, plan.alertMinutesAgo) - FOR_SECONDS;
  const rule = {
    name: 'HighErrorRate',
    type: 'alerting' as const,
    query: EXPRESSION,
    duration: FOR_SECONDS,
    keepFiringFor: 0,
    labels: { severity: 'critical' },
    state: 'firing',
    health: 'ok',
    alerts: [
      {
        labels: RULE_LABELS,
        annotations: {},
        state: 'firing',
        activeAt: new Date(pendingAt * 1000).toISOString(),
        value: '0',
      },
    ],
  };
  return { name: 'shop', file: '/etc/prometheus/rules.yml', interval: INTERVAL_SECONDS, rules: [rule] };
}

/** What a webhook of Alertmanager looks like (captured from 0.25), with this incident's alert in it. */
function alertBody(plan: IncidentPlan): object {
  const share = (100 * plan.errorShare * CHECKOUT_SHARE).toFixed(2);
  const labels = { alertname: 'HighErrorRate', cluster: 'shop-eu', service: 'checkout', severity: 'critical' };
  const annotations = {
    description: 'Share of 5xx answers over 5m is above 5% for 5m.',
    summary: `checkout answers ${share}% of requests with 5xx`,
  };
  return {
    receiver: 'vigil',
    status: 'firing',
    alerts: [
      {
        status: 'firing',
        labels,
        annotations,
        startsAt: new Date(secondsAt(plan, plan.alertMinutesAgo) * 1000).toISOString(),
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: `http://prometheus.example:9090/graph?g0.expr=${encodeURIComponent(EXPRESSION)}&g0.tab=1`,
        fingerprint: '5d1f0c7be2a94b36',
      },
    ],
    groupLabels: { alertname: 'HighErrorRate', service: 'checkout' },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: 'http://alertmanager.example:9093',
    version: '4',
    groupKey: '{}:{alertname="HighErrorRate", service="checkout"}',
    truncatedAlerts: 0,
  };
}
