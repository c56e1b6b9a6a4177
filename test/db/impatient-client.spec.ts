import { type AddressInfo, createServer } from 'node:net';
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
    await client.connect();
    gate.fallSilent();
    await client.end();
  });
});

/** One message of Postgres' protocol, version 3: a letter, the length of the rest, the rest. */
function message(letter: string, rest: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + rest.length);
  return Buffer.concat([Buffer.from(letter), length, rest]);
}

describe('A connection that is ended in the breath in which it began', () => {
  it('fails the statement that comes next, and nothing else', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => {
        const goodbye = Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');
        socket.end(
          Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I')), message('E', goodbye)]),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const pool = new Pool({ connectionString: `postgres://u@127.0.0.1:${port}/d`, Client: ImpatientClient });
    const client = await pool.connect();
    await expect(client.query('SELECT 1')).rejects.toThrow('not queryable');
    client.release();
    await pool.end();
    server.close();
  });
});
