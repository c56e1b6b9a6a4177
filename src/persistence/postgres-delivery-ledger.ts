import { Injectable } from '@nestjs/common';
import { Defect } from '../domain/errors';
import type { Channel, DeliveryKind } from '../domain/delivery';
import { DeliveryLedger, type OwedDelivery } from '../notification/ports/delivery-ledger';
import { Database } from './database';
import { StoredTriages } from './stored-triages';

/** Deliveries, in the order in which their triages were settled: a channel's head that waits holds the rest back. */
@Injectable()
export class PostgresDeliveryLedger extends DeliveryLedger {
  constructor(
    private readonly database: Database,
    private readonly stored: StoredTriages,
  ) {
    super();
  }

  async claim(channel: Channel, leaseMs: number): Promise<OwedDelivery | undefined> {
    const [row] = await this.database.transaction((sql) => sql<ClaimRow>(CLAIM, [channel, leaseMs]));
    if (!row) return undefined;
    const triage = await this.stored.find(row.subject_id);
    if (!triage) throw new Defect('delivery.without_triage', `delivery ${row.id} belongs to no triage`);
    return {
      id: row.id,
      channel,
      kind: row.kind,
      triageId: row.subject_id,
      attempts: row.attempts,
      ageMs: row.age_ms,
      triage,
    };
  }

  async delivered(delivery: OwedDelivery): Promise<void> {
    await this.record(delivery, `state = 'delivered', delivered_at = now(), reason = NULL`, []);
  }

  async retryLater(delivery: OwedDelivery, reason: string, afterMs: number): Promise<void> {
    await this.record(delivery, `due_at = now() + $3 * interval '1 ms', reason = $4`, [afterMs, reason]);
  }

  async giveUp(delivery: OwedDelivery, reason: string): Promise<void> {
    await this.record(delivery, `state = 'given_up', reason = $3`, [reason]);
  }

  /** Fenced by the attempt: whoever let the lease run out and was overtaken records nothing. */
  private async record({ id, attempts }: OwedDelivery, set: string, parameters: unknown[]): Promise<void> {
    await this.database.transaction((sql) =>
      sql(`UPDATE deliveries SET lease_until = NULL, ${set} WHERE id = $1 AND attempts = $2 AND state = 'pending'`, [
        id,
        attempts,
        ...parameters,
      ]),
    );
  }
}

/** The head of the channel is the only row that can be claimed; two claims of it meet at the row's lock. */
const CLAIM = `
  UPDATE deliveries d SET attempts = d.attempts + 1, lease_until = now() + $2 * interval '1 ms'
  WHERE d.id = (SELECT id FROM deliveries WHERE channel = $1 AND state = 'pending' ORDER BY position LIMIT 1)
    AND d.state = 'pending' AND d.due_at <= now() AND (d.lease_until IS NULL OR d.lease_until < now())
  RETURNING d.id, d.kind, d.subject_id, d.attempts, (extract(epoch FROM now() - d.created_at) * 1000)::float8 AS age_ms`;

interface ClaimRow {
  id: string;
  kind: DeliveryKind;
  subject_id: string;
  attempts: number;
  age_ms: number;
}
