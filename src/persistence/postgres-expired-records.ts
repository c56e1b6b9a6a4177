import { Injectable } from '@nestjs/common';
import { ExpiredRecords, type Expiring } from '../retention/ports/expired-records';
import { Database } from './database';

/** Any number that nobody else in this database uses. */
const RETENTION_LOCK = 7_316_281_553;

/** Rows of one batch. A triage takes its conversation with it, up to some seventy rows: their batches are smaller. */
const BATCH = 1_000;
const TRIAGE_BATCH = 10;

/**
 * Deletes in short transactions. One replica does it at a time: the lock is a transaction's, so that a killed process
 * frees it. Rows that somebody else holds are skipped: the next round finds them.
 */
@Injectable()
export class PostgresExpiredRecords extends ExpiredRecords {
  constructor(private readonly database: Database) {
    super();
  }

  deleteBatch(what: Expiring, olderThanDays: number): Promise<{ deleted: number; more: boolean } | undefined> {
    const batch = what === 'triages' ? TRIAGE_BATCH : BATCH;
    return this.database.transaction(async (sql) => {
      const [lock] = await sql<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS mine', [RETENTION_LOCK]);
      if (!lock!.mine) return undefined;
      const rows = await sql(DELETE[what], [olderThanDays, batch]);
      return { deleted: rows.length, more: rows.length === batch };
    });
  }
}

const EXPIRED = `now() - $1 * interval '1 day'`;

/** Each deletes at most `$2` rows that are older than `$1` days. */
const DELETE: Readonly<Record<Expiring, string>> = {
  // Conversations, turns, tool calls and full results go with their triage by the keys. What is still to be said of it
  // keeps a triage.
  triages: `
    WITH gone AS (
      DELETE FROM triages WHERE id IN (
        SELECT t.id FROM triages t WHERE t.status = 'finished' AND t.completed_at < ${EXPIRED}
          AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.subject_id = t.id AND d.state = 'pending')
        ORDER BY t.completed_at LIMIT $2 FOR UPDATE SKIP LOCKED)
      RETURNING id
    ), deliveries_gone AS (
      DELETE FROM deliveries WHERE subject_id IN (SELECT id FROM gone)
    )
    SELECT id FROM gone`,
  // An alert that still fires is sent again and again: what was not seen for so long does not fire.
  firings: `
    DELETE FROM firings WHERE id IN (
      SELECT f.id FROM firings f WHERE f.last_seen_at < ${EXPIRED}
        AND NOT EXISTS (SELECT 1 FROM triage_firings tf WHERE tf.firing_id = f.id)
      LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING id`,
  notices: batchOf('deliveries', 'id', `kind = 'notice' AND state <> 'pending' AND created_at < ${EXPIRED}`),
  'quarantined alerts': batchOf('quarantine', 'id', `received_at < ${EXPIRED}`),
  changes: batchOf('changes', 'source, id', `at < ${EXPIRED} AND received_at < ${EXPIRED}`),
  // They have a time of their own; $1 is named because Postgres refuses a parameter that nothing uses.
  'full results': batchOf('full_results', 'conversation_id, turn_seq, position', `expires_at < now() AND $1::int > 0`),
  'days of money': batchOf('money_days', 'day', `day < (${EXPIRED})::date`),
};

function batchOf(table: string, key: string, condition: string): string {
  return `DELETE FROM ${table} WHERE (${key}) IN (
    SELECT ${key} FROM ${table} WHERE ${condition} LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1`;
}
