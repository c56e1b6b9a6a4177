import { Injectable } from '@nestjs/common';
import type { Channel, DeliveryKind } from '../domain/delivery';
import { type Debt, DeliveryLedger, type OwedMessage, type Pace } from '../notification/ports/delivery-ledger';
import { Database, type Sql } from './database';
import { type ClaimedDebt, OwedContents } from './owed-contents';

/** Deliveries, in the order in which the debts arose: a channel's head that waits holds the rest back. */
@Injectable()
export class PostgresDeliveryLedger extends DeliveryLedger {
  constructor(
    private readonly database: Database,
    private readonly contents: OwedContents,
  ) {
    super();
  }

  async claim(channel: Channel, leaseMs: number, pace: Pace): Promise<OwedMessage | undefined> {
    for (;;) {
      const debts = await this.database.transaction((sql) => take(sql, channel, leaseMs, pace));
      if (debts.length === 0) return undefined;
      const owed = debts.length === 1 ? await this.single(channel, debts[0]!) : await this.digest(channel, debts);
      if (owed) return owed;
    }
  }

  /** All debts of one digest name its first one: so it is known that they were told of in one message. */
  async delivered(debts: readonly Debt[]): Promise<void> {
    const isDigest = debts.length > 1;
    await this.record(debts, `state = 'delivered', delivered_at = now(), digest_id = $3, reason = $4`, [
      isDigest ? debts[0]!.id : null,
      isDigest ? 'told of in a digest: the channel had as many messages in that hour as it may have' : null,
    ]);
  }

  async retryLater(debts: readonly Debt[], reason: string, afterMs: number): Promise<void> {
    await this.record(debts, `due_at = now() + $3 * interval '1 ms', reason = $4`, [afterMs, reason]);
  }

  async giveUp(debts: readonly Debt[], reason: string): Promise<void> {
    await this.record(debts, `state = 'given_up', reason = $3`, [reason]);
  }

  async hold(channel: Channel, giveUpAfterMs: number): Promise<number> {
    const held = await this.database.transaction((sql) =>
      sql<{ state: string }>(HOLD, [
        channel,
        giveUpAfterMs,
        `${NOT_CONFIGURED}: kept, and told when it is again`,
        `${NOT_CONFIGURED}, and was not in time`,
      ]),
    );
    return held.filter(({ state }) => state === 'pending').length;
  }

  private async single(channel: Channel, debt: ClaimedDebt): Promise<OwedMessage | undefined> {
    const content = await this.contents.single(debt);
    if (content) return { channel, debts: [debt], content };
    await this.giveUp([debt], TRIAGE_GONE);
    return undefined;
  }

  private async digest(channel: Channel, claimed: readonly ClaimedDebt[]): Promise<OwedMessage | undefined> {
    const items = await this.contents.digested(claimed);
    const gone = claimed.filter((_, i) => !items[i]);
    if (gone.length > 0) await this.giveUp(gone, TRIAGE_GONE);
    const debts = claimed.filter((_, i) => items[i]);
    if (debts.length === 0) return undefined;
    return { channel, debts, content: { kind: 'digest', items: items.filter((item) => item !== undefined) } };
  }

  /** Fenced by the attempt: whoever let the lease run out and was overtaken records nothing. */
  private async record(debts: readonly Debt[], set: string, parameters: unknown[]): Promise<void> {
    await this.database.transaction((sql) =>
      sql(
        `UPDATE deliveries d SET lease_until = NULL, ${set} FROM unnest($1::text[], $2::int[]) AS o (id, attempts)
         WHERE d.id = o.id AND d.attempts = o.attempts AND d.state = 'pending'`,
        [debts.map(({ id }) => id), debts.map(({ attempts }) => attempts), ...parameters],
      ),
    );
  }
}

/** A message that nobody can write must not hold up those behind it. */
const TRIAGE_GONE = 'its triage no longer exists';

const NOT_CONFIGURED = 'the channel is not configured now';

/** What another process is just telling is left alone. */
const HOLD = `
  UPDATE deliveries d SET state = h.state, reason = CASE h.state WHEN 'pending' THEN $3 ELSE $4 END
  FROM (SELECT id, CASE WHEN created_at < now() - $2 * interval '1 ms' THEN 'given_up' ELSE 'pending' END AS state
        FROM deliveries WHERE channel = $1 AND state = 'pending' AND (lease_until IS NULL OR lease_until < now())) h
  WHERE d.id = h.id AND d.state = 'pending' RETURNING d.state`;

/** @returns nothing, the head of the channel, or all that is pending, for a digest */
async function take(sql: Sql, channel: Channel, leaseMs: number, pace: Pace): Promise<ClaimedDebt[]> {
  const [head] = await sql<HeadRow>(HEAD, [channel]);
  if (!head?.free) return [];
  const [traffic] = await sql<TrafficRow>(TRAFFIC, [channel]);
  const { said, since_last_ms, pending, notice_owed } = traffic!;
  const choice = pace({
    saidInLastHour: said,
    sinceLastMs: since_last_ms ?? Infinity,
    pending,
    oldestMs: head.age_ms,
    noticeOwed: notice_owed,
  });
  if (choice === 'wait') return [];
  const rows = await sql<DebtRow>(TAKE, [channel, leaseMs, choice === 'alone' ? head.id : null]);
  return rows
    .sort((a, b) => a.position - b.position)
    .map(({ id, kind, subject_id, attempts, age_ms, detail }) => ({
      id,
      kind,
      subjectId: subject_id,
      attempts,
      ageMs: age_ms,
      detail,
    }));
}

const AGE_MS = `(extract(epoch FROM now() - created_at) * 1000)::float8`;

/** Its lock makes one claim of a channel wait for the other; its lease keeps the channel for one process. */
const HEAD = `
  SELECT id, ${AGE_MS} AS age_ms, due_at <= now() AND (lease_until IS NULL OR lease_until < now()) AS free
  FROM deliveries WHERE channel = $1 AND state = 'pending' ORDER BY position LIMIT 1 FOR UPDATE`;

interface HeadRow {
  id: string;
  age_ms: number;
  free: boolean;
}

const TRAFFIC = `
  SELECT count(DISTINCT COALESCE(digest_id, id))::int AS said,
         (extract(epoch FROM now() - max(delivered_at)) * 1000)::float8 AS since_last_ms,
         (SELECT count(*)::int FROM deliveries WHERE channel = $1 AND state = 'pending') AS pending,
         EXISTS (SELECT 1 FROM deliveries WHERE channel = $1 AND state = 'pending' AND kind = 'notice') AS notice_owed
  FROM deliveries WHERE channel = $1 AND state = 'delivered' AND delivered_at > now() - interval '1 hour'`;

interface TrafficRow {
  said: number;
  since_last_ms: number | null;
  pending: number;
  notice_owed: boolean;
}

const TAKE = `
  UPDATE deliveries SET attempts = attempts + 1, lease_until = now() + $2 * interval '1 ms'
  WHERE channel = $1 AND state = 'pending' AND id = COALESCE($3, id)
  RETURNING id, position::float8 AS position, kind, subject_id, attempts, detail, ${AGE_MS} AS age_ms`;

interface DebtRow {
  id: string;
  position: number;
  kind: DeliveryKind;
  subject_id: string;
  attempts: number;
  detail: string | null;
  age_ms: number;
}
