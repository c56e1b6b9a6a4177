import type { Client } from 'pg';
import type { Seen } from './seen.ts';

/** Nothing acknowledged is missing, one unfinished triage a subject, no lease that nobody took over. */
export async function queueViolations(
  sql: Client,
  { acknowledged = [], leaseSeconds }: Pick<Seen, 'acknowledged' | 'leaseSeconds'>,
): Promise<string[]> {
  const missing = await sql.query<{ fingerprint: string }>(
    `SELECT a.fingerprint FROM unnest($1::text[], $2::timestamptz[]) AS a (fingerprint, starts_at)
     WHERE NOT EXISTS (SELECT 1 FROM firings f WHERE f.fingerprint = a.fingerprint AND f.starts_at = a.starts_at)`,
    [acknowledged.map((alert) => alert.fingerprint), acknowledged.map((alert) => alert.startsAt)],
  );
  const unwatched = await sql.query<{ fingerprint: string }>(
    `SELECT DISTINCT a.fingerprint FROM unnest($1::text[]) AS a (fingerprint)
     WHERE NOT EXISTS (SELECT 1 FROM triages t WHERE t.fingerprint = a.fingerprint)`,
    [acknowledged.filter((alert) => alert.decision !== 'not_firing').map((alert) => alert.fingerprint)],
  );
  const broken = await sql.query<{ id: string }>(
    `SELECT DISTINCT p.id FROM unnest($1::text[]) AS p (id) WHERE NOT EXISTS (SELECT 1 FROM triages t WHERE t.id = p.id)`,
    [acknowledged.flatMap(({ triageId }) => (triageId === undefined ? [] : [triageId]))],
  );
  const beside = await sql.query<{ id: string; other: string }>(
    `SELECT a.id, b.id AS other FROM triages a JOIN triages b ON b.subject_key = a.subject_key AND b.id > a.id
     WHERE b.created_at < COALESCE(a.completed_at, 'infinity') AND a.created_at <= b.created_at`,
  );
  const twice = await sql.query<{ subject_key: string }>(
    `SELECT subject_key FROM triages WHERE status <> 'finished' GROUP BY 1 HAVING count(*) > 1`,
  );
  const abandoned = await sql.query<{ id: string }>(
    `SELECT id FROM triages WHERE status = 'running' AND lease_until < now() - 2 * $1 * interval '1 s'`,
    [leaseSeconds],
  );
  return [
    ...missing.rows.map((row) => `I1: the alert ${row.fingerprint} was acknowledged and is not on record`),
    ...unwatched.rows.map((row) => `I1: the alert ${row.fingerprint} was acknowledged and has no triage`),
    ...broken.rows.map((row) => `I1: the triage ${row.id} was promised and is not on record`),
    ...beside.rows.map((row) => `I2: triage ${row.other} was opened before ${row.id} of the same subject had ended`),
    ...twice.rows.map((row) => `I2: ${row.subject_key} has two unfinished triages`),
    ...abandoned.rows.map((row) => `I6: triage ${row.id} runs under a lease that ran out long ago`),
  ];
}
