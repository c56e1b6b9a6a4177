import type { LogStream } from '../test/stand-ins/loki.ts';
import type { Series } from '../test/stand-ins/prometheus.ts';
import { changeBodies } from './incident-changes.ts';
import { logStreams } from './incident-logs.ts';
import { metricSeries } from './incident-metrics.ts';

import { CHECKOUT_SHARE, secondsAt } from './incident-plan.ts';
import type { IncidentPlan } from './incident-plan.ts';

/** What the servers of the demo hold, and the alert that starts it. */
export interface Incident {
  readonly plan: IncidentPlan;
  readonly series: readonly Series[];
  readonly streams: readonly LogStream[];
  /** What the pipelines of the shop post before the alert. */
  readonly changes: readonly object[];
  /** As Alertmanager posts it. */
  readonly alert: object;
}

export function incident(plan: IncidentPlan): Incident {
  return {
    plan,
    series: metricSeries(plan),
    streams: logStreams(plan),
    changes: changeBodies(plan),
    alert: alertBody(plan),
  };
}

/** What a webhook of Alertmanager looks like (captured from 0.25), with this incident's alert in it. */
function alertBody(plan: IncidentPlan): object {
  const share = (100 * plan.errorShare * CHECKOUT_SHARE).toFixed(2);
  const labels = { alertname: 'HighErrorRate', cluster: 'shop-eu', service: 'checkout', severity: 'critical' };
  const annotations = {
    description: 'Share of 5xx answers over 5m is above 5% for 5m.',
    summary: `checkout answers ${share}% of requests with 5xx`,
  };
  const expression =
    'sum by (service) (rate(http_requests_total{status=~"5.."}[5m])) / sum by (service) (rate(http_requests_total[5m])) > 0.05';
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
        generatorURL: `http://prometheus.example:9090/graph?g0.expr=${encodeURIComponent(expression)}&g0.tab=1`,
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
