import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrationDataSource } from '../../src/persistence/data-source';
import { migrate } from '../../src/persistence/migrate';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { until } from '../until';
import { type HeldTransaction, holdTransaction } from './held-transaction';

/** What the program runs at its start, in a process of its own. */
const MIGRATE = `require(${JSON.stringify(join(__dirname, '../../dist/persistence/migrate.js'))}).migrate(process.argv[1])`;
/** What must be undone so that the newest migration but those adds to a table. */
const NEEDED_USD = 'MoneyNeeded1795620000000';

describe('The migrations of a release, on a database that is some behind', () => {
  let database: TestDatabase;
  let sql: Client;
  let all: string[];
  let behind: string[];
  beforeEach(async () => {
    database = await createTestDatabase();
    sql = new Client({ connectionString: database.url });
    await sql.connect();
    all = await names();
    const dataSource = await migrationDataSource(database.url).initialize();
    do await dataSource.undoLastMigration();
    while ((await names()).includes(NEEDED_USD));
    await dataSource.destroy();
    behind = all.slice((await names()).length);
  });
  afterEach(async () => {
    await sql.end();
    await database.drop();
  });

  const names = async (): Promise<string[]> =>
    (await sql.query<{ name: string }>('SELECT name FROM migrations ORDER BY timestamp')).rows.map(({ name }) => name);
  const columns = async (): Promise<unknown[]> =>
    (
      await sql.query(
        `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`,
      )
    ).rows;
  /** ALTER TABLE waits for it. */
  const holdTriages = (): Promise<HeldTransaction> =>
    holdTransaction(database.url, 'LOCK TABLE triages IN ACCESS SHARE MODE', []);
  const waitingForLock = (event: 'advisory' | 'relation', count = 1): Promise<true> =>
    until(`${count} wait for the lock`, async () => {
      const { rows } = await sql.query(
        `SELECT 1 FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'vigil migrate' AND wait_event = $1`,
        [event],
      );
      return rows.length === count;
    });

  it('are run once when five processes start at once (F63)', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => migrate(database.url)));
    expect(runs.flat()).toEqual(behind);
    expect(await names()).toEqual(all);
  });

  it('leave the schema as it was where the process is killed in their middle; one that waits meanwhile runs them then (F65)', async () => {
    const before = await columns();
    const held = await holdTriages();
    const killed = spawn(process.execPath, ['-e', MIGRATE, database.url], { stdio: 'ignore' });
    await waitingForLock('relation');
    const next = migrate(database.url);
    await waitingForLock('advisory');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    // Its session still waits, and still holds the lock: nobody migrates beside it.
    await waitingForLock('advisory');
    expect(await columns()).toEqual(before);
    await held.end();
    expect(await next).toEqual(behind);
    expect(await names()).toEqual(all);
  });

  it('are rolled back as a whole where a statement of the last one fails, and run when that is put right (F65)', async () => {
    await sql.query('ALTER TABLE triages ADD COLUMN needed_usd text'); // somebody's own
    const before = await columns();
    await expect(migrate(database.url)).rejects.toThrow('already exists');
    expect([await columns(), await names()]).toEqual([before, all.slice(0, -behind.length)]);
    await sql.query('ALTER TABLE triages DROP COLUMN needed_usd');
    expect(await migrate(database.url)).toEqual(behind);
  });

  it('do not wait for ever for a table that somebody holds: the start fails, and the next one may succeed', async () => {
    const held = await holdTriages();
    await expect(migrate(database.url)).rejects.toThrow('lock timeout');
    await held.end();
    expect(await migrate(database.url)).toEqual(behind);
  }, 15_000);

  it("are not cut short by limits that are meant for other work of the role, nor is another's wait for them", async () => {
    const role = new URL(database.url).username;
    const name = new URL(database.url).pathname.slice(1);
    await sql.query(`ALTER ROLE ${role} IN DATABASE ${name} SET statement_timeout = '300ms'`);
    await sql.query(`ALTER ROLE ${role} IN DATABASE ${name} SET lock_timeout = '300ms'`);
    const held = await holdTriages();
    const [one, other] = [migrate(database.url), migrate(database.url)];
    await waitingForLock('relation');
    await sql.query('SELECT pg_sleep(0.6)');
    await held.end();
    expect((await Promise.all([one, other])).flat()).toEqual(behind);
  });

  it('of a later release that have been run are left alone', async () => {
    await migrate(database.url);
    await sql.query(`INSERT INTO migrations (timestamp, name) VALUES (1999999999999, 'Later1999999999999')`);
    await sql.query('CREATE TABLE later (a int)');
    expect(await migrate(database.url)).toEqual([]);
  });
});
