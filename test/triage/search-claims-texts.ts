import type { SentText } from '../../src/domain/sent-texts';
import { result, section } from './sent-text-of';

/**
 * A third incident, in the form that the opening sections really have: search is slow since its time-out was cut, its
 * queue fills, one of six pods waits for a node; a nightly import and an earlier triage are innocent. The alert began at
 * 02:31:10 on the 24th of November, now is 02:40.
 */
const P95 =
  'histogram_quantile(0.95, sum by (service, le) (rate(http_request_duration_seconds_bucket{service="search"}[2m])))';
const RANGE = 'range: 2026-11-24T02:10:00Z to 2026-11-24T02:40:00Z, step 3m';
const GRID = 'values: [v v …] from 2026-11-24T02:10:00Z every 3m, _ = no sample';
const NOW = 'time: 2026-11-24T02:40:00Z';

const TEXTS: readonly SentText[] = [
  section('o1', 'the alert, as Alertmanager sent it', [
    'status: firing',
    'starts at: 2026-11-24T02:31:10Z',
    'label alertname: SearchSlow',
    'label service: search',
    'label severity: critical',
    'annotation summary: p95 of search is 1.84s (limit 0.6s)',
    `expression: ${P95} > 0.6`,
  ]),
  section('o2', "the alert's rule and the value of its expression, from Prometheus", [
    'rule: SearchSlow, group search in rules.yml, evaluated every 15s',
    `expression: ${P95} > 0.6`,
    'for: 5m',
    "state of the alert now: firing, the expression has held since 2026-11-24T02:26:10Z in the rule's evaluations",
    'compared: the left side (the query below) > 0.6',
    'series: {service="search"}; the expression has 1 series at the start, of 1 on the left side',
    'at the start (2026-11-24T02:31:10Z): 1.84 > 0.6',
    'crossed: 2026-11-24T02:26:10Z (exact to 15.0 s), 5 min before the start; the rule waits 5m of it',
    'before: median 0.1212, from 0.1141 to 0.1304, over the 16 min from 2026-11-24T02:10:10Z (17 points)',
    'since then: largest 2.012 at 2026-11-24T02:36:10Z',
    'now (2026-11-24T02:40:00Z): 1.97 > 0.6, the expression holds',
    'samples: one every 15s (http_request_duration_seconds_bucket): a rate over [15s] or less finds nothing, over [1m] and more it is safe',
    `query: ${P95}`,
    'range: 2026-11-24T02:10:10Z to 2026-11-24T02:31:10Z, step 1m',
    'values: [0.1212 0.1141 0.1304 0.1189 0.1212 0.1207 0.1233 0.1198 0.1212 0.1209 0.1251 0.1187 0.1212 0.1222 0.1201 0.1199 0.6412 1.12 1.47 1.71 1.79 1.84] from 2026-11-24T02:10:10Z every 1m, _ = no sample',
  ]),
  section('o3', 'how often this alert fired in the last seven days', [
    "from Prometheus' ALERTS: the last hour sample by sample; before that in windows of 5 min, where firings less than 5 min apart count as one",
    'the record covers the 7 days',
    'this alert (same labels) fired 17 times before this firing, typically (median) for 4 min 10 s; 16 of 17 ended within 10 min',
    'the last before this firing: from 2026-11-22T14:05:00Z to 2026-11-22T14:10:00Z, 36 h 21 min before this one began',
    'SearchSlow over all its label sets, this firing included: 3 label sets fired, at most 2 at once; looked at every 5 min, at least one fired in 18 separate times',
  ]),
  section('o4', 'other alerts that are held now', [
    'source: Alertmanager (firing, silenced, inhibited): 2 other alerts; 1 shares labels with this one',
    '- QueueFull {queue="search-jobs"}, shares {service="search"}: firing since 2026-11-24T02:33:40Z, 2 min 30 s after this one began',
    'others, by name: 1 Watchdog',
  ]),
  section('o5', 'whether the target is up, and how old its last sample and log line are', [
    'alive: metrics of search: up 1 (5 of 6 targets), last sample 8.1 s before now, one every 15.0 s: up{service="search"}',
    'alive: logs of search: last line 2.4 s before now: {service="search"}',
  ]),
  section('o6', 'changes around the start of the alert', [
    'alive: changes are recorded here: 9 in the last 7 days, the last one at 2026-11-24T02:25:18Z',
    '2 changes in the six hours before the start, none after it; of all services, the nearest to the start first:',
    '- config, 5 min 52 s before the start (2026-11-24T02:25:18Z), source "gitops", id "cfg-4410", service "search", environment "prod", revision "7c1f0de": Shorten the time-out of shards and cap the workers',
    '    | --- a/search/values.yaml',
    '    | +++ b/search/values.yaml',
    '    | @@ -8,3 +8,3 @@',
    '    | -  timeout_ms: 2000',
    '    | +  timeout_ms: 200',
    '    | -  workers: 48',
    '    | +  workers: 12',
    '- deploy, 1 h 1 min before the start (2026-11-24T01:30:00Z), source "gitops", id "9931", service "importer", environment "prod", version "3.4.0", revision "0aa91ce": Migration 0231: add the column tenant',
  ]),
  section('o7', 'earlier triages of this alert and of its name', [
    'what a model concluded then, no facts about now; same alert first, newest first',
    '- 36 h 40 min before now, this alert, complete: "search fails 62 % of its queries: disk of es-3 at 97 %"; component "es-3", no change named; medium confidence, not checked by code',
  ]),
  result(
    'r1',
    'query_metrics_range',
    'sum by (service) (rate(http_requests_total{status=~"5..",service=~"search|cart"}[2m])) / sum by (service) (rate(http_requests_total{service=~"search|cart"}[2m]))',
    [
      RANGE,
      'result: matrix, 2 series',
      GRID,
      '{service="search"} first=0.0011 last=0.1893 min=0.0009 max=0.1893 mean=0.0701 [0.0011 0.0009 0.0012 0.0010 0.0011 0.0011 0.0871 0.1324 0.1602 0.1794 0.1893]',
      '{service="cart"} first=0.0004 last=0.0103 min=0.0003 max=0.0105 mean=0.0041 [0.0004 0.0003 0.0005 0.0004 0.0004 0.0004 0.0049 0.0098 0.0105 0.0101 0.0103]',
    ],
  ),
  result('r2', 'query_metrics', 'sum(rate(search_queries_total{service="search"}[5m]))', [
    NOW,
    'result: vector, 1 series',
    '{} 36.55',
  ]),
  result('r3', 'query_metrics', 'sum by (phase) (kube_pod_status_phase{namespace="search"})', [
    NOW,
    'result: vector, 3 series',
    '{phase="Running"} 184',
    '{phase="Pending"} 7',
    '{phase="Failed"} 0',
  ]),
  result('r4', 'query_logs', '{service="search"}', [
    'range: 2026-11-24T02:20:00Z to 2026-11-24T02:40:00Z',
    'result: lines, 7 found, oldest first',
    'common labels: {service="search"}',
    '2026-11-24T02:24:02.100Z {pod="search-a1"} level=info msg="query done" duration_ms=118 entries=37 cache_mb=210',
    '2026-11-24T02:26:40.500Z {pod="search-a1"} level=warn msg="slow query" duration_ms=1840 shards=12 entries=41',
    '2026-11-24T02:28:02.100Z {pod="search-a1"} level=warn msg="slow query" duration_ms=5152 shards=12 entries=61',
    '2026-11-24T02:29:11.000Z {pod="search-b2"} pool state (in use 12, idle 0, waiting 61), gave up after 200ms',
    '2026-11-24T02:29:12.000Z {pod="search-b2"} Scheduled 5 of 6 pods; 1 pending: 0/9 nodes have free memory',
    '2026-11-24T02:30:00.000Z {pod="search-b2"} processed 2,311 of 18,440 documents in 4m12s, 94 were dropped',
    '2026-11-24T02:34:30.000Z {pod="search-c3"} {"level":"error","msg":"shard timed out","shard":7,"timeout_ms":200,"retries":3}',
  ]),
  result('r5', 'query_metrics', 'sum by (reason) (increase(search_failures_total{service="search"}[10m]))', [
    NOW,
    'result: vector, 3 series',
    '{reason="shard_timeout"} 6184',
    '{reason="bad_query"} 88',
    '{reason="no_node"} 728',
  ]),
  result('r6', 'query_metrics_range', 'max(search_queue_depth{service="search",queue="search-jobs"})', [
    RANGE,
    'result: matrix, 1 series',
    GRID,
    '{} first=3 last=2311 min=2 max=2311 mean=702 [3 2 4 3 3 3 410 1024 1590 1980 2311]',
  ]),
  result('r7', 'query_metrics', 'sum by (pod) (rate(container_cpu_usage_seconds_total{namespace="search"}[2m]))', [
    NOW,
    'result: vector, 3 series',
    '{pod="search-a1"} 0.413',
    '{pod="search-b2"} 0.387',
    '{pod="search-c3"} 1.92',
  ]),
  result('r8', 'query_metrics_range', 'sum(go_goroutines{service="search"})', [
    RANGE,
    'result: matrix, 1 series',
    GRID,
    '{} first=412 last=322 min=322 max=418 mean=371 [412 415 418 414 409 401 377 350 341 330 322]',
  ]),
];

/** Everything that was sent of the third incident, by handle. */
export const SEARCH_SENT: ReadonlyMap<string, SentText> = new Map(TEXTS.map((text) => [text.handle, text]));
