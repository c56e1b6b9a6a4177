import { join } from 'node:path';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { until } from '../until';
import { type StandIns, startStandIns, webhookOf } from './stand-ins';
import { runVigil, startVigilProcess, TOKEN, type VigilProcess } from './vigil-process';

jest.setTimeout(60_000);

const DOCTOR = join(__dirname, '../../dist/doctor.js');

let world: StandIns;
let database: TestDatabase;
let vigil: VigilProcess;
let settings: Record<string, string>;

beforeAll(async () => {
  [world, database] = await Promise.all([startStandIns(), createTestDatabase()]);
  const given = { ...world.settings, database_url: database.url, public_url: 'https://vigil.test', drain_seconds: '1' };
  vigil = await startVigilProcess(given);
  settings = {
    ...given,
    api_token: TOKEN,
    admin_address: '127.0.0.1',
    admin_port: new URL(vigil.adminUrl).port,
  };
});
afterAll(async () => {
  await vigil.signal('SIGKILL');
  await world.stop();
  await database.drop();
});

const doctor = (args: string[], over: Record<string, string> = {}): ReturnType<typeof runVigil> =>
  runVigil(
    args,
    { ...settings, ...over },
    { program: DOCTOR, env: { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE! } },
  );

describe('The built doctor', () => {
  it('finds nothing bad while Vigil runs, posts nothing, and tells a person so in a few lines', async () => {
    await vigil.call('/api/v1/alerts', { method: 'POST', body: webhookOf('f') });
    await until('the report', () => world.slack.posts.length === 1);
    const models = world.anthropic.journal.filter(({ path }) => path === '/v1/messages').length;
    const { code, out, err } = await doctor([]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('is ready.');
    expect(out).toContain('1 Vigil runs, and hears when work is queued.');
    expect(out.split('\n').filter((line) => !/^(ok {4}|$)/.test(line))).toEqual(['All is well.']);
    expect(world.slack.posts).toHaveLength(1);
    expect(world.anthropic.journal.filter(({ path }) => path === '/v1/messages')).toHaveLength(models);
    for (const secret of [TOKEN, settings.claude_api_key!, new URL(settings.slack_webhook_url!).pathname]) {
      expect(out).not.toContain(secret);
    }
  });

  it('tells what is bad as JSON, with exit code 1, once Vigil is killed', async () => {
    await vigil.signal('SIGKILL');
    const sql = new Client({ connectionString: database.url });
    await sql.connect();
    const left = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'vigil%'`;
    await until('the server sees the end of its connections', async () => (await sql.query(left)).rowCount === 0);
    await sql.end();
    const { code, out, err } = await doctor(['--json', '--max-cost-usd-per-day', '5']);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const findings = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(findings.filter(({ mark }) => mark !== 'ok')).toEqual([
      {
        mark: 'bad',
        about: 'not-running',
        what: expect.stringContaining('the connection was refused') as string,
        means: expect.any(String) as string,
        todo: expect.stringContaining('Start Vigil') as string,
      },
    ]);
  });

  it('tells the faults of a configuration as Vigil does, with exit code 2', async () => {
    const { code, out, err } = await doctor(['--http-prot=1'], { claude_api_key: '' });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('--claude-api-key (VIGIL_CLAUDE_API_KEY) is required');
    expect(err).toContain('did you mean --http-port?');
  });

  it('says by --help how it is used', async () => {
    const { code, out } = await doctor(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('npm run doctor -- [--json]');
    expect(out).toContain('Exit code: 0 nothing is bad, 1 something is bad, 2');
  });
});
