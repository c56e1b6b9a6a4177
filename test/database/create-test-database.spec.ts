import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from './create-test-database';

const made: TestDatabase[] = [];
afterEach(async () => {
  for (const database of made.splice(0)) await database.drop();
});

async function create(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  made.push(database);
  return database;
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

it('gives a migrated database', async () => {
  const { url } = await create();
  expect(await ask(url, 'SELECT count(*)::int AS triages FROM triages')).toEqual([{ triages: 0 }]);
});

it('gives each caller a database of its own, also those that ask at the same moment', async () => {
  const [one, two, three] = await Promise.all([create(), create(), create()]);
  await ask(one.url, 'CREATE TABLE mine (a int)');
  expect(await ask(two.url, `SELECT to_regclass('mine') AS found`)).toEqual([{ found: null }]);
  expect(await ask(three.url, `SELECT to_regclass('mine') AS found`)).toEqual([{ found: null }]);
});

it('drops a database that somebody still uses', async () => {
  const { url, drop } = await createTestDatabase();
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await drop();
  await expect(ask(url, 'SELECT 1')).rejects.toThrow('does not exist');
  await client.end().catch(() => undefined);
});
