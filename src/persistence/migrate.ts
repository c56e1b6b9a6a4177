import { MigrationExecutor, type DataSource, TypeORMError } from 'typeorm';
import { migrationDataSource } from './data-source';
import { DatabaseUnreached } from './database-unreached';

/** Any number that nobody else in this database uses. */
const MIGRATION_LOCK = 7_316_281_552;

/**
 * Brings the schema up to date, all pending migrations in one transaction. Of many processes that start at once one
 * migrates and the others wait. The lock is this very transaction's: a session of a killed process that still works on a
 * long statement keeps it until that is rolled back, and a transaction pooler cannot lose it. Migrations of a later release
 * that have been run are none of this one's business.
 * @returns the names of the migrations that were run
 * @throws DatabaseUnreached when no connection to it can be made
 */
export async function migrate(url: string): Promise<string[]> {
  const dataSource = await migrationDataSource(url)
    .initialize()
    .catch((error: unknown) => {
      throw error instanceof TypeORMError ? error : new DatabaseUnreached(error);
    });
  try {
    return await migrateUnderLock(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function migrateUnderLock(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction('READ COMMITTED'); // what another process has committed meanwhile is seen
    // The wait for another process is as long as its migration; a role's own limits are meant for other work.
    await runner.query('SET LOCAL lock_timeout = 0');
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await runner.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    // The service's statements queue behind a lock that is waited for here.
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    const run = await new MigrationExecutor(dataSource, runner).executePendingMigrations();
    await runner.commitTransaction();
    return run.map(({ name }) => name);
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}
