import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { runVigil } from './vigil-process';

const SETTINGS = {
  api_token: 't',
  claude_api_key: 'k',
  prometheus_endpoint: 'http://127.0.0.1:9',
  http_port: '0',
  admin_port: '0',
};

/** Takes connections and says nothing. */
const deaf = createServer((socket) => socket.on('error', () => undefined));
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  deaf.listen(0, '127.0.0.1');
  await once(deaf, 'listening');
});
afterAll(async () => {
  deaf.close();
  await database.drop();
});

/** The test server's address, with something else in it. */
const addressWith = (change: (url: URL) => void): string => {
  const url = new URL(database.url);
  change(url);
  return url.href;
};

describe('A start that cannot use its database ends with 1, one line without a stack, and what to do', () => {
  it.concurrent.each<[string, () => string, string]>([
    [
      'nobody listens',
      () => addressWith((url) => (url.port = '1')),
      'the connection was refused. Check that Postgres runs',
    ],
    [
      'it never answers',
      () => addressWith((url) => (url.port = String((deaf.address() as AddressInfo).port))),
      'it does not answer in time. Check that Postgres runs',
    ],
    [
      'there is no such database',
      () => addressWith((url) => (url.pathname = '/not_there')),
      'it has no database of this name. Create the database, or correct database-url.',
    ],
  ])('%s', async (_what, url, words) => {
    const { code, out, err } = await runVigil([], { ...SETTINGS, database_url: url() });
    expect(err).toBe('');
    const lines = out.trim().split('\n');
    expect(lines).toHaveLength(1);
    const { level, msg, ...rest } = JSON.parse(lines[0]!) as Record<string, unknown>;
    expect([level, msg]).toEqual(['fatal', expect.stringContaining(`The database cannot be used: ${words}`)]);
    expect(Object.keys(rest)).toEqual(['time']);
    expect(code).toBe(1);
  });
});
