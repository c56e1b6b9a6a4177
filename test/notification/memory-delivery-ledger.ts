import type { Channel, DeliveryState } from '../../src/domain/delivery';
import type { Triage } from '../../src/domain/triage';
import { DeliveryLedger, type OwedDelivery } from '../../src/notification/ports/delivery-ledger';

interface Row {
  readonly id: string;
  readonly triage: Triage;
  attempts: number;
  state: DeliveryState;
  dueAt: number;
  leaseUntil: number;
  ageMs: number;
  reason?: string;
  afterMs?: number;
}

/** The ledger's rules in memory: head of the channel first, one holder at a time, copies in and out. */
export class MemoryDeliveryLedger extends DeliveryLedger {
  readonly rows: Row[] = [];
  /** Each call, in order: `claim`, `delivered 1` … */
  readonly calls: string[] = [];
  /** Calls that fail, once each, as they stand in `calls`. */
  readonly troubles: string[] = [];

  owe(triage: Triage, ageMs = 0): Row {
    const id = String(this.rows.length + 1);
    const row: Row = {
      id,
      triage: structuredClone(triage),
      attempts: 0,
      state: 'pending',
      dueAt: 0,
      leaseUntil: 0,
      ageMs,
    };
    this.rows.push(row);
    return row;
  }

  /** Time passes: what waits is due, what is held is not any more. */
  makeDue(): void {
    for (const row of this.rows) row.dueAt = row.leaseUntil = 0;
  }

  async claim(channel: Channel, leaseMs: number): Promise<OwedDelivery | undefined> {
    this.called('claim');
    const head = this.rows.find((row) => row.state === 'pending');
    if (!head || head.dueAt > Date.now() || head.leaseUntil > Date.now()) return undefined;
    head.attempts += 1;
    head.leaseUntil = Date.now() + leaseMs;
    const { id, attempts, ageMs, triage } = head;
    return structuredClone({ id, channel, kind: 'report', triageId: triage.id, attempts, ageMs, triage });
  }

  async delivered(delivery: OwedDelivery): Promise<void> {
    this.record(delivery, 'delivered', { state: 'delivered' });
  }

  async retryLater(delivery: OwedDelivery, reason: string, afterMs: number): Promise<void> {
    this.record(delivery, 'retryLater', { reason, afterMs, dueAt: Date.now() + afterMs, leaseUntil: 0 });
  }

  async giveUp(delivery: OwedDelivery, reason: string): Promise<void> {
    this.record(delivery, 'giveUp', { state: 'given_up', reason });
  }

  private record(delivery: OwedDelivery, verb: string, change: Partial<Row>): void {
    this.called(`${verb} ${delivery.id}`);
    const row = this.rows.find(({ id, attempts }) => id === delivery.id && attempts === delivery.attempts);
    if (row) Object.assign(row, change);
  }

  private called(call: string): void {
    this.calls.push(call);
    const trouble = this.troubles.indexOf(call);
    if (trouble === -1) return;
    this.troubles.splice(trouble, 1);
    throw new Error('the database is down');
  }
}
