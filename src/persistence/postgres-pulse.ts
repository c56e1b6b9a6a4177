import { Injectable } from '@nestjs/common';
import type { DatabasePing } from '../health/ports/database-ping';
import type { QueueDepth } from '../observability/ports/queue-depth';
import { Database } from './database';

/** What observers ask of the database: whether it answers, and how much waits in it. */
@Injectable()
export class PostgresPulse implements DatabasePing, QueueDepth {
  constructor(private readonly database: Database) {}

  async ping(): Promise<void> {
    await this.database.read('SELECT 1');
  }

  async queueDepth(): Promise<{ queued: number; waiting: number }> {
    const [row] = await this.database.read<{ queued: number; waiting: number }>(
      `SELECT count(*) FILTER (WHERE status = 'queued')::int AS queued,
              count(*) FILTER (WHERE status = 'waiting')::int AS waiting
       FROM triages WHERE status IN ('queued', 'waiting')`,
    );
    return row!;
  }
}
