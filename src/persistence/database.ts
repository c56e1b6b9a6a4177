import { Injectable } from '@nestjs/common';
import { DataSource, type QueryRunner } from 'typeorm';
import { Unavailable } from '../domain/errors';
import { isConflict, isUnavailable } from './postgres-errors';

/** Runs one SQL statement. */
export interface Sql {
  /** @returns the rows, also of INSERT, UPDATE and DELETE … RETURNING */
  <Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

const MAX_TRIES = 5;

/** The pool, with transactions that promise durability. */
@Injectable()
export class Database {
  constructor(private readonly dataSource: DataSource) {}

  /** One statement outside a transaction: for reads. */
  async read<Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.withRunner((runner) => sqlOf(runner)<Row>(text, parameters));
  }

  /**
   * Runs `work` in one transaction. A conflict with another transaction runs it again, at most five times: `work` has
   * no effects but its SQL.
   * @throws Unavailable when the database does not answer as it should
   */
  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.withRunner((runner) => inTransaction(runner, work));
      } catch (error) {
        if (!isConflict(error)) throw error;
        if (attempt === MAX_TRIES) throw unavailable(error);
      }
    }
  }

  private withRunner<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    return guarded(async () => {
      const runner = this.dataSource.createQueryRunner();
      try {
        return await work(runner);
      } finally {
        await runner.release();
      }
    });
  }
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

async function inTransaction<T>(runner: QueryRunner, work: (sql: Sql) => Promise<T>): Promise<T> {
  await runner.startTransaction();
  try {
    // A role or a pooler may have set it otherwise, and then an acknowledged commit can be lost.
    await runner.query('SET LOCAL synchronous_commit = on');
    const result = await work(sqlOf(runner));
    await runner.commitTransaction();
    return result;
  } catch (error) {
    // The first error is the one to tell; a connection that is gone cannot roll back and need not.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

function sqlOf(runner: QueryRunner): Sql {
  return async <Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> => {
    const { records } = await runner.query(text, [...parameters], true);
    return (records ?? []) as Row[];
  };
}
