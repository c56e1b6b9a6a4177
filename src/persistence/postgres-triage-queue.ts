import { Injectable } from '@nestjs/common';
import type { Firing } from '../domain/alert';
import { LeaseLost } from '../domain/errors';
import { Ids } from '../domain/ids';
import { moneyIsSpent, type NoticeAbout } from '../domain/notice';
import type { Ending } from '../domain/triage';
import {
  type ClaimedTriage,
  type ClaimOptions,
  type Lease,
  type ModelOutage,
  type MoneyLimit,
  type Renewal,
  TriageQueue,
  type WakeUp,
} from '../triage/ports/triage-queue';
import { DeliveryChannels } from '../triage/ports/delivery-channels';
import { Database, type Sql } from './database';
import { HeartbeatConnection } from './heartbeat-connection';
import { OwedDeliveries } from './owed-deliveries';
import { spentToday } from './postgres-day-money';

/** A renewal that takes longer hangs: another connection is more likely to get through. */
const RENEWAL_LIMIT_MS = 5_000;

/** The queue is the triages table: a claim is a lease on a row, and its order is part of the query. */
@Injectable()
export class PostgresTriageQueue extends TriageQueue {
  constructor(
    private readonly database: Database,
    private readonly heartbeat: HeartbeatConnection,
    private readonly channels: DeliveryChannels,
    private readonly ids: Ids,
  ) {
    super();
  }

  async claim({ owner, leaseMs, idle, running, money, outage }: ClaimOptions): Promise<ClaimedTriage | undefined> {
    return this.database.transaction(async (sql) => {
      const leftUsd = money === undefined ? Infinity : await this.moneyLeft(sql, money);
      if (outage) await this.letWait(sql, outage);
      const [row] = await sql<ClaimRow>(CLAIM, [owner, leaseMs, idle, running, leftUsd]);
      if (!row) return undefined;
      return {
        lease: { triageId: row.id, owner, epoch: row.epoch },
        alertName: row.alert_name,
        fingerprint: row.fingerprint,
        attempt: row.attempts,
        strikes: row.strikes,
        struck: row.struck,
        runningMs: row.running_ms,
        ageMs: row.age_ms,
        traceContext: row.trace_context ?? undefined,
        firings: await firingsOf(sql, row.id),
        truncatedAlerts: row.truncated_alerts ?? undefined,
      };
    });
  }

  async renew(leases: readonly Lease[], leaseMs: number): Promise<Renewal> {
    const rows = await this.heartbeat.query<{ id: string; renewed: boolean; held: boolean }>(
      RENEW,
      [leases.map((l) => l.triageId), leases.map((l) => l.owner), leases.map((l) => l.epoch), leaseMs],
      Math.min(leaseMs / 3, RENEWAL_LIMIT_MS),
    );
    const idsOf = (some: typeof rows): ReadonlySet<string> => new Set(some.map(({ id }) => id));
    return { renewed: idsOf(rows.filter((row) => row.renewed)), lost: idsOf(rows.filter((row) => !row.held)) };
  }

  async release(lease: Lease, afterMs: number): Promise<void> {
    await this.database.transaction(async (sql, ring) => {
      const given = await sql(
        `${GIVE_BACK} SET status = 'queued', due_at = now() + $4 * interval '1 ms', ${NO_LEASE} ${HELD} RETURNING t.id`,
        [...held(lease), afterMs],
      );
      if (given.length > 0) ring();
    });
  }

  async disclaim(owner: string, running: readonly string[]): Promise<void> {
    await this.database.transaction(async (sql, ring) => {
      const given = await sql(
        `${GIVE_BACK} SET status = 'queued', due_at = now(), ${NO_LEASE_SINCE('LEAST(now(), t.lease_until)')}
         WHERE t.status = 'running' AND t.owner = $1 AND t.id <> ALL ($2::text[]) RETURNING t.id`,
        [owner, running],
      );
      await sql(TAKE_STRIKES_BACK, [owner]);
      if (given.length > 0) ring();
    });
  }

  async park(lease: Lease, reason: NoticeAbout, wake: WakeUp, happened: string): Promise<void> {
    const [afterMs, neededUsd] = typeof wake === 'number' ? [wake, null] : [wake.nextUtcDayWithinMs, wake.neededUsd];
    await this.database.transaction(async (sql) => {
      const parked = await sql(
        `${GIVE_BACK} SET status = 'waiting', wait_reason = $4, ${NO_LEASE_SINCE(LAST_TURN_AT)},
           due_at = LEAST(now() + $5 * interval '1 ms', CASE WHEN $6::float8 IS NOT NULL THEN ${NEXT_UTC_DAY} END),
           needed_usd = $6
         ${HELD} RETURNING t.id`,
        [...held(lease), reason, afterMs, neededUsd],
      );
      if (parked.length > 0) await this.owed().notice(sql, reason, happened);
    });
  }

