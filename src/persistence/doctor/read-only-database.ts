import { Pool } from 'pg';
import type { Sql } from '../database';

/** A few of the server's connections, for a moment: what is looked at must not suffer from it. */
const MOST_CONNECTIONS = 4;
const CONNECT_MS = 4_000;

/** Answers questions; every one of them in a transaction that cannot write. */
export class ReadOnlyDatabase {
  private readonly pool: Pool;

  constructor(url: string) {
    this.pool = new Pool({
      connectionString: url,
      max: MOST_CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: CONNECT_MS,
      application_name: 'vigil doctor',
    });
    this.pool.on('error', () => undefined); // the next question tells; without a listener it ends the process
  }

  /** Set in the transaction: a transaction pooler refuses or shares what is set for a session. */
  async ask<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      await client.query(
        `BEGIN TRANSACTION READ ONLY; SET LOCAL statement_timeout = '3s'; SET LOCAL lock_timeout = '1s'`,
      );
      return await work(async <Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> => {
        const { rows } = await client.query<Row & object>(text, [...parameters]);
        return rows;
      });
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      if (!failure) await client.query('ROLLBACK').catch(() => undefined);
      client.release(failure); // one that failed is closed, and its transaction with it
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
