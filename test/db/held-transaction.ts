import { Client } from 'pg';
import { until } from '../until';
import type { Adapters } from './adapters';

/** A transaction that has run one statement and keeps what it locked, until its end. */
export interface HeldTransaction {
  end(): Promise<void>;
}

export async function holdTransaction(url: string, sql: string, parameters: unknown[]): Promise<HeldTransaction> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('BEGIN');
  await client.query(sql, parameters);
  let ended: Promise<void> | undefined;
  return { end: () => (ended ??= client.query('COMMIT').then(() => client.end())) };
}

/** Waits until so many sessions of the database wait for a lock. */
export async function waitingForLocks(db: Adapters, count: number): Promise<void> {
  await until(`${count} sessions wait for a lock`, async () => {
    const rows = await db.sql(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.length >= count;
  });
}
