import { Injectable } from '@nestjs/common';
import { DayMoney } from '../llm/ports/day-money';
import { Database, type Sql } from './database';

/**
 * One row a UTC day, added to by the transaction that records an answer: as exact as the record, and one row to read
 * before each call. Every transaction takes it last, so that the wait for it is as short as a commit.
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
    `SELECT spent_usd::float8 AS spent FROM money_days WHERE day = (now() AT TIME ZONE 'UTC')::date`,
  );
  return row?.spent ?? 0;
}

/** Counts an answer on the day of its record. */
export async function spend(sql: Sql, usd: number): Promise<void> {
  if (usd === 0) return;
  await sql(
    `INSERT INTO money_days AS m (day, spent_usd) VALUES ((now() AT TIME ZONE 'UTC')::date, $1)
     ON CONFLICT (day) DO UPDATE SET spent_usd = m.spent_usd + EXCLUDED.spent_usd`,
    [usd],
  );
}
