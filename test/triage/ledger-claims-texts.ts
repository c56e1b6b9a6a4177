import type { SentText } from '../../src/domain/sent-texts';
import { result, section } from './sent-text-of';

/**
 * A fourth incident: ledger-db runs out of disk because its archive job fails since a credential was rotated; writers
 * wait, the nodes are well. The alert began at 17:44:30 on the 30th of October, now is 17:52.
 */
const FREE =
  'node_filesystem_avail_bytes{job="ledger-db",mountpoint="/pg"} / node_filesystem_size_bytes{job="ledger-db",mountpoint="/pg"}';
const RANGE = 'range: 2026-10-30T16:50:00Z to 2026-10-30T17:50:00Z, step 5m';
const GRID = 'values: [v v …] from 2026-10-30T16:50:00Z every 5m, _ = no sample';
const NOW = 'time: 2026-10-30T17:52:00Z';

const TEXTS: readonly SentText[] = [
  section('o1', 'the alert, as Alertmanager sent it', [
    'status: firing',
    'starts at: 2026-10-30T17:44:30Z',
    'label alertname: DiskAlmostFull',
    'label job: ledger-db',
    'label mountpoint: /pg',
    'label severity: warning',
    'annotation summary: only 9.1% of /pg are free',
    `expression: ${FREE} < 0.1`,
  ]),
  section('o2', "the alert's rule and the value of its expression, from Prometheus", [
    'rule: DiskAlmostFull, group disks in rules.yml, evaluated every 30s',
    `expression: ${FREE} < 0.1`,
    'for: 10m',
    'compared: the left side (the query below) < 0.1',
    'series: {instance="ledger-db-0:9100", job="ledger-db", mountpoint="/pg"}; the expression has 1 series at the start, of 2 on the left side',
    'at the start (2026-10-30T17:44:30Z): 0.0714 < 0.1',
    'crossed: 2026-10-30T17:34:30Z (exact to 30.0 s), 10 min before the start; the rule waits 10m of it',
    'before: median 0.3121, from 0.1004 to 0.3305, over the 2 h from 2026-10-30T15:34:30Z (120 points)',
    'since then: smallest 0.0311 at 2026-10-30T17:52:00Z',
    'now (2026-10-30T17:52:00Z): 0.0311 < 0.1, the expression holds',
    `query: ${FREE}`,
    'range: 2026-10-30T16:44:30Z to 2026-10-30T17:44:30Z, step 5m',
    'values: [0.3305 0.3122 0.2914 0.2702 0.2511 0.2304 0.2098 0.1887 0.1602 0.1311 0.1004 0.0866 0.0714] from 2026-10-30T16:44:30Z every 5m, _ = no sample',
  ]),
  section('o6', 'changes around the start of the alert', [
    'alive: changes are recorded here: 14 in the last 7 days, the last one at 2026-10-30T16:41:07Z',
    '1 change in the six hours before the start, none after it; of all services, the nearest to the start first:',
    '- config, 1 h 3 min before the start (2026-10-30T16:41:07Z), source "vault", id "rot-58", service "ledger-db", environment "prod", revision "e41d77a": Rotate the key of the archive bucket (ticket SEC-2207)',
    '    | --- a/ledger/archive.env',
    '    | +++ b/ledger/archive.env',
    '    | -ARCHIVE_RETRIES=10',
    '    | +ARCHIVE_RETRIES=2',
    '    | -ARCHIVE_BATCH=64',
    '    | +ARCHIVE_BATCH=256',
  ]),
  result('r1', 'query_metrics_range', 'pg_stat_archiver_failed_count{job="ledger-db"}', [
    RANGE,
    'result: matrix, 1 series',
    GRID,
    '{instance="ledger-db-0:9100"} first=4 last=1310 min=4 max=1310 mean=611 [4 121 242 363 480 602 720 840 961 1080 1195 1255 1310]',
  ]),
  result('r2', 'query_metrics', 'sum by (instance) (pg_wal_size_bytes{job="ledger-db"})', [
    NOW,
    'result: vector, 2 series',
    '{instance="ledger-db-0:9100"} 88046829568',
    '{instance="ledger-db-1:9100"} 2147483648',
  ]),
  result('r3', 'query_logs', '{job="ledger-db"} |= "archive"', [
    'range: 2026-10-30T16:30:00Z to 2026-10-30T17:52:00Z',
    'result: lines, 1316 found, oldest first',
    'common labels: {job="ledger-db"}',
    '2026-10-30T16:38:11.000Z {pod="ledger-db-0"} archived segment 000000010000004C in 0.412 s, 37 pending',
    '2026-10-30T16:42:00.400Z {pod="ledger-db-0"} archive command failed with exit code 255: 403 Forbidden (1309 times, last at 2026-10-30T17:51:58.000Z)',
    '2026-10-30T17:10:00.000Z {pod="ledger-db-0"} level=warn msg="wal backlog" segments=2610 size_mb=41760 oldest=28m',
    '2026-10-30T17:50:00.000Z {pod="ledger-db-0"} level=warn msg="wal backlog" segments=5220 size_mb=83520 oldest=1h8m',
    '2026-10-30T17:51:02.000Z {pod="ledger-db-1"} checkpoint complete: wrote 8192 buffers (12.5%); write=14.2 s, sync=0.31 s, total=15.9 s',
  ]),
  result(
    'r4',
    'query_metrics_range',
    'histogram_quantile(0.99, sum by (le, app) (rate(ledger_write_seconds_bucket[5m])))',
    [
      RANGE,
      'result: matrix, 2 series',
      GRID,
      '{app="ledger-api"} first=0.021 last=0.398 min=0.019 max=0.412 mean=0.132 [0.021 0.019 0.02 0.022 0.021 0.02 0.021 0.023 0.112 0.207 0.333 0.412 0.398]',
      '{app="reports"} first=0.31 last=0.32 min=0.29 max=0.34 mean=0.313 [0.31 0.3 0.29 0.32 0.31 0.34 0.31 0.3 0.32 0.31 0.31 0.32 0.32]',
    ],
  ),
  result('r5', 'query_metrics', 'count by (state) (pg_stat_activity{datname="ledger"})', [
    NOW,
    'result: vector, 3 series',
    '{state="active"} 41',
    '{state="idle"} 112',
    '{state="idle in transaction"} 6',
  ]),
  result('r6', 'query_metrics', 'sum(rate(ledger_writes_total{app="ledger-api"}[5m]))', [
    NOW,
    'result: vector, 1 series',
    '{} 812.4',
  ]),
  result('r7', 'query_metrics', 'up{job="ledger-db"}', [
    NOW,
    'result: vector, 3 series',
    '{instance="ledger-db-0:9100"} 1',
    '{instance="ledger-db-1:9100"} 1',
    '{instance="ledger-db-2:9100"} 0',
  ]),
];

/** Everything that was sent of the fourth incident, by handle. */
export const LEDGER_SENT: ReadonlyMap<string, SentText> = new Map(TEXTS.map((text) => [text.handle, text]));
