import type { SentText } from '../../src/domain/sent-texts';
import { result, section } from './sent-text-of';

/**
 * A fifth incident: logins fail because a certificate of the identity provider ran out; a cache that was restarted and a
 * busy neighbour are innocent. The alert began at 06:12:20 on the 3rd of February, now is 06:21.
 */
const FAILED = 'sum(rate(logins_total{app="auth",outcome="failed"}[1m])) * 60';
const RANGE = 'range: 2026-02-03T06:00:00Z to 2026-02-03T06:20:00Z, step 2m';
const GRID = 'values: [v v …] from 2026-02-03T06:00:00Z every 2m, _ = no sample';
const NOW = 'time: 2026-02-03T06:21:00Z';

const TEXTS: readonly SentText[] = [
  section('o1', 'the alert, as Alertmanager sent it', [
    'status: firing',
    'starts at: 2026-02-03T06:12:20Z',
    'label alertname: LoginsFail',
    'label app: auth',
    'label severity: critical',
    'annotation summary: 412 logins fail per minute',
    `expression: ${FAILED} > 50`,
  ]),
  section('o2', "the alert's rule and the value of its expression, from Prometheus", [
    'rule: LoginsFail, group auth in rules.yml, evaluated every 20s',
    `expression: ${FAILED} > 50`,
    'for: 2m',
    'compared: the left side (the query below) > 50',
    'series: {}; the only one',
    'at the start (2026-02-03T06:12:20Z): 412.4 > 50',
    'crossed: 2026-02-03T06:10:20Z (exact to 20.0 s), 2 min before the start; the rule waits 2m of it',
    'before: median 3.2, from 1.1 to 6.8, over the 1 h from 2026-02-03T05:10:20Z (180 points)',
    'since then: largest 655.2 at 2026-02-03T06:18:20Z',
    'now (2026-02-03T06:21:00Z): 631.8 > 50, the expression holds',
    `query: ${FAILED}`,
    'range: 2026-02-03T06:00:20Z to 2026-02-03T06:12:20Z, step 1m',
    'values: [3.2 2.9 4.1 3.2 2.8 3.9 3.2 4.4 3.1 2.7 88.2 301.5 412.4] from 2026-02-03T06:00:20Z every 1m, _ = no sample',
  ]),
  section('o3', 'how often this alert fired in the last seven days', [
    "from Prometheus' ALERTS: the last hour sample by sample; before that in windows of 5 min, where firings less than 5 min apart count as one",
    'the record covers the 7 days',
    'this alert (same labels) fired 5 times before this firing, typically (median) for 1 min 40 s; 5 of 5 ended within 10 min',
    'the last before this firing: from 2026-02-01T22:03:00Z to 2026-02-01T22:05:00Z, 32 h 7 min before this one began',
  ]),
  section('o4', 'other alerts that are held now', [
    'source: Alertmanager (firing, silenced, inhibited): 3 other alerts; 1 shares labels with this one',
    '- CertificateExpired {host="idp.example.net"}, shares {severity="critical"}: firing since 2026-02-03T06:10:00Z, 2 min 20 s before this one began',
    'others, by name: 2 Watchdog',
  ]),
  section('o6', 'changes around the start of the alert', [
    'alive: changes are recorded here: 3 in the last 7 days, the last one at 2026-02-03T05:58:00Z',
    '1 change in the six hours before the start, none after it; of all services, the nearest to the start first:',
    '- deploy, 14 min 20 s before the start (2026-02-03T05:58:00Z), source "argocd", id "cache-77", service "session-cache", environment "prod", version "7.2.4", revision "b8d0c11", before it "7a7f3aa": session-cache 7.2.4, memory 4Gi -> 6Gi',
  ]),
  result('r1', 'query_metrics_range', 'sum by (outcome) (rate(logins_total{app="auth"}[1m]))', [
    RANGE,
    'result: matrix, 2 series',
    GRID,
    '{outcome="ok"} first=12.1 last=1.93 min=1.81 max=12.6 mean=7.3 [12.1 12.4 12.6 11.9 12.2 11.8 4.02 1.95 1.81 1.9 1.93]',
    '{outcome="failed"} first=0.053 last=10.5 min=0.05 max=10.92 mean=5 [0.053 0.05 0.061 0.055 0.052 1.47 6.87 10.1 10.8 10.92 10.5]',
  ]),
  result('r2', 'query_logs', '{app="auth"} |= "idp"', [
    'range: 2026-02-03T06:00:00Z to 2026-02-03T06:21:00Z',
    'result: lines, 4 found, oldest first',
    'common labels: {app="auth"}',
    '2026-02-03T06:09:57.120Z {pod="auth-6c-a"} token fetched from idp in 143 ms (cache hit rate 92.1%)',
    '2026-02-03T06:10:01.004Z {pod="auth-6c-a"} tls: certificate of idp.example.net expired at 2026-02-03T06:10:00Z (valid for 90 days), serial 03:af:77',
    '2026-02-03T06:10:31.000Z {pod="auth-6c-b"} giving up after 4 attempts in 8.2s, 129 logins queued',
    '2026-02-03T06:20:31.000Z {pod="auth-6c-b"} giving up after 4 attempts in 8.4s, 903 logins queued',
  ]),
  result('r3', 'query_metrics', 'sum by (pod) (process_resident_memory_bytes{app=~"auth|session-cache"})', [
    NOW,
    'result: vector, 4 series',
    '{pod="auth-6c-a"} 318767104',
    '{pod="auth-6c-b"} 322961408',
    '{pod="session-cache-0"} 4831838208',
    '{pod="session-cache-1"} 4294967296',
  ]),
  result('r4', 'query_metrics', 'sum by (code) (increase(idp_requests_total{app="auth"}[10m]))', [
    NOW,
    'result: vector, 3 series',
    '{code="200"} 1204',
    '{code="525"} 6310',
    '{code="429"} 17',
  ]),
  result('r5', 'query_metrics', 'probe_ssl_earliest_cert_expiry{host="idp.example.net"} - time()', [
    NOW,
    'result: vector, 1 series',
    '{host="idp.example.net"} -660',
  ]),
  result('r6', 'query_metrics_range', 'sum(rate(container_cpu_usage_seconds_total{app="search"}[2m]))', [
    RANGE,
    'result: matrix, 1 series',
    GRID,
    '{} first=3.2 last=6.5 min=3.1 max=6.7 mean=4.9 [3.2 3.1 3.3 3.2 3.4 6.1 6.4 6.7 6.6 6.4 6.5]',
  ]),
  result(
    'r7',
    'query_metrics',
    'redis_keyspace_hits_total{app="session-cache"} / (redis_keyspace_hits_total{app="session-cache"} + redis_keyspace_misses_total{app="session-cache"})',
    [
      NOW,
      'result: vector, 2 series',
      'common labels: {app="session-cache"}',
      '{pod="session-cache-0"} 0.9213',
      '{pod="session-cache-1"} 0.9187',
    ],
  ),
];

/** Everything that was sent of the fifth incident, by handle. */
export const LOGIN_SENT: ReadonlyMap<string, SentText> = new Map(TEXTS.map((text) => [text.handle, text]));
