import { Client } from 'pg';
import { migrationDataSource } from '../../src/persistence/data-source';
import { migrate } from '../../src/persistence/migrate';
import { ROWS } from '../../src/persistence/rows/rows';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';

describe('The migrations', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  const query = async <Row extends object>(text: string): Promise<Row[]> => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  };
  const tables = async (): Promise<string[]> =>
    (
      await query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`)
    ).map(({ name }) => name);

  const names = async (): Promise<string[]> =>
    (await query<{ name: string }>('SELECT name FROM migrations ORDER BY timestamp')).map(({ name }) => name);

  const undoAll = async (): Promise<void> => {
    const count = (await names()).length;
    const dataSource = await migrationDataSource(database.url).initialize();
    for (let i = 0; i < count; i += 1) await dataSource.undoLastMigration();
    await dataSource.destroy();
  };

  it('go down to nothing and up again', async () => {
    const [before, all] = [await tables(), await names()];
    expect(before).toEqual(expect.arrayContaining(['firings', 'triages', 'turns', 'deliveries', 'changes', 'audit']));
    await undoAll();
    expect(await tables()).toEqual(['migrations']);
    expect(await migrate(database.url)).toEqual(all);
    expect(await tables()).toEqual(before);
    expect(await migrate(database.url)).toEqual([]);
  });

  it('are run once when five processes start at once (F63, GV-48)', async () => {
    const all = await names();
    await undoAll();
    const runs = await Promise.all(Array.from({ length: 5 }, () => migrate(database.url)));
    expect(runs.flat()).toEqual(all);
  });

  it('give every row that is read as a whole its table and its columns', async () => {
    const dataSource = await migrationDataSource(database.url).initialize();
    try {
      for (const row of ROWS) expect(await dataSource.getRepository(row).find()).toEqual([]);
    } finally {
      await dataSource.destroy();
    }
  });

  it('keep the audit insert-only', async () => {
    await query(`INSERT INTO audit (id, actor, action) VALUES ('1', 'a', 'read')`);
    await expect(query(`DELETE FROM audit`)).rejects.toThrow('insert only');
    await expect(query(`UPDATE audit SET actor = 'b'`)).rejects.toThrow('insert only');
  });
});
