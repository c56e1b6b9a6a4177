/** What the doctor asks. Columns are named as the fields of the facts, so that a row is the facts. */

const msSince = (moment: string): string => `(extract(epoch FROM now() - ${moment}) * 1000)::float8`;
/** Characters of a reason that are read; one line of it is shown. */
const REASON_CHARS = 400;

export const DATABASE = `
  SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
         (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS "connections",
         current_setting('max_connections')::int AS "maxConnections",
         pg_is_in_recovery() OR (SELECT reset_val = 'on' FROM pg_settings WHERE name = 'default_transaction_read_only')
           AS "isReadOnly",
         pg_database_size(current_database())::float8 AS bytes`;

/** A host is an address, or this machine by a socket of its own. */
export const SESSIONS = `
  WITH ours AS (
    SELECT COALESCE(client_addr::text, 'local') AS host, application_name AS name, query FROM pg_stat_activity
    WHERE datname = current_database() AND application_name IN ('vigil', 'vigil doorbell')
  ), pools AS (
    SELECT DISTINCT host FROM ours WHERE name = 'vigil'
  ), bells AS (
    SELECT host, query FROM ours WHERE name = 'vigil doorbell'
  )
  SELECT (SELECT count(*)::int FROM pools) AS hosts,
         (SELECT count(*)::int FROM bells) AS doorbells,
         (SELECT count(*)::int FROM bells WHERE query = 'LISTEN vigil') AS listening,
         (SELECT count(*)::int FROM pools WHERE host NOT IN (SELECT host FROM bells)) AS "deafHosts"`;

const SESSION = `pid, COALESCE(NULLIF(application_name, ''), 'a program without a name') AS application,
  COALESCE(state, 'unknown') AS state, ${msSince('xact_start')} AS "openMs"`;

export const LONG = `
  SELECT ${SESSION} FROM pg_stat_activity
  WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
    AND xact_start < now() - interval '1 minute'
  ORDER BY xact_start LIMIT $1`;

export const BLOCKING = `
  SELECT ${SESSION} FROM pg_stat_activity
  WHERE xact_start IS NOT NULL AND cardinality(pg_blocking_pids(pid)) = 0 AND pid IN (
    SELECT unnest(pg_blocking_pids(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND query_start < now() - interval '5 seconds')
  ORDER BY xact_start LIMIT $1`;

/** With two strikes a triage is taken by an idle worker alone; with three by any, to be ended. */
const IS_DUE = `status IN ('queued', 'waiting') AND due_at <= now() AND strikes <> 2`;
const IS_EXPIRED = `status = 'running' AND lease_until < now()`;

export const TRIAGES = `
  SELECT count(*) FILTER (WHERE status = 'queued')::int AS queued,
         count(*) FILTER (WHERE status = 'running')::int AS running,
         count(*) FILTER (WHERE ${IS_DUE})::int AS due,
         COALESCE(max(${msSince('due_at')}) FILTER (WHERE ${IS_DUE}), 0) AS "overdueMs",
         count(*) FILTER (WHERE ${IS_EXPIRED})::int AS expired,
         COALESCE(max(${msSince('lease_until')}) FILTER (WHERE ${IS_EXPIRED}), 0) AS "expiredMs",
         count(*) FILTER (WHERE ${IS_EXPIRED} AND strikes = 1)::int AS "expiredSuspects"
  FROM triages WHERE status <> 'finished'`;

export const WAITING = `
  SELECT wait_reason AS reason, count(*)::int AS count, max(${msSince('created_at')}) AS "oldestMs",
         -max(${msSince('due_at')}) AS "nextInMs",
         (SELECT json_build_object('happened', left(d.detail, ${REASON_CHARS}), 'ageMs', ${msSince('d.created_at')})
          FROM deliveries d
          WHERE d.kind = 'notice' AND d.subject_id LIKE t.wait_reason || ':%' ORDER BY d.position DESC LIMIT 1) AS notice
  FROM triages t WHERE status = 'waiting' GROUP BY wait_reason`;

export const SUSPECTS = `
  SELECT id, alert_name AS "alertName", strikes FROM triages
  WHERE status <> 'finished' AND strikes > 0 ORDER BY strikes DESC, created_at LIMIT $1`;

const lastEnd = (outcome: string): string => `
  (SELECT ARRAY[id, left(analysis, ${REASON_CHARS})] FROM day WHERE outcome = '${outcome}' ORDER BY completed_at DESC LIMIT 1)`;

export const ENDS = `
  WITH day AS (
    SELECT id, outcome, analysis, completed_at FROM triages
    WHERE status = 'finished' AND completed_at > now() - interval '1 day')
  SELECT count(*)::int AS finished,
         count(*) FILTER (WHERE outcome = 'error')::int AS error, count(*) FILTER (WHERE outcome = 'failed')::int AS failed,
         ${lastEnd('error')} AS last_error, ${lastEnd('failed')} AS last_failed
  FROM day`;

/** The head holds back what stands behind it: its reason is the channel's. */
export const DELIVERIES = `
  WITH head AS (
    SELECT attempts, reason, due_at, lease_until FROM deliveries WHERE state = 'pending' ORDER BY position LIMIT 1
  ), dead AS (
    SELECT position, reason FROM deliveries
    WHERE state = 'given_up' AND created_at > now() - interval '2 days' ORDER BY position DESC
  )
  SELECT count(*)::int AS pending, COALESCE(max(${msSince('created_at')}), 0) AS "oldestMs",
         COALESCE((SELECT CASE WHEN lease_until > now() THEN -1 ELSE ${msSince('due_at')} END FROM head), -1) AS "overdueMs",
         COALESCE((SELECT attempts FROM head), 0) AS attempts,
         (SELECT left(reason, ${REASON_CHARS}) FROM head) AS reason,
         (SELECT count(DISTINCT COALESCE(digest_id, id))::int FROM deliveries
          WHERE state = 'delivered' AND delivered_at > now() - interval '1 hour') AS "saidInLastHour",
         (SELECT count(*)::int FROM dead) AS "givenUp",
         (SELECT left(reason, ${REASON_CHARS}) FROM dead LIMIT 1) AS "givenUpReason",
         EXISTS (SELECT FROM deliveries WHERE state = 'delivered' AND position > (SELECT max(position) FROM dead))
           AS "deliveredSince",
         (SELECT count(*)::int FROM deliveries
          WHERE state = 'not_configured' AND created_at > now() - interval '1 day') AS "notConfigured"
  FROM deliveries WHERE state = 'pending'`;

export const INTAKE = `
  SELECT (SELECT ${msSince('max(last_seen_at)')} FROM firings) AS "lastAlertMs",
         (SELECT count(*)::int FROM quarantine WHERE received_at > now() - interval '1 day') AS quarantined,
         (SELECT left(reason, ${REASON_CHARS}) FROM quarantine ORDER BY received_at DESC LIMIT 1) AS "quarantineReason",
         count(*)::int AS "truncatedTriages", COALESCE(sum(truncated_alerts), 0)::int AS "truncatedAlerts"
  FROM triages WHERE created_at > now() - interval '1 day' AND truncated_alerts > 0`;

export const KEPT = `
  SELECT (extract(epoch FROM now() - min(completed_at)) / 86400)::float8 AS "oldestDays"
  FROM triages WHERE status = 'finished'`;

export const TABLES = `
  SELECT relname AS name, pg_total_relation_size(oid)::float8 AS bytes FROM pg_class
  WHERE relkind = 'r' AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'triages'::regclass)
  ORDER BY 2 DESC LIMIT $1`;
