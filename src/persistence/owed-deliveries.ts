import type { Ids } from '../domain/ids';
import type { NoticeAbout } from '../domain/notice';
import type { ChannelState } from '../triage/ports/delivery-channels';
import type { Sql } from './database';

/** The UTC day by the database's clock: `2026-11-24`. */
const UTC_DAY = `to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')`;

/** The debt of one message to each channel as it is configured now; part of the transaction that makes it owed. */
export class OwedDeliveries {
  constructor(
    private readonly channels: readonly ChannelState[],
    private readonly ids: Ids,
  ) {}

  async report(sql: Sql, triageId: string): Promise<void> {
    await sql(
      `INSERT INTO deliveries (id, channel, state, kind, subject_id)
       SELECT d.*, 'report', $4 FROM unnest($1::text[], $2::text[], $3::text[]) AS d`,
      [...this.rows(), triageId],
    );
  }

  /** At most one a UTC day of each kind: what the first one said stands. */
  async notice(sql: Sql, about: NoticeAbout, happened: string): Promise<void> {
    const owed = await sql(
      `INSERT INTO deliveries (id, channel, state, kind, subject_id, detail)
       SELECT d.*, 'notice', $4 || ':' || ${UTC_DAY}, $5 FROM unnest($1::text[], $2::text[], $3::text[]) AS d
       ON CONFLICT (channel, kind, subject_id) DO NOTHING RETURNING 1`,
      [...this.rows(), about, happened],
    );
    if (owed.length > 0) await sql(`SELECT pg_notify('vigil', '')`);
  }

  private rows(): unknown[] {
    return [
      this.channels.map(() => this.ids.next()),
      this.channels.map(({ channel }) => channel),
      this.channels.map(({ configured }) => (configured ? 'pending' : 'not_configured')),
    ];
  }
}
