import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client } from 'pg';
import { migrationDataSource } from '../../src/persistence/data-source';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { waitingStatements } from '../database/sessions';
import { type HeldTransaction, holdTransaction } from '../db/held-transaction';
import { type StandIns, startStandIns, webhookOf } from '../e2e/stand-ins';
import { startVigilInProcess } from '../e2e/vigil-in-process';
import { PROGRAM, startVigilProcess } from '../e2e/vigil-process';
import { until } from '../until';

describe('Programs that start on one database', () => {
  let database: TestDatabase;
  let world: StandIns;
  let sql: Client;
  let all: string[];
  let settings: Readonly<Record<string, string>>;
  beforeEach(async () => {
    [database, world] = await Promise.all([createTestDatabase(), startStandIns()]);
    settings = { ...world.settings, database_url: database.url };
    sql = new Client({ connectionString: database.url });
    await sql.connect();
    all = await names();
  });
  afterEach(async () => {
    await Promise.all([sql.end(), world.stop()]);
    await database.drop();
  });

  const names = async (): Promise<string[]> =>
    (await sql.query<{ name: string }>('SELECT name FROM migrations ORDER BY id')).rows.map(({ name }) => name);
  const goBack = async (migrations: number): Promise<void> => {
    const dataSource = await migrationDataSource(database.url).initialize();
    for (let i = 0; i < migrations; i += 1) await dataSource.undoLastMigration();
    await dataSource.destroy();
  };

  it.each([
    ['that has no schema yet', Infinity],
    ['that is one migration behind', 1],
  ])('%s, five at once, migrate once, and all of them serve (F63)', async (_, back) => {
    await goBack(Math.min(back, all.length));
    const vigils = await Promise.all(Array.from({ length: 5 }, () => startVigilProcess(settings)));
    try {
      expect((await names()).sort()).toEqual([...all].sort());
      const migrated = vigils.filter(({ log }) =>
        log.some((line) => line.includes('the schema was brought up to date')),
      );
      expect(migrated).toHaveLength(1);
      for (const vigil of vigils) expect((await vigil.call('/-/ready')).status).toBe(200);
    } finally {
      await Promise.all(vigils.map((vigil) => vigil.signal('SIGTERM')));
    }
  });

  it('that another one migrates, wait, and end at once when a signal says so', async () => {
    const held: HeldTransaction = await holdTransaction(
      database.url,
      'SELECT pg_advisory_xact_lock($1)',
      [7_316_281_552],
    );
    const env = Object.fromEntries(
      Object.entries({ ...settings, api_token: 't', http_port: '0', admin_port: '0' }).map(([k, v]) => [
        `VIGIL_${k.toUpperCase()}`,
        v,
      ]),
    );
    const vigil = spawn(process.execPath, [PROGRAM], { env: { PATH: process.env.PATH, ...env }, stdio: 'ignore' });
    await until('it waits', async () => (await waitingStatements(sql, 'advisory')).length === 1);
    vigil.kill('SIGTERM');
    expect(await once(vigil, 'exit')).toEqual([0, null]);
    await held.end();
  });

  it('whose schema a later release has made newer, serve on it (F64)', async () => {
    await sql.query(`INSERT INTO migrations (timestamp, name) VALUES (1999999999999, 'Later1999999999999')`);
    for (const { table } of (
      await sql.query<{ table: string }>(`SELECT tablename AS table FROM pg_tables WHERE schemaname = 'public'`)
    ).rows) {
      await sql.query(`ALTER TABLE ${table} ADD COLUMN later text, ADD COLUMN later_still integer NOT NULL DEFAULT 1`);
    }
    const vigil = await startVigilInProcess(settings);
    try {
      const { accepted } = await vigil.post(webhookOf('newer'));
      await until('the report is delivered', async () => {
        const { rows } = await sql.query(`SELECT 1 FROM deliveries WHERE subject_id = $1 AND state = 'delivered'`, [
          accepted[0],
        ]);
        return rows.length === 1;
      });
      for (const path of [`/api/v1/triage/${accepted[0]}`, '/api/v1/triage', '/api/v1/changes']) {
        expect([path, (await vigil.call(path)).status]).toEqual([path, 200]);
      }
    } finally {
      await vigil.stop();
    }
  });
});
