import { Pool } from 'pg';
import type { PoolClient } from 'pg';
import { Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { readSettings } from './service-settings.ts';
import type { ServiceSettings } from './service-settings.ts';
import { startService } from './service.ts';
import type { Outcome } from './service.ts';
import { askUpstream } from './upstream.ts';

/* Orders: has payments charge the customer, and keeps the order in Postgres. One fault is written into it: the flag split_shipments. */

const settings = readSettings<ServiceSettings & { readonly paymentsUrl: string; readonly databaseUrl: string }>();

const DATABASE = 'orders-db';
const POOL_SIZE = 10;
const CONNECTION_TIMEOUT_MS = 1_000;
const SLOW_QUERY_MS = 200;
const INSERT = 'INSERT INTO orders (customer, amount_cents) VALUES ($1, $2)';

const pool = new Pool({
  connectionString: settings.databaseUrl,
  max: POOL_SIZE,
  connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
  application_name: 'orders',
});
pool.on('error', () => undefined); // an idle connection that broke; the next request says what is wrong

/** The flag's code takes a connection for the shipments, and does not give it back. */
const forgotten: PoolClient[] = [];
/** Of so many orders one is split. */
const ONE_SPLIT_OF = 4;
let placed = 0;

startService(
  settings,
  ({ registry, flags, log }) => {
    const queries = databaseMetrics(registry);
    const keepOrder = async (traceId: string): Promise<Outcome> => {
      const client = await pool.connect().catch(() => undefined);
      if (!client) {
        const { inUse, waiting } = poolState();
        const msg = `no database connection within ${CONNECTION_TIMEOUT_MS} ms: ${inUse} of ${POOL_SIZE} in use, ${waiting} requests wait`;
        return { status: 503, msg, fields: { database: DATABASE } };
      }
      placed += 1;
      const from = performance.now();
      try {
        await client.query(INSERT, [`c${placed % 1000}`, 100 + (placed % 9000)]);
      } catch (error) {
        return { status: 500, msg: `order not kept: ${(error as Error).message}`, fields: { database: DATABASE } };
      } finally {
        const ms = performance.now() - from;
        queries.observe({ database: DATABASE }, ms / 1000);
        if (ms > SLOW_QUERY_MS) {
          log.log('warn', `slow query: ${Math.round(ms)} ms for ${INSERT}`, { trace_id: traceId, database: DATABASE });
        }
        if (flags.has('split_shipments') && placed % ONE_SPLIT_OF === 0) forgotten.push(client);
        else client.release();
      }
      return { status: 200 };
    };
    return {
      '/orders': async (call) => {
        const { ok, what } = await askUpstream('payments', `${settings.paymentsUrl}/charges`, call);
        if (ok) return keepOrder(call.traceId);
        return { status: 502, msg: `order not placed: ${what}`, fields: { upstream: 'payments' } };
      },
    };
  },
  () => {
    for (const client of forgotten.splice(0)) client.release();
  },
);

function poolState(): { inUse: number; waiting: number } {
  return { inUse: pool.totalCount - pool.idleCount, waiting: pool.waitingCount };
}

function databaseMetrics(registry: Registry): Histogram {
  const gauge = (name: string, help: string, value: () => number): void =>
    void new Gauge({
      name,
      help,
      labelNames: ['database'],
      registers: [registry],
      collect() {
        this.labels(DATABASE).set(value());
      },
    });
  gauge('db_pool_size', 'Connections that the pool may open.', () => POOL_SIZE);
  gauge('db_pool_in_use', 'Connections that are given out.', () => poolState().inUse);
  gauge('db_pool_waiting', 'Requests that wait for a connection.', () => poolState().waiting);
  return new Histogram({
    name: 'db_query_duration_seconds',
    help: 'How long the database took.',
    labelNames: ['database'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2],
    registers: [registry],
  });
}
