/** Real bodies for the API's description: what Alertmanager sends, and what it hears. */
export const WEBHOOK_EXAMPLE = {
  version: '4',
  receiver: 'vigil',
  status: 'firing',
  groupKey: '{}:{alertname="HighErrorRate", service="payments"}',
  truncatedAlerts: 0,
  alerts: [
    {
      status: 'firing',
      fingerprint: 'f14c0476afe624cd',
      labels: { alertname: 'HighErrorRate', service: 'payments', severity: 'critical' },
      annotations: { summary: 'payments answers 33.90% of requests with 5xx' },
      startsAt: '2026-11-23T19:10:34.825Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.example:9090/graph?g0.expr=service%3Ahttp_errors%3Aratio1m+%3E+0.05&g0.tab=1',
    },
  ],
};

export const ADMITTED_EXAMPLE = {
  accepted: ['01KAS6Q3M8W1T5Z0V4R9XJ2CNB'],
  alerts: [
    { fingerprint: 'f14c0476afe624cd', decision: 'queued', triage_id: '01KAS6Q3M8W1T5Z0V4R9XJ2CNB' },
    {
      fingerprint: '5d1f0c7be2a94b36',
      decision: 'duplicate',
      triage_id: '01KAS6Q2V0Y7H3E4M5N6P7Q8R9',
      reason: 'a triage of this alert is running',
    },
  ],
};
