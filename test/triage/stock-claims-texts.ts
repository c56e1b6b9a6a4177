import type { SentText } from '../../src/domain/sent-texts';
import { result, section as sectionOf } from './sent-text-of';

/**
 * A sixth incident, by hand: orders wait for the connections of one pool since a flag made each of them hold two; a
 * release that came before it and was rolled back is innocent. The alert began at 15:25:44, now is 15:43:31.
 */
const now = new Date('2026-11-25T15:43:31Z');

const section = (handle: string, source: string, lines: readonly string[]): SentText => ({
  ...sectionOf(handle, source, lines),
  now,
});

const AT = 'time: 2026-11-25T15:43:00Z';
const RANGE = 'range: 2026-11-25T15:15:00Z to 2026-11-25T15:40:00Z, step 5m';
const GRID = 'values: [v v …] from 2026-11-25T15:15:00Z every 5m, _ = no sample';
const WAIT = 'histogram_quantile(0.9, sum by (le) (rate(order_duration_seconds_bucket[2m])))';

const TEXTS: readonly SentText[] = [
  section('o1', 'the alert, as Alertmanager sent it', [
    'status: firing',
    'starts at: 2026-11-25T15:25:44Z',
    'label alertname: OrdersSlow',
    'label service: orders',
    `expression: ${WAIT} > 0.25 and max by (pool) (db_pool_waiting) > 0`,
  ]),
  section('o2', "the alert's rule and the value of its expression, from Prometheus", [
    'rule: OrdersSlow, group shop in rules.yml, evaluated every 20s',
    `expression: ${WAIT} > 0.25 and max by (pool) (db_pool_waiting) > 0`,
    'compared: the left side (the query below) > 0.25',
    'and max by (pool) (db_pool_waiting) > 0: 10 at the start, 14 now',
    'at the start (2026-11-25T15:25:44Z): 0.273 > 0.25',
    'crossed: 2026-11-25T15:24:24Z (exact to 20.0 s), 1 min 20 s before the start; the rule waits 1m of it',
    'before: median 0.002115, from 0.0019 to 0.0024, over the 1 h from 2026-11-25T14:24:24Z (180 points)',
    'since then: largest 0.418 at 2026-11-25T15:38:24Z',
    'now (2026-11-25T15:43:31Z): 0.361 > 0.25, the expression holds',
    `query: ${WAIT}`,
  ]),
  section('o6', 'changes around the start of the alert', [
    '4 changes in the six hours before the start, none after it:',
    '- flag, 3 min 0 s before the start (2026-11-25T15:22:44Z), source "flagd", id "f-12", service "orders": Two connections per order for everybody',
    '- deploy, 3 min 21.3 s before the start (2026-11-25T15:22:22.7Z), source "argocd", id "91", service "orders", version "1.4.2", revision "8e15b92": Roll back orders to 1.4.2',
    '- deploy, 3 min 32.6 s before the start (2026-11-25T15:22:11.4Z), source "argocd", id "90", service "orders", version "1.5.0", revision "c07d4aa": Deploy orders 1.5.0',
    '- commit, 9 min 31 s before the start (2026-11-25T15:16:13Z), source "github", id "c07d4aa", service "orders", revision "c07d4aa": Audit trigger for orders',
  ]),
  result('r1', 'query_metrics_range', 'sum by (service) (rate(process_cpu_seconds_total[2m]))', [
    RANGE,
    'result: matrix, 2 series',
    GRID,
    '{service="stock"} first=0.3556 last=0.9081 min=0.3457 max=0.9297 mean=0.6 [0.3556 0.3457 0.36 0.91 0.9297 0.9081]',
    '{service="orders"} first=0.21 last=0.22 min=0.2 max=0.23 mean=0.215 [0.21 0.2 0.22 0.23 0.21 0.22]',
  ]),
  result('r2', 'query_metrics', 'sum by (service, status) (increase(http_requests_total[10m]))', [
    AT,
    'result: vector, 4 series',
    '{service="checkout", status="200"} 8312',
    '{service="checkout", status="502"} 3106',
    '{service="orders", status="200"} 5948',
    '{service="orders", status="500"} 3071',
  ]),
  result('r3', 'query_metrics', 'max by (pool) (db_pool_in_use)', [
    AT,
    'result: vector, 2 series',
    '{pool="stock"} 18',
    '{pool="ledger"} 7',
  ]),
  result('r4', 'query_logs', '{service=~"orders|checkout"} |= "trace"', [
    'range: 2026-11-25T15:15:00Z to 2026-11-25T15:43:00Z',
    'result: lines, 5 found, oldest first',
    '2026-11-25T15:18:02.100Z {service="orders"} level=info msg="service started" version=1.5.0',
    '2026-11-25T15:23:07.900Z {service="checkout"} level=info msg="service started" version=3.0.1',
    '2026-11-25T15:26:04.019Z {service="orders"} level=error msg="no connection" trace=8e68cf11adfef7df',
    '2026-11-25T15:26:04.164Z {service="checkout"} level=error msg="orders failed" trace=8e68cf11adfef7df',
    '2026-11-25T15:26:09.500Z {service="orders"} level=error msg="no connection" trace=1b20aa93c0ffee12',
  ]),
  result('r5', 'query_metrics', 'sum by (service) (up == bool 0)', [
    AT,
    'result: vector, 3 series',
    '{service="gateway"} 1',
    '{service="orders"} 0',
    '{service="checkout"} 0',
  ]),
  result('r6', 'query_metrics_range', 'sum by (service) (count_over_time({level="error"}[5m]))', [
    RANGE,
    'result: matrix, 1 series',
    GRID,
    '{service="orders"} first=2 last=92 min=1 max=95 mean=45 [2 1 49 88 95 92]',
  ]),
  result('r7', 'query_metrics_range', 'max by (pool) (db_pool_in_use / db_pool_size)', [
    'range: 2026-11-25T15:39:00Z to 2026-11-25T15:40:30Z, step 17s',
    'result: matrix, 1 series',
    'values: [v v …] from 2026-11-25T15:39:00Z every 17s, _ = no sample',
    '{pool="stock"} first=0.8 last=1 min=0.8 max=1 mean=0.95 [0.8 0.9 1 1 1 1]',
  ]),
  result('r8', 'query_metrics', 'predict_linear(process_resident_memory_bytes{service="stock"}[10m], 600)', [
    AT,
    'result: vector, 1 series',
    '{service="stock"} 1057000000',
  ]),
  result('r9', 'query_metrics', 'max by (database) (db_connections / db_connections_max)', [
    AT,
    'result: vector, 2 series',
    '{database="orders-db"} 0.6',
    '{database="stock-db"} 0.9',
  ]),
];

/** Everything that was sent of the sixth incident, by handle. */
export const STOCK_SENT: ReadonlyMap<string, SentText> = new Map(TEXTS.map((text) => [text.handle, text]));
