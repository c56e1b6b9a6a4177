import { Injectable } from '@nestjs/common';
import { FiringRecord, type RecordedFiring } from '../briefing/ports/firing-record';
import { Database } from './database';

/** Served by the unique index of (fingerprint, starts_at). */
@Injectable()
export class PostgresFiringRecord extends FiringRecord {
  constructor(private readonly database: Database) {
    super();
  }

  async since(fingerprint: string, since: Date, limit: number): Promise<readonly RecordedFiring[]> {
    const rows = await this.database.read<{ id: string; starts_at: Date; ends_at: Date | null }>(
      `SELECT id, starts_at, ends_at FROM firings WHERE fingerprint = $1 AND starts_at >= $2
       ORDER BY starts_at DESC LIMIT $3`,
      [fingerprint, since, limit],
    );
    return rows.map(({ id, starts_at, ends_at }) => ({ id, startsAt: starts_at, endsAt: ends_at ?? undefined }));
  }
}