  async settle(lease: Lease, ending: Ending): Promise<void> {
    await this.database.transaction(async (sql, ring) => {
      const settled = await sql(
        `${GIVE_BACK} SET status = 'finished', outcome = $4, ended_by = $5, analysis = $6, report = $7,
           completed_at = now(), event_seq = t.event_seq + 1, ${NO_LEASE} ${HELD} RETURNING t.id`,
        [
          ...held(lease),
          ending.outcome,
          ending.endedBy,
          ending.analysis,
          ending.report ? JSON.stringify(ending.report) : null,
        ],
      );
      if (settled.length === 0) throw new LeaseLost(lease.triageId);
      await this.owed().report(sql, lease.triageId);
      ring();
    });
  }

  /**
   * Where the money does not pay for a first call, all that would begin now waits for it, in one statement.
   * @returns US dollars; none where that is so
   */
  private async moneyLeft(sql: Sql, { limitUsd, leastUsd, giveUpAfterMs }: MoneyLimit): Promise<number> {
    const spentUsd = await spentToday(sql);
    if (spentUsd + leastUsd <= limitUsd) return limitUsd - spentUsd;
    const parked = await sql(PARK_UNSTARTED, [giveUpAfterMs]);
    if (parked.length > 0) await this.owed().notice(sql, 'money', moneyIsSpent(spentUsd, limitUsd));
    return 0;
  }

  private async letWait(sql: Sql, { model, afterMs, happened, giveUpAfterMs }: ModelOutage): Promise<void> {
    const parked = await sql(PARK_FOR_MODEL, [giveUpAfterMs, model, afterMs, OUTAGE_SPREAD_MS]);
    if (parked.length > 0) await this.owed().notice(sql, 'model_unavailable', happened);
  }

  private owed(): OwedDeliveries {
    return new OwedDeliveries(this.channels.all(), this.ids);
  }
}

/** Makes the triage's row this transaction's, or ends it: whoever lost the lease writes nothing. */
export async function fence(sql: Sql, lease: Lease): Promise<void> {
  const rows = await sql(`SELECT 1 FROM triages t ${HELD} FOR UPDATE`, held(lease));
  if (rows.length === 0) throw new LeaseLost(lease.triageId);
}

const HELD = `WHERE t.id = $1 AND t.owner = $2 AND t.epoch = $3 AND t.status = 'running'`;
const held = (lease: Lease): unknown[] => [lease.triageId, lease.owner, lease.epoch];

/** A row that is being written to is passed over: one slow write must not cost its neighbours their leases. */
const RENEW = `
  WITH asked AS (SELECT * FROM unnest($1::text[], $2::text[], $3::int[]) AS l (id, owner, epoch)),
    held AS (SELECT t.id FROM triages t JOIN asked USING (id, owner, epoch) WHERE t.status = 'running'),
    free AS (SELECT id FROM triages t JOIN asked USING (id, owner, epoch) WHERE t.status = 'running'
      FOR UPDATE OF t SKIP LOCKED),
    renewed AS (UPDATE triages t SET lease_until = now() + $4 * interval '1 ms' FROM free WHERE t.id = free.id
      RETURNING t.id)
  SELECT id, id IN (SELECT id FROM renewed) AS renewed, id IN (SELECT id FROM held) AS held FROM asked`;

const GIVE_BACK = 'UPDATE triages t';
const NO_LEASE_SINCE = (ended: string): string => `owner = NULL, lease_until = NULL, running_since = NULL,
  running_ms = t.running_ms + round(extract(epoch FROM ${ended} - t.running_since) * 1000)`;
const NO_LEASE = NO_LEASE_SINCE('now()');

/** By the database's clock. Nothing is told apart after it: the claims of the workers spread those that wait. */
const NEXT_UTC_DAY = `(date_trunc('day', now(), 'UTC') + interval '24 hours')`;

/** What a worker is about to begin. Rows that others hold are theirs: another claim finds what is left of them. */
const PARK_UNSTARTED = `
  UPDATE triages SET status = 'waiting', wait_reason = 'money', needed_usd = NULL,
    due_at = LEAST(${NEXT_UTC_DAY}, created_at + $1 * interval '1 ms')
  WHERE id IN (
    SELECT id FROM triages
    WHERE status IN ('queued', 'waiting') AND due_at <= now() AND started_at IS NULL
      AND created_at > now() - $1 * interval '1 ms'
    FOR UPDATE SKIP LOCKED)
  RETURNING id`;

/** What waited for a model is due again over this time: not all of it in one moment. */
const OUTAGE_SPREAD_MS = 2_000;

/**
 * What would ask the model that is down, in one statement however much it is: each alone would be claimed, refused and
 * parked all through the outage. A conversation that is frozen with another model goes on, and what has struck three
 * workers asks no model any more.
 */
const PARK_FOR_MODEL = `
  UPDATE triages SET status = 'waiting', wait_reason = 'model_unavailable', needed_usd = NULL,
    due_at = LEAST(now() + ($3 + $4 * random()) * interval '1 ms', created_at + $1 * interval '1 ms')
  WHERE id IN (
    SELECT id FROM triages
    WHERE status IN ('queued', 'waiting') AND due_at <= now() AND COALESCE(requested_model, $2) = $2
      AND strikes < 3 AND created_at > now() - $1 * interval '1 ms'
    FOR UPDATE SKIP LOCKED)
  RETURNING id`;

