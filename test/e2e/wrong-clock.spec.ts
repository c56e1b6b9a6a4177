import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { says } from '../stand-ins/anthropic-answer.ts';
import { until } from '../until';
import { type StandIns, startStandIns, webhookOf } from './stand-ins';
import { startVigilProcess, type VigilProcess } from './vigil-process';

const LEASE_SECONDS = 2;

/** Runs inside the program: the wall clock of its process is wrong by so many hours, from the start on. */
const clockWrongBy = (hours: number): string =>
  `data:text/javascript,const R=Date;globalThis.Date=class extends R{constructor(...a){super(...(a.length?a:[R.now()%2B${hours}*36e5]))}static now(){return R.now()%2B${hours}*36e5}}`;

describe('Two replicas whose clocks are an hour behind and an hour ahead', () => {
  let database: TestDatabase;
  let sql: Client;
  let world: StandIns;
  const replicas: VigilProcess[] = [];
  let answer = (): void => undefined;

  beforeAll(async () => {
    database = await createTestDatabase();
    sql = new Client({ connectionString: database.url });
    await sql.connect();
    const held = new Promise<void>((resolve) => (answer = resolve));
    world = await startStandIns(async () => {
      await held;
      return says('Nothing is wrong.');
    });
    const settings = { ...world.settings, database_url: database.url, lease_seconds: String(LEASE_SECONDS) };
    const start = (hours: number): Promise<VigilProcess> =>
      startVigilProcess(settings, {}, ['--import', clockWrongBy(hours)]);
    replicas.push(...(await Promise.all([start(-1), start(1)])));
  });
  afterAll(async () => {
    await Promise.all(replicas.map((vigil) => vigil.signal('SIGKILL')));
    await Promise.all([sql.end(), world.stop()]);
    await database.drop();
  });

  const rows = async (): Promise<{ owner: string; attempts: number; strikes: number; until_ms: number }[]> =>
    (
      await sql.query<{ owner: string; attempts: number; strikes: number; until_ms: number }>(
        `SELECT owner, attempts, strikes, (extract(epoch FROM lease_until) * 1000)::float8 AS until_ms FROM triages
         WHERE status = 'running' ORDER BY id`,
      )
    ).rows;

  it('take nothing from each other before its lease has run out, and take alerts that begin in the future (F58)', async () => {
    // Each of them says of the other's time that it is wrong: the log shows that the clocks are.
    const hours = replicas.map(({ log }) =>
      Date.parse((JSON.parse(log.find((l) => l[0] === '{')!) as { time: string }).time),
    );
    expect(Math.round((hours[1]! - hours[0]!) / 3_600_000)).toBe(2);

    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    for (const [i, fingerprint] of ['now', 'later'].entries()) {
      const over = i === 0 ? { startsAt: new Date().toISOString() } : { startsAt: inAnHour };
      const body = webhookOf(fingerprint, over);
      expect((await replicas[i]!.call('/api/v1/alerts', { method: 'POST', body })).status).toBe(202);
    }
    const first = await until('both are under way', async () => {
      const found = await rows();
      return found.length === 2 && world.anthropic.journal.length === 2 && found;
    });
    // Twice as long as a lease, by the only clock that counts.
    const later = await until('the leases are renewed for some time', async () => {
      const found = await rows();
      return found.every(({ until_ms }, i) => until_ms > first[i]!.until_ms + 2 * LEASE_SECONDS * 1000) && found;
    });
    for (const [i, { owner, attempts, strikes }] of later.entries())
      expect({ owner, attempts, strikes }).toEqual({ owner: first[i]!.owner, attempts: 1, strikes: 0 });

    answer();
    await until('both are finished', async () => {
      const { rows: ended } = await sql.query(`SELECT outcome FROM triages WHERE status = 'finished'`);
      return ended.length === 2;
    });
    expect((await sql.query('SELECT attempts, strikes FROM triages')).rows).toEqual([
      { attempts: 1, strikes: 0 },
      { attempts: 1, strikes: 0 },
    ]);
  });
});
