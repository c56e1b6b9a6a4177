import { Pool } from 'pg';
import { ImpatientClient } from '../../src/persistence/impatient-client';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { startTcpGate, type TcpGate } from '../e2e/tcp-gate';

describe('A connection whose server is silent', () => {
  let database: TestDatabase;
  let gate: TcpGate;
  let pool: Pool;
  beforeEach(async () => {
    database = await createTestDatabase();
    const url = new URL(database.url);
    gate = await startTcpGate(Number(url.port));
    url.port = String(gate.port);
    pool = new Pool({ connectionString: url.href, Client: ImpatientClient, max: 1, query_timeout: 300 });
  });
  afterEach(async () => {
    await pool.end();
    await gate.close();
    await database.drop();
  });

  it('fails its statement, also one that undoes it, and is not used again: the next one is answered', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    gate.fallSilent();
    await expect(client.query('SELECT 1')).rejects.toThrow('Query read timeout');
    const begunMs = performance.now();
    await expect(client.query('ROLLBACK')).rejects.toThrow('not queryable');
    expect(performance.now() - begunMs).toBeLessThan(300); // it does not wait in vain itself
    client.release();
    gate.speak();
    expect((await pool.query('SELECT 2 AS n')).rows).toEqual([{ n: 2 }]);
  });

  it('gives nobody an answer that comes late', async () => {
    await expect(pool.query('SELECT 1 AS n, pg_sleep(1)')).rejects.toThrow('Query read timeout');
    expect((await pool.query('SELECT 2 AS n')).rows).toEqual([{ n: 2 }]);
  });

  it('can be ended: nobody waits for a farewell', async () => {
    const client = new ImpatientClient({ connectionString: `${database.url.replace(/:\d+\//, `:${gate.port}/`)}` });
    client.on('error', () => undefined);
    await client.connect();
    gate.fallSilent();
    await client.end();
  });
});
