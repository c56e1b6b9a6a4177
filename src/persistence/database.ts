import { Injectable } from '@nestjs/common';
import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import { DataSource } from 'typeorm';
import { Defect, Unavailable } from '../domain/errors';
import { QUERY_TIMEOUT_MS } from './data-source';
import { isConflict, isReadOnly, isUnavailable } from './postgres-errors';

/** Runs one SQL statement. */
export interface Sql {
  /** @returns the rows, also of INSERT, UPDATE and DELETE … RETURNING */
  <Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** What happens in one transaction. */
type Work<T> = (sql: Sql, ring: () => void) => Promise<T>;

const MAX_TRIES = 5;

/**
 * How long a transaction may take with all its tries, in milliseconds. Each of its statements may take what is left of
 * it: several slow ones are not to add up to more than the ten seconds after which Alertmanager gives up.
 */
const TRANSACTION_MS = 7_000;

/**
 * TypeORM's pool, with transactions that promise durability. Its query runner is left out: each statement through it
 * costs the process as much again as the driver's own work.
 */
@Injectable()
export class Database {
  constructor(private readonly dataSource: DataSource) {}

  /** One statement outside a transaction: for reads. */
  async read<Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.withClient((client) => sqlOf(client)<Row>(text, parameters));
  }

  /**
   * Runs `work` in one transaction. A conflict with another transaction runs it again, at most five times: `work` has
   * no effects but its SQL. If it rings, the other replicas hear the bell when it is committed.
   * @throws Unavailable when the database does not answer as it should. Where that was the answer to COMMIT, the
   *   transaction may have been committed: every write is idempotent by a key, or followed by a look at what is stored
   */
  async transaction<T>(work: Work<T>): Promise<T> {
    const endsMs = performance.now() + TRANSACTION_MS;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.withClient((client) => inTransaction(client, work, endsMs));
      } catch (error) {
        if (!isConflict(error)) throw error;
        if (attempt === MAX_TRIES) throw unavailable(error);
      }
    }
  }

  private withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return guarded(async () => {
      const [client, release] = await (this.dataSource.driver as unknown as PooledDriver).obtainMasterConnection();
      try {
        return await work(client);
      } finally {
        release(); // one that is broken is not used again
      }
    });
  }
}

/** TypeORM's driver for Postgres, as far as it is used here; its own type says `any`. */
interface PooledDriver {
  obtainMasterConnection(): Promise<[client: PoolClient, release: () => void]>;
}

/** Names a database that cannot answer now by our own word; every other error passes as it is. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    throw unavailable(error);
  }
}

function unavailable(cause: unknown): Unavailable {
  return new Unavailable('db.unavailable', 'The database does not answer as it should. Try again in a moment.', {
    cause,
  });
}

async function inTransaction<T>(client: PoolClient, work: Work<T>, endsMs: number): Promise<T> {
  const sql = sqlOf(client, endsMs);
  let commit = 'COMMIT';
  try {
    // A role or a pooler may have set it otherwise, and then an acknowledged commit can be lost.
    await run(client, { text: 'BEGIN; SET LOCAL synchronous_commit = on' }, endsMs);
    const result = await work(sql, () => (commit = 'NOTIFY vigil; COMMIT'));
    confirmCommitted(await run(client, { text: commit }, endsMs));
    return result;
  } catch (error) {
    await rollBack(client, error);
    throw error;
  }
}

/** Postgres answers the COMMIT of a transaction that had failed before with ROLLBACK, and that is no error. */
function confirmCommitted(answers: QueryResult | QueryResult[]): void {
  const last = [answers].flat().at(-1);
  if (last?.command !== 'COMMIT') throw new Defect('db.not_committed', 'a failed transaction was to be committed');
}

/**
 * The first error is the one to tell; a connection that is gone cannot roll back and need not. One that cannot roll back
 * is not used again, nor one to a server that is read-only since a failover: a new one finds the new primary.
 */
async function rollBack(client: PoolClient, error: unknown): Promise<void> {
  const isBack = await client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
  if (!isBack || isReadOnly(error)) void client.end();
}

function sqlOf(client: PoolClient, endsMs?: number): Sql {
  return async <Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> => {
    const { rows } = await run<Row & object>(client, { text, values: [...parameters] }, endsMs);
    return rows;
  };
}

function run<Row extends object>(client: PoolClient, query: QueryConfig, endsMs?: number): Promise<QueryResult<Row>> {
  if (endsMs === undefined) return client.query<Row>(query);
  const leftMs = Math.max(1, Math.min(QUERY_TIMEOUT_MS, endsMs - performance.now()));
  return client.query<Row>({ ...query, query_timeout: leftMs } as QueryConfig); // pg's types do not know it here
}
