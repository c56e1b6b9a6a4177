import type { AlertStatus } from '../domain/alert';
import type { Outcome, TriageStatus, WaitReason } from '../domain/triage';

/*
 * The statements of the intake. Each takes whole bodies as arrays: their number does not grow with the alerts.
 */

/** Any number: tells these locks from Vigil's other advisory ones. */
const FINGERPRINT_LOCKS = 1_447_643_202;

/** Sixty-four locks for all fingerprints: one for each would fill the server's lock table with a large body. */
export const LOCK_FINGERPRINTS = `
  SELECT pg_advisory_xact_lock(${FINGERPRINT_LOCKS}, stripe)
  FROM (SELECT DISTINCT hashtext(f) & 63 AS stripe FROM unnest($1::text[]) AS f ORDER BY stripe) AS stripes`;

/** Stores the firings, one row for each key, and names the firing of each alert in the alerts' order. */
export const RECORD_FIRINGS = `
  WITH incoming AS (
    SELECT u.ord, u.id, u.fingerprint, u.status, u.ends_at, u.labels, u.annotations, u.generator_url,
           COALESCE(u.starts_at, open.starts_at, date_trunc('milliseconds', now())) AS starts_at
    FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::text[], $8::text[])
         WITH ORDINALITY AS u (id, fingerprint, status, starts_at, ends_at, labels, annotations, generator_url, ord)
    LEFT JOIN LATERAL (
      SELECT f.starts_at FROM firings f
      WHERE u.starts_at IS NULL AND f.fingerprint = u.fingerprint AND f.status = 'firing'
      ORDER BY f.starts_at DESC LIMIT 1
    ) open ON true
  ), latest AS ( -- the same firing more than once: the last word counts
    SELECT DISTINCT ON (fingerprint, starts_at) *, count(*) OVER (PARTITION BY fingerprint, starts_at) AS times
    FROM incoming ORDER BY fingerprint, starts_at, ord DESC
  ), stored AS (
    INSERT INTO firings AS f
      (id, fingerprint, starts_at, ends_at, status, labels, annotations, generator_url, times_seen)
    SELECT id, fingerprint, starts_at, ends_at, status, labels::jsonb, annotations::jsonb, generator_url, times
    FROM latest ORDER BY fingerprint, starts_at
    ON CONFLICT (fingerprint, starts_at) DO UPDATE SET
      status = EXCLUDED.status, ends_at = EXCLUDED.ends_at, annotations = EXCLUDED.annotations,
      times_seen = f.times_seen + EXCLUDED.times_seen, last_seen_at = now()
    RETURNING f.id, f.fingerprint, f.starts_at
  )
  SELECT s.id AS firing_id FROM incoming i JOIN stored s USING (fingerprint, starts_at) ORDER BY i.ord`;

/** What is known of each firing, in the order given. `$2` is the cool-down in milliseconds. */
export const READ_FACTS = `
  SELECT f.status, open.id AS open_id, open.status AS open_status, open.wait_reason AS open_wait_reason,
         own.id AS own_id, own.outcome AS own_outcome, own.tries::int AS own_tries, own.cooling_until AS own_cooling_until,
         recent.id AS recent_id, recent.cooling_until AS recent_cooling_until
  FROM unnest($1::text[]) WITH ORDINALITY AS i (firing_id, ord)
  JOIN firings f ON f.id = i.firing_id
  LEFT JOIN triages open ON open.subject_key = 'alert:' || f.fingerprint AND open.status <> 'finished'
  LEFT JOIN LATERAL (
    SELECT t.id, t.outcome, count(*) OVER () AS tries,
           CASE WHEN t.completed_at > now() - $2 * interval '1 ms' THEN t.completed_at + $2 * interval '1 ms' END AS cooling_until
    FROM triage_firings tf JOIN triages t ON t.id = tf.triage_id
    WHERE tf.firing_id = f.id AND t.status = 'finished' AND t.outcome <> 'cancelled'
    ORDER BY t.completed_at DESC LIMIT 1
  ) own ON true
  LEFT JOIN LATERAL (
    SELECT t.id, t.completed_at + $2 * interval '1 ms' AS cooling_until
    FROM triages t
    WHERE t.fingerprint = f.fingerprint AND t.status = 'finished' AND t.outcome IN ('complete', 'partial')
      -- Not as a range of completed_at: after a quiet hour the planner would take triages_ended for it, and read all that
      -- has ended since for each alert of a body.
      AND t.completed_at + $2 * interval '1 ms' > now()
    ORDER BY t.completed_at DESC LIMIT 1
  ) recent ON true
  ORDER BY i.ord`;

