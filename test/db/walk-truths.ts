import type { Sql } from '../../src/persistence/database';

/** What a walker keeps of what it was promised. */
export interface Promised {
  /** The firings that were acknowledged, as `fingerprint@start`. */
  readonly firings: readonly string[];
  /** The triages that an admission named. */
  readonly triages: readonly string[];
  /** Firings that were answered as a duplicate of a triage that ran, or whose triage was so old that it is gone. */
  readonly onlyTold: readonly string[];
}

/** What is not as it must be, one line each. Told by the database alone, in one statement. */
export async function untruths(sql: Sql, { firings, triages, onlyTold }: Promised): Promise<string[]> {
  const rows = await sql<{ untruth: string }>(UNTRUTHS, [firings, triages, onlyTold]);
  return rows.map(({ untruth }) => untruth);
}

/** A firing by the name that a walker gives it. */
export const FIRING_KEY = `f.fingerprint || '@' || to_char(f.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const UNTRUTHS = `
  -- I1: what was acknowledged is there, and the triage that was named.
  SELECT 'the firing ' || a.key || ' is gone' AS untruth FROM unnest($1::text[]) AS a (key)
  WHERE NOT EXISTS (SELECT 1 FROM firings f WHERE ${FIRING_KEY} = a.key)
  UNION ALL
  SELECT 'the triage ' || p.id || ' is gone' FROM unnest($2::text[]) AS p (id)
  WHERE NOT EXISTS (SELECT 1 FROM triages t WHERE t.id = p.id)
  UNION ALL
  -- P1: nobody has forgotten a firing that is not resolved.
  SELECT 'nobody looks at ' || ${FIRING_KEY} FROM firings f
  WHERE f.status = 'firing' AND ${FIRING_KEY} <> ALL ($3::text[]) AND ${FIRING_KEY} = ANY ($1::text[])
    AND NOT EXISTS (SELECT 1 FROM triages t WHERE t.fingerprint = f.fingerprint AND t.status <> 'finished')
    AND NOT EXISTS (SELECT 1 FROM triage_firings tf JOIN triages t ON t.id = tf.triage_id
                    WHERE tf.firing_id = f.id AND t.outcome <> 'cancelled')
  UNION ALL
  SELECT 'the triage ' || t.id || ' has no firing' FROM triages t
  WHERE t.status <> 'finished' AND NOT EXISTS (SELECT 1 FROM triage_firings tf WHERE tf.triage_id = t.id)
  UNION ALL
  -- I2, also without the index that holds it.
  SELECT count(*) || ' triages of ' || subject_key FROM triages WHERE status <> 'finished'
  GROUP BY subject_key HAVING count(*) > 1
  UNION ALL
  -- Something leads on from every state: it is due within the longest wait that there is.
  SELECT 'the triage ' || id || ' is due at ' || due_at FROM triages
  WHERE status IN ('queued', 'waiting') AND due_at > now() + interval '24 hours'
  UNION ALL
  -- P4: the last word of a triage, and each of its turns, is of whoever held it.
  SELECT 'the triage ' || id || ' of epoch ' || epoch || ' was ended by ' || analysis FROM triages
  WHERE status = 'finished' AND outcome <> 'cancelled' AND analysis <> 'epoch ' || epoch
  UNION ALL
  SELECT 'cancelled after its start: ' || id FROM triages WHERE outcome = 'cancelled' AND started_at IS NOT NULL
  UNION ALL
  SELECT 'the turns of ' || c.triage_id || ' are of epochs ' || array_agg(u.wire ORDER BY u.seq)::text
  FROM conversations c JOIN turns u ON u.conversation_id = c.id
  GROUP BY c.triage_id HAVING array_agg(u.wire::int ORDER BY u.seq) <> array_agg(u.wire::int ORDER BY u.wire::int)
  UNION ALL
  -- I3 and I7.
  SELECT 'the turns of ' || c.triage_id || ' have gaps' FROM conversations c JOIN turns u ON u.conversation_id = c.id
  GROUP BY c.triage_id HAVING max(u.seq) <> count(*) - 1 OR count(DISTINCT c.id) > 1
  UNION ALL
  SELECT 'the sums of ' || t.id || ' are not those of its turns' FROM triages t
  WHERE (t.input_tokens, COALESCE(t.cost_usd, 0)) <> (
    SELECT COALESCE(sum(u.input_tokens), 0), COALESCE(sum(u.cost_usd), 0)
    FROM conversations c JOIN turns u ON u.conversation_id = c.id WHERE c.triage_id = t.id)
  UNION ALL
  -- P5: one report is owed for each that ended, and none for what was cancelled.
  SELECT 'the triage ' || t.id || ' owes ' || count(d.id) || ' reports' FROM triages t
  LEFT JOIN deliveries d ON d.subject_id = t.id
  GROUP BY t.id HAVING count(d.id) <> CASE WHEN t.status = 'finished' AND t.outcome <> 'cancelled' THEN 1 ELSE 0 END`;
