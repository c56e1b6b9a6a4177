import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iso, lineWith, says } from './context-case.ts';
import type { ContextCase, Plan } from './context-case.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', 'test', 'fixtures');

/** What real servers once answered, byte for byte but for the spaces. */
export function capturedCases({ now }: Plan): ContextCase[] {
  const query = '{service="payments"} | json | level="error"';
  return [
    {
      figure: 'captured_up',
      tool: 'query_metrics',
      input: { query: 'up' },
      world: { captured: { '/api/v1/query': body('prometheus-2.42/up') } },
      raw: [{ from: 'prometheus', path: '/api/v1/query' }],
      facts: ['18001', '18002', '18003'].map((port) => says(`127.0.0.1:${port}`)),
    },
    {
      figure: 'captured_logs',
      tool: 'query_logs',
      input: { query, start: '2026-11-23T19:08:17Z', end: '2026-11-23T19:23:17Z', limit: 2 },
      world: { captured: { '/loki/api/v1/query_range': body('loki/streams_categorize') } },
      raw: [{ from: 'loki', path: '/loki/api/v1/query_range' }],
      facts: [says("Cannot read properties of undefined (reading 'currency')"), says('/charge')],
    },
    {
      figure: 'captured_metadata',
      tool: 'find_metrics',
      input: { query: 'http requests' },
      world: {
        captured: {
          '/api/v1/metadata': body('prometheus-3.5/metadata_full'),
          '/api/v1/label/__name__/values': body('prometheus-3.5/names'),
        },
        /* so that whoever asks for its labels finds some */
        series: [
          {
            labels: { __name__: 'http_requests_total', service: 'payments', job: 'shop', instance: '127.0.0.1:18001' },
            samples: [[Date.parse(iso(now)) / 1000, 7]],
          },
        ],
      },
      raw: [{ from: 'prometheus', path: '/api/v1/metadata' }],
      facts: [lineWith('http_requests_total', 'counter'), says('prometheus_http_requests_total')],
      targetTokens: 1000,
    },
  ];
}

function body(name: string): unknown {
  return (JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8')) as { body: unknown }).body;
}