export interface FactsRow {
  status: AlertStatus;
  open_id: string | null;
  open_status: TriageStatus;
  open_wait_reason: WaitReason | null;
  own_id: string | null;
  own_outcome: Exclude<Outcome, 'cancelled'>;
  own_tries: number;
  own_cooling_until: Date | null;
  recent_id: string | null;
  recent_cooling_until: Date;
}

/** In the order of the subjects; says which of them are still unfinished when they are locked. */
export const LOCK_UNFINISHED = `
  SELECT id FROM triages WHERE id = ANY ($1::text[]) AND status <> 'finished' ORDER BY subject_key FOR UPDATE`;

/** Says which were opened: of two bodies with a new subject the partial unique index lets one in, over all replicas. */
export const OPEN_TRIAGES = `
  WITH wanted AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
                         $8::text[], $9::int[])
      AS w (id, firing_id, fingerprint, alert_name, severity, summary, due_at, trace_context, truncated_alerts)
  ), opened AS (
    INSERT INTO triages (id, subject_key, status, wait_reason, priority, alert_name, fingerprint, severity, summary, due_at,
                         trace_context, truncated_alerts)
    SELECT id, 'alert:' || fingerprint,
           CASE WHEN due_at IS NULL THEN 'queued' ELSE 'waiting' END,
           CASE WHEN due_at IS NULL THEN NULL ELSE 'cool_down' END,
           CASE WHEN lower(severity) = 'critical' THEN 0 ELSE 1 END,
           alert_name, fingerprint, severity, summary, COALESCE(due_at, now()), trace_context, truncated_alerts
    FROM wanted ORDER BY 2
    ON CONFLICT (subject_key) WHERE status <> 'finished' DO NOTHING
    RETURNING id
  ), linked AS (
    INSERT INTO triage_firings (triage_id, firing_id)
    SELECT o.id, w.firing_id FROM opened o JOIN wanted w USING (id)
  )
  SELECT id FROM opened`;

/** Links firings (`$2`) to triages (`$1`) that no worker has started. */
export const JOIN_UNSTARTED = `
  INSERT INTO triage_firings (triage_id, firing_id)
  SELECT j.triage_id, j.firing_id FROM unnest($1::text[], $2::text[]) AS j (triage_id, firing_id)
  JOIN triages t ON t.id = j.triage_id WHERE t.started_at IS NULL
  ON CONFLICT DO NOTHING`;

/**
 * A resolve cancels what has not started: what still cools down always, the rest unless it is critical. What runs goes
 * on, and so does what another firing waits for.
 */
export const SETTLE_RESOLVED = `
  WITH cancelled AS (
    UPDATE triages t SET status = 'finished', outcome = 'cancelled', ended_by = 'resolved', completed_at = now(),
      wait_reason = NULL, analysis = 'The alert resolved before its investigation had started.'
    WHERE t.id IN (SELECT triage_id FROM triage_firings WHERE firing_id = ANY ($1::text[]))
      AND t.status IN ('queued', 'waiting') AND t.started_at IS NULL
      AND (t.priority > 0 OR (t.wait_reason = 'cool_down' AND t.due_at > now()))
      AND NOT EXISTS (
        SELECT 1 FROM triage_firings tf JOIN firings f ON f.id = tf.firing_id
        WHERE tf.triage_id = t.id AND f.status = 'firing')
    RETURNING t.id
  )
  SELECT DISTINCT ON (tf.firing_id) tf.firing_id, tf.triage_id, c.id IS NOT NULL AS cancelled
  FROM triage_firings tf LEFT JOIN cancelled c ON c.id = tf.triage_id
  WHERE tf.firing_id = ANY ($1::text[]) ORDER BY tf.firing_id, tf.triage_id DESC`;
