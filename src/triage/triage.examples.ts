import type { ReportAnswer } from './report-answer';
import type { TriageAnswer, TriageListAnswer } from './triage-answer';

/*
 * Real answers for the API's description, shortened. test/e2e/api-docs.spec.ts compares their shape with what the
 * running program answers.
 */

const QUERY =
  'sum by (service) (rate(http_requests_total{status=~"5.."}[5m])) / sum by (service) (rate(http_requests_total[5m]))';

const REPORT: ReportAnswer = {
  headline: 'payments fails 33.9 % of its requests since the deploy of 2.14.0 (revision 9f3c2e1)',
  what_is_happening:
    'Since 19:04 UTC payments answers 33.9 % of its requests with 5xx (before: 0.3 %); checkout suffers from it.',
  root_cause: {
    statement: 'payments 2.14.0 came at 19:03:23 UTC; a minute later a third of its own requests failed.',
    component: 'payments',
    change: '9f3c2e1',
    confidence: 'low',
  },
  affected: ['checkout', 'payments'],
  evidence: [
    {
      claim: 'A third of the requests to payments fail',
      source: 'r1',
      quote: '{service="payments"} 0.3398',
      verified: 'quoted',
    },
    {
      claim: 'Its new version logs an error',
      source: 'r1',
      quote: "Cannot read properties of undefined (reading 'currency')",
      verified: 'unverified',
      doubts: ['Its quote does not stand in r1.'],
    },
  ],
  ruled_out: ['inventory was deployed too, but its own errors did not rise'],
  actions: [{ action: 'Roll payments back from 2.14.0 to 2.13.4', urgency: 'now' }],
  urgency: 'now',
  could_not_check: ['What revision 9f3c2e1 changed: no diff of it was told.'],
  flags: [],
  check: {
    figures: [
      { field: 'headline', text: '33.9 %', at: 15, verified: 'derived', how: 'r1: 0.3398 as a percentage' },
      { field: 'headline', text: '2.14.0', at: 58, verified: 'unverified', how: 'stands nowhere in what was sent' },
      {
        field: 'what_is_happening',
        text: '0.3 %',
        at: 74,
        verified: 'unverified',
        how: 'stands nowhere in what was sent',
      },
    ],
    claimed_confidence: 'high',
    change: 'not_recorded',
    faults: [
      'Confidence "high" is lowered to "low": nothing that was sent bears out "2.14.0", which its headline rests on.',
      'headline: "2.14.0" stands nowhere in what was sent.',
      'what_is_happening: "0.3 %" stands nowhere in what was sent.',
    ],
  },
};

