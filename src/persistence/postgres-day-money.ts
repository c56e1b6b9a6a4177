import { Injectable } from '@nestjs/common';
import { DayMoney } from '../llm/ports/day-money';
import { Database, type Sql } from './database';

/**
 * A row for each worker and UTC day, added to by the transaction that records an answer: as exact as the record, and few
 * rows to read before each call. With one row for all, a process that is stopped inside its transaction would hold up the
 * answers of all replicas. Every transaction takes it last, so that the wait for it is as short as a commit.
 */
@Injectable()
export class PostgresDayMoney extends DayMoney {
  constructor(private readonly database: Database) {
    super();
  }

  async spentUsd(): Promise<number> {
    return spentToday((text, parameters) => this.database.read(text, parameters));
  }
}

export async function spentToday(sql: Sql): Promise<number> {
  const [row] = await sql<{ spent: number }>(
    `SELECT COALESCE(sum(spent_usd), 0)::float8 AS spent FROM money_days WHERE day = (now() AT TIME ZONE 'UTC')::date`,
  );
  return row!.spent;
}

/** Counts an answer on the day of its record. */
export async function spend(sql: Sql, owner: string, usd: number): Promise<void> {
  if (usd === 0) return;
  await sql(
    `INSERT INTO money_days AS m (day, owner, spent_usd) VALUES ((now() AT TIME ZONE 'UTC')::date, $1, $2)
     ON CONFLICT (day, owner) DO UPDATE SET spent_usd = m.spent_usd + EXCLUDED.spent_usd`,
    [owner, usd],
  );
}
