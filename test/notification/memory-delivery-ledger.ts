import type { Channel, DeliveryState } from '../../src/domain/delivery';
import { Unavailable } from '../../src/domain/errors';
import { toldText } from '../../src/domain/marked-text';
import type { Triage } from '../../src/domain/triage';
import { verdictOf } from '../../src/domain/verdict';
import { type Debt, DeliveryLedger, type OwedMessage, type Pace } from '../../src/notification/ports/delivery-ledger';

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
  private said = 0;
  private lastSaidMs = -Infinity;

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

  async claim(channel: Channel, leaseMs: number, pace: Pace): Promise<OwedMessage | undefined> {
    this.called('claim');
    const pending = this.rows.filter((row) => row.state === 'pending');
    const [head] = pending;
    if (!head || head.dueAt > Date.now() || head.leaseUntil > Date.now()) return undefined;
    const choice = pace({
      saidInLastHour: this.said,
      sinceLastMs: Date.now() - this.lastSaidMs,
      pending: pending.length,
      oldestMs: head.ageMs,
      noticeOwed: false,
    });
    if (choice === 'wait') return undefined;
    const taken = choice === 'alone' ? [head] : pending;
    for (const row of taken) {
      row.attempts += 1;
      row.leaseUntil = Date.now() + leaseMs;
    }
    return structuredClone({ channel, debts: taken.map(debtOf), content: contentOf(taken) });
  }

  async delivered(debts: readonly Debt[]): Promise<void> {
    this.record(debts, 'delivered', { state: 'delivered' });
    this.said += 1;
    this.lastSaidMs = Date.now();
  }

  async retryLater(debts: readonly Debt[], reason: string, afterMs: number): Promise<void> {
    this.record(debts, 'retryLater', { reason, afterMs, dueAt: Date.now() + afterMs, leaseUntil: 0 });
  }

  async hold(): Promise<number> {
    this.called('hold');
    return this.rows.filter((row) => row.state === 'pending').length;
  }

  async giveUp(debts: readonly Debt[], reason: string): Promise<void> {
    this.record(debts, 'giveUp', { state: 'given_up', reason });
  }

  private record(debts: readonly Debt[], verb: string, change: Partial<Row>): void {
    this.called(`${verb} ${debts.map(({ id }) => id).join(',')}`);
    for (const debt of debts) {
      const row = this.rows.find(({ id, attempts }) => id === debt.id && attempts === debt.attempts);
      if (row) Object.assign(row, change);
    }
  }

  private called(call: string): void {
    this.calls.push(call);
    const trouble = this.troubles.indexOf(call);
    if (trouble === -1) return;
    this.troubles.splice(trouble, 1);
    throw new Unavailable('db.unavailable', 'the database is down');
  }
}

function debtOf({ id, triage, attempts, ageMs }: Row): Debt {
  return { id, kind: 'report', subjectId: triage.id, attempts, ageMs };
}

function contentOf(taken: readonly Row[]): OwedMessage['content'] {
  if (taken.length === 1) return { kind: 'report', triage: taken[0]!.triage };
  const items = taken.map(({ triage }) => {
    const { id, alertName, severity, report } = triage;
    const verdict = verdictOf(triage);
    return {
      kind: 'report' as const,
      triageId: id,
      alertName,
      severity,
      verdict,
      gist: report && toldText(report.headline, 'headline', report.check),
    };
  });
  return { kind: 'digest', items };
}
