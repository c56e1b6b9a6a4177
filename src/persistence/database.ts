import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { Unavailable } from '../domain/errors';
import { isConflict, isUnavailable } from './postgres-errors';

/** Runs one SQL statement. */
export interface Sql {
  /** @returns the rows, also of INSERT, UPDATE and DELETE … RETURNING */
  <Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** What happens in one transaction. */
type Work<T> = (sql: Sql, ring: () => void) => Promise<T>;

const MAX_TRIES = 5;

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
   * @throws Unavailable when the database does not answer as it should
   */
  async transaction<T>(work: Work<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.withClient((client) => inTransaction(client, work));
      } catch (error) {
        if (!isConflict(error)) throw error;
        if (attempt === MAX_TRIES) throw unavailable(error);
      }
    }
  }

  private withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return guarded(async () => {
      const [client, release] = await (this.dataSource.driver as unknown as PooledDriver).obtainMasterConnection();
      // The statement under way fails too, and tells; without a listener the event ends the process.
      client.on('error', ignored);
      try {
        return await work(client);
      } finally {
        client.off('error', ignored);
        release(); // one that is broken is not used again
      }
    });
  }
}

/** TypeORM's driver for Postgres, as far as it is used here; its own type says `any`. */
interface PooledDriver {
  obtainMasterConnection(): Promise<[client: PoolClient, release: () => void]>;
}

const ignored = (): void => undefined;

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

async function inTransaction<T>(client: PoolClient, work: Work<T>): Promise<T> {
  let commit = 'COMMIT';
  try {
    // A role or a pooler may have set it otherwise, and then an acknowledged commit can be lost.
    await client.query('BEGIN; SET LOCAL synchronous_commit = on');
    const result = await work(sqlOf(client), () => (commit = 'NOTIFY vigil; COMMIT'));
    await client.query(commit);
    return result;
  } catch (error) {
    // The first error is the one to tell; a connection that is gone cannot roll back and need not.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function sqlOf(client: PoolClient): Sql {
  return async <Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> => {
    const { rows } = await client.query<Row & object>(text, [...parameters]);
    return rows;
  };
}