export const TRIAGE_EXAMPLE: TriageAnswer = {
  id: '01KAS6Q3M8W1T5Z0V4R9XJ2CNB',
  status: 'finished',
  outcome: 'complete',
  ended_by: 'answer',
  alert_name: 'HighErrorRate',
  fingerprint: 'f14c0476afe624cd',
  severity: 'critical',
  summary: 'payments answers 33.90% of requests with 5xx',
  analysis:
    '# Hypothesis, not verified: payments fails 33.9 % of its requests since the deploy of 2.14.0 [unverified] (revision 9f3c2e1)\n\n## Root cause not established\n\n…',
  report: REPORT,
  model: 'claude-sonnet-5-5',
  system_prompt: 'You investigate an alert of a running system. …',
  tools_used: ['query_metrics'],
  tool_calls: 1,
  tokens_in: 6310,
  tokens_in_uncached: 124,
  tokens_out: 965,
  cost_usd: 0.0212,
  created_at: '2026-11-23T19:10:35.112Z',
  started_at: '2026-11-23T19:10:35.140Z',
  completed_at: '2026-11-23T19:10:58.043Z',
  duration_seconds: 22.903,
  llm_time_seconds: 22.31,
  tool_time_seconds: 0.011,
  attempts: 1,
  alerts: [
    {
      fingerprint: 'f14c0476afe624cd',
      status: 'firing',
      labels: { alertname: 'HighErrorRate', service: 'payments', severity: 'critical' },
      annotations: { summary: 'payments answers 33.90% of requests with 5xx' },
      starts_at: '2026-11-23T19:10:34.825Z',
      generator_url: 'http://prometheus.example:9090/graph?g0.expr=service%3Ahttp_errors%3Aratio1m+%3E+0.05&g0.tab=1',
    },
  ],
  deliveries: [
    { channel: 'slack', kind: 'report', state: 'delivered', attempts: 1, delivered_at: '2026-11-23T19:10:58.388Z' },
  ],
  link: 'https://vigil.example/t/01KAS6Q3M8W1T5Z0V4R9XJ2CNB?e=1798052735&k=yD3GNEL_k6A7ZglkXQY27wqrBnmVm2RCa9WWHQ-x7CE',
  conversations: [
    {
      purpose: 'investigation',
      provider: 'anthropic',
      model: 'claude-sonnet-5-5',
      turns: [
        {
          seq: 0,
          role: 'user',
          at: '2026-11-23T19:10:35.204Z',
          content: [
            { type: 'text', text: 'An alert fires. Find out why.\n\n[o1] the alert, as Alertmanager sent it\n…' },
          ],
        },
        {
          seq: 1,
          role: 'assistant',
          at: '2026-11-23T19:10:43.842Z',
          content: [
            { type: 'text', text: 'The alert measures the share of 5xx answers. Which services show it now?' },
            { type: 'tool_use', handle: 'r1', name: 'query_metrics', input: { query: QUERY, time: 'now' } },
          ],
          stop_reason: 'tool_use',
          usage: { input_tokens: 62, output_tokens: 169, cache_read_tokens: 0, cache_write_tokens: 2973 },
          duration_seconds: 8.62,
          model: 'claude-sonnet-5-5',
        },
        {
          seq: 2,
          role: 'user',
          at: '2026-11-23T19:10:43.889Z',
          content: [
            {
              type: 'tool_result',
              handle: 'r1',
              status: 'ok',
              text: '[r1] query_metrics\n<<<data 01KAS6Q5PA7E02ZPNCCRYF0\n…\n{service="payments"} 0.3398\n01KAS6Q5PA7E02ZPNCCRYF0>>>',
              bytes: 373,
              duration_seconds: 0.011,
            },
          ],
        },
        {
          seq: 3,
          role: 'assistant',
          at: '2026-11-23T19:10:57.931Z',
          content: [{ type: 'tool_use', handle: 's1', name: 'submit_report', input: { headline: REPORT.headline } }],
          stop_reason: 'tool_use',
          usage: { input_tokens: 62, output_tokens: 796, cache_read_tokens: 2973, cache_write_tokens: 240 },
          duration_seconds: 13.69,
          model: 'claude-sonnet-5-5',
        },
        {
          seq: 4,
          role: 'user',
          at: '2026-11-23T19:10:58.003Z',
          content: [
            {
              type: 'tool_result',
              handle: 's1',
              status: 'ok',
              text: 'The report is accepted.',
              bytes: 23,
              duration_seconds: 0,
            },
          ],
        },
      ],
    },
  ],
};

export const TRIAGE_LIST_EXAMPLE: TriageListAnswer = {
  triages: [
    {
      id: TRIAGE_EXAMPLE.id,
      status: 'finished',
      outcome: 'complete',
      ended_by: 'answer',
      alert_name: TRIAGE_EXAMPLE.alert_name,
      fingerprint: TRIAGE_EXAMPLE.fingerprint,
      severity: TRIAGE_EXAMPLE.severity,
      summary: TRIAGE_EXAMPLE.summary,
      report: {
        headline: REPORT.headline,
        headline_unverified: ['2.14.0'],
        root_cause: { component: 'payments', change: '9f3c2e1', confidence: 'low' },
      },
      model: TRIAGE_EXAMPLE.model,
      tokens_in: TRIAGE_EXAMPLE.tokens_in,
      tokens_in_uncached: TRIAGE_EXAMPLE.tokens_in_uncached,
      tokens_out: TRIAGE_EXAMPLE.tokens_out,
      cost_usd: TRIAGE_EXAMPLE.cost_usd,
      created_at: TRIAGE_EXAMPLE.created_at,
      started_at: TRIAGE_EXAMPLE.started_at,
      completed_at: TRIAGE_EXAMPLE.completed_at,
      duration_seconds: TRIAGE_EXAMPLE.duration_seconds,
      attempts: 1,
      link: TRIAGE_EXAMPLE.link,
    },
  ],
  next_cursor: 'pK0x9mVn2H8hQm1s6rWc0jIwMjYtMTEtMjNUMTk6MTA6MzUuMTEyNDA4WiAwMUtBUzZRM004VzFUNVowVjRSOVhKMkNOQg',
};