/** What passed since the last turn of this attempt was a wait for the model in vain: no running time. */
const LAST_TURN_AT = `GREATEST(t.running_since, (
  SELECT max(u.at) FROM turns u JOIN conversations c ON c.id = u.conversation_id WHERE c.triage_id = t.id))`;

/** An alert that waits gains one step of urgency each ten minutes, so that a storm of new ones cannot starve it. */
const URGENCY = `priority - floor(extract(epoch FROM now() - created_at) / 600)`;

/** A row that is still `running` under a lease that has expired lost its worker, unless that is the one that asks. */
const LOST_ITS_WORKER = `(status = 'running' AND owner <> $1)`;

/** Two workers were lost with it, the one that is counted now included. */
const SUSPECT = `strikes + ${LOST_ITS_WORKER}::int = 2`;

/**
 * A row that lost its worker gets a strike, with the name of who is presumed dead. After the second one without a turn
 * between it is taken only by a worker that runs nothing else, so that a triage which kills its worker does not take
 * others with it again. Workers that are always busy would let it wait for ever: after ten minutes it holds a busy one
 * back in its turn, which then takes nothing until it is idle. One with three is taken only to be ended. A worker takes
 * no triage that it still runs; one of its own that it could neither renew nor give back (the database was away) it
 * takes again like any other, and without a strike: nothing crashed. What waits for money is due as soon as there is
 * enough for it: on another day, or after the limit was raised. One whose own next call is dearer than what is left
 * would else be begun and parked without end.
 */
const CLAIM = `
  WITH owed AS (
    SELECT id, ${LOST_ITS_WORKER} AS struck, ${SUSPECT} AS suspect FROM triages
    WHERE ((status IN ('queued', 'waiting') AND (due_at <= now() OR (wait_reason = 'money' AND COALESCE(needed_usd, 0) < $5)))
       OR (status = 'running' AND lease_until < now() AND id <> ALL ($4::text[])))
      AND ($3 OR NOT (${SUSPECT}) OR GREATEST(due_at, lease_until) < now() - interval '10 minutes')
    ORDER BY ${URGENCY}, created_at DESC, id
    FOR UPDATE SKIP LOCKED LIMIT 1)
  UPDATE triages t SET
    status = 'running', owner = $1, lease_until = now() + $2 * interval '1 ms', wait_reason = NULL,
    epoch = t.epoch + 1, attempts = t.attempts + 1, event_seq = t.event_seq + 1,
    strikes = t.strikes + owed.struck::int,
    presumed_dead = CASE WHEN owed.struck THEN t.presumed_dead || t.owner ELSE t.presumed_dead END,
    running_ms = t.running_ms + CASE WHEN t.status = 'running'
      THEN round(extract(epoch FROM t.lease_until - t.running_since) * 1000) ELSE 0 END,
    running_since = now(), started_at = COALESCE(t.started_at, now())
  FROM owed WHERE t.id = owed.id AND ($3 OR NOT owed.suspect)
  RETURNING t.id, t.epoch, t.attempts, t.strikes, owed.struck, t.alert_name, t.fingerprint, t.trace_context,
    t.truncated_alerts, t.running_ms::float8 AS running_ms,
    (extract(epoch FROM now() - t.created_at) * 1000)::float8 AS age_ms`;

/** All of them, also where it lost one triage more than once. */
const TAKE_STRIKES_BACK = `
  UPDATE triages SET presumed_dead = array_remove(presumed_dead, $1),
    strikes = GREATEST(0, strikes - cardinality(presumed_dead) + cardinality(array_remove(presumed_dead, $1)))
  WHERE status <> 'finished' AND $1 = ANY (presumed_dead)`;

interface ClaimRow {
  id: string;
  epoch: number;
  attempts: number;
  strikes: number;
  struck: boolean;
  alert_name: string;
  fingerprint: string;
  trace_context: string | null;
  truncated_alerts: number | null;
  running_ms: number;
  age_ms: number;
}

interface FiringRow extends Omit<Firing, 'startsAt' | 'endsAt' | 'generatorUrl'> {
  starts_at: Date;
  ends_at: Date | null;
  generator_url: string | null;
}

async function firingsOf(sql: Sql, triageId: string): Promise<Firing[]> {
  const rows = await sql<FiringRow>(
    `SELECT f.* FROM firings f JOIN triage_firings tf ON tf.firing_id = f.id
     WHERE tf.triage_id = $1 ORDER BY f.starts_at, f.id`,
    [triageId],
  );
  return rows.map((row) => ({
    id: row.id,
    fingerprint: row.fingerprint,
    status: row.status,
    startsAt: row.starts_at,
    endsAt: row.ends_at ?? undefined,
    labels: row.labels,
    annotations: row.annotations,
    generatorUrl: row.generator_url ?? undefined,
  }));
}
