import { Client } from 'pg';
import { migrationDataSource } from './data-source';

/** Any number that nobody else in this database uses. */
const MIGRATION_LOCK = 7_316_281_552;

/**
 * Brings the schema up to date, all pending migrations in one transaction. Of many processes that start at once one
 * migrates and the others wait: the lock is held by a transaction of a second connection, so that a killed process
 * frees it and a transaction pooler cannot lose it.
 * @returns the names of the migrations that were run
 */
export async function migrate(url: string): Promise<string[]> {
  const lock = new Client({ connectionString: url, application_name: 'vigil migrate' });
  lock.on('error', () => undefined); // a lost connection shows in the next statement; without a listener it ends the process
  await lock.connect();
  try {
    await lock.query('BEGIN');
    await lock.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const dataSource = migrationDataSource(url);
    await dataSource.initialize();
    try {
      const run = await dataSource.runMigrations({ transaction: 'all' });
      return run.map(({ name }) => name);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await lock.end();
  }
}
