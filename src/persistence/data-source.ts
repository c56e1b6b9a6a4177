import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource, type DataSourceOptions, type MigrationInterface } from 'typeorm';
import { ROWS } from './rows/rows';

/** Beside `src` and `dist` alike. */
const MIGRATIONS = join(__dirname, '..', '..', 'migrations');

/**
 * How long one statement may take, in milliseconds. Alertmanager gives up on an answer after 10 s (its client's deadline
 * is the larger of that and group_interval): the intake answers 503 well before that.
 */
const STATEMENT_TIMEOUT_MS = 4_500;

/** TypeORM's options for Vigil's database. Never `synchronize`: the schema is the migrations'. */
export function dataSourceOptions(url: string): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities: ROWS,
    synchronize: false,
    logging: false, // statements would carry arguments
    extra: {
      max: 16,
      // Below the two seconds in which the intake answers that it could not store.
      connectionTimeoutMillis: 1_800,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: 4_000,
      idle_in_transaction_session_timeout: 15_000,
      application_name: 'vigil',
    },
  };
}

/** A connection of its own for migrations: they may take longer than a statement of the service may. */
export function migrationDataSource(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: ROWS,
    migrations: migrations(),
    migrationsTransactionMode: 'all',
    synchronize: false,
    logging: false,
    extra: { max: 2, lock_timeout: 5_000, application_name: 'vigil migrate' },
  });
}

type MigrationClass = new () => MigrationInterface;

function migrations(): MigrationClass[] {
  const files = readdirSync(MIGRATIONS).filter((file) => file.endsWith('.js'));
  return files
    .sort()
    .flatMap((file) => Object.values(require(join(MIGRATIONS, file)) as Record<string, MigrationClass>));
}

/** The names of this program's migrations, in their order. */
export function migrationNames(): string[] {
  return migrations().map((Migration) => new Migration().name ?? Migration.name);
}
