import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource, type DataSourceOptions, type Logger, type MigrationInterface } from 'typeorm';
import { ImpatientClient } from './impatient-client';
import { ROWS } from './rows/rows';

/** Beside `src` and `dist` alike. */
const MIGRATIONS = join(__dirname, '..', '..', 'migrations');

/**
 * How long one statement may take, in milliseconds. Alertmanager gives up on an answer after 10 s (its client's deadline
 * is the larger of that and group_interval): the intake answers 503 well before that.
 */
const STATEMENT_TIMEOUT_MS = 4_500;

/**
 * After this a server that has not answered will not: it would have cut the statement off itself. Its process is stopped,
 * or the network swallows what it says. In milliseconds.
 */
export const QUERY_TIMEOUT_MS = 5_000;

/** A connection whose other end has vanished is found out while nobody uses it, and not by the next who does. */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const;

/** TypeORM's options for Vigil's database. Never `synchronize`: the schema is the migrations'. */
export function dataSourceOptions(url: string): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities: ROWS,
    synchronize: false,
    logging: false, // statements would carry arguments
    extra: {
      ...KEEP_ALIVE,
      Client: ImpatientClient,
      max: 16,
      // Below the two seconds in which the intake answers that it could not store.
      connectionTimeoutMillis: 1_800,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      lock_timeout: 4_000,
      // A process that is stopped inside a transaction keeps its locks for so long.
      idle_in_transaction_session_timeout: 5_000,
      application_name: 'vigil',
    },
  };
}

/** What fails is thrown, and told by the program's own log; TypeORM's prints failed migrations whatever it is told. */
const SILENT: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

/** A connection of its own for migrations: they may take longer than a statement of the service may. */
export function migrationDataSource(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: ROWS,
    migrations: migrations(),
    synchronize: false,
    logger: SILENT,
    extra: { ...KEEP_ALIVE, max: 1, connectionTimeoutMillis: 10_000, application_name: 'vigil migrate' },
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
