import { Client } from 'pg';
import { loadSettings } from '../../src/config/load-settings';
import { type RunningVigil, startVigil } from '../../src/vigil';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { says } from '../stand-ins/anthropic-answer.ts';
import { until } from '../until';
import { type StandIns, startStandIns, webhookOf } from './stand-ins';
import { TOKEN } from './vigil-process';

describe('The whole program', () => {
  let world: StandIns;
  let database: TestDatabase;
  let vigil: RunningVigil;
  let sql: Client;

  beforeEach(async () => {
    world = await startStandIns();
    database = await createTestDatabase();
    sql = new Client({ connectionString: database.url });
    await sql.connect();
    vigil = await start();
  });
  afterEach(async () => {
    await vigil.stop();
    await world.stop();
    await sql.end();
    await database.drop();
  });

  const start = (over: Readonly<Record<string, string>> = {}): Promise<RunningVigil> => {
    const given = {
      api_token: TOKEN,
      database_url: database.url,
      http_port: '0',
      admin_port: '0',
      log_level: 'fatal',
      ...world.settings,
      ...over,
    };
    const env = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [`VIGIL_${name.toUpperCase()}`, value]),
    );
    const loaded = loadSettings([], { ...env, VIGIL_LEASE_SECONDS: '3', VIGIL_DRAIN_SECONDS: '1' }, () => '');
    if (loaded.kind !== 'settings') throw new Error(JSON.stringify(loaded));
    return startVigil(loaded.settings);
  };
  const call = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${vigil.httpPort}${path}`, {
      ...init,
      headers: { authorization: `bearer ${TOKEN}`, 'content-type': 'application/json' },
    });
  const post = async (fingerprint: string): Promise<string> => {
    const answer = await call('/api/v1/alerts', { method: 'POST', body: webhookOf(fingerprint) });
    expect(answer.status).toBe(202);
    return ((await answer.json()) as { accepted: string[] }).accepted[0]!;
  };
  type Seen = Record<string, unknown> & { status: string; analysis: string; conversations: { turns: unknown[] }[] };
  const see = async (id: string): Promise<Seen> => (await (await call(`/api/v1/triage/${id}`)).json()) as Seen;
  const inStatus = (id: string, status: string): Promise<Seen> =>
    until(`triage ${id} is ${status}`, async () => {
      const seen = await see(id);
      return seen.status === status ? seen : undefined;
    });

  it('takes an alert to a report, a message and a page', async () => {
    const id = await post('f1');
    const seen = await inStatus(id, 'finished');
    expect(seen).toMatchObject({ outcome: 'complete', ended_by: 'answer', tool_calls: 1 });
    const page = await fetch((seen.link as string).replace('localhost', '127.0.0.1'));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('payments is up');
    await until('the report is posted', () => world.slack.posts.length > 0);
    expect(world.slack.posts).toHaveLength(1);
  });

  it('ends a triage that crashed its worker three times, and frees its fingerprint (GV-02, F11)', async () => {
    world.anthropic.play(() => ({ fault: 'hang' }));
    const id = await post('f1');
    await inStatus(id, 'running');
    await sql.query(`UPDATE triages SET owner = 'gone', strikes = 2, lease_until = now() - interval '1 s'`);
    const seen = await inStatus(id, 'finished');
    expect(seen).toMatchObject({ outcome: 'error', ended_by: 'crashed' });
    await sql.query('TRUNCATE firings, triages CASCADE');
    expect(await post('f1')).not.toBe(id);
  });

  it('writes nothing more once another worker holds the triage (F12)', async () => {
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    world.anthropic.play(async () => {
      await held;
      return says('too late');
    });
    const id = await post('f1');
    await until('the model is asked', () => world.anthropic.journal.length > 0);
    await sql.query(`UPDATE triages SET owner = 'another', epoch = epoch + 1, lease_until = now() + interval '1 hour'`);
    await until('the call is cut', () => world.anthropic.journal[0]!.answered === 'client closed');
    answer();
    expect((await see(id)).conversations[0]!.turns).toHaveLength(1);
    expect((await sql.query('SELECT owner FROM triages')).rows).toEqual([{ owner: 'another' }]);
  });

  it('answers 503 when it could not store, and keeps nothing (GV-01, F18)', async () => {
    await sql.query(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$`);
    await sql.query(`CREATE TRIGGER full_disk BEFORE INSERT ON triages EXECUTE FUNCTION full_disk()`);
    const answer = await call('/api/v1/alerts', { method: 'POST', body: webhookOf('f1') });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await answer.json()).toMatchObject({ code: 'db.unavailable' });
    expect((await sql.query('SELECT 1 FROM firings')).rows).toEqual([]);
    await sql.query('DROP TRIGGER full_disk ON triages');
    await post('f1');
  });
});
