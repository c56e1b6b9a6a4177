import type { Client } from 'pg';
import { until } from '../until';

type Sql = Pick<Client, 'query'>;

/** Ends the sessions of all others with this database. */
export async function endSessions(sql: Sql): Promise<void> {
  await sql.query(`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`);
}

/** Waits until a killed process has no session left: what it had begun is committed or rolled back by then. */
export async function noSessionLeft(sql: Sql): Promise<void> {
  await until('the killed process has no session left', async () => {
    const { rows } = await sql.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    return rows.length === 0;
  });
}

/** The statements of this database that wait so now: `PgSleep`, `advisory`. */
export async function waitingStatements(sql: Sql, waitEvent: string): Promise<string[]> {
  const { rows } = await sql.query<{ query: string }>(
    `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event = $1`,
    [waitEvent],
  );
  return rows.map(({ query }) => query);
}
