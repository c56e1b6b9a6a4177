import type { Conversation } from '../../src/domain/conversation';
import { LeaseLost, Unavailable } from '../../src/domain/errors';
import type { Outcome } from '../../src/domain/triage';
import type { ClaimedTriage, MoneyLimit } from '../../src/triage/ports/triage-queue';
import type { Chance } from '../stand-ins/chance.ts';
import type { Adapters } from './adapters';
import { anAnswer, CONVERSATION } from './recorded';

const MAX_CONCURRENT = 3;
const HEARING_MS = 3_000;

/** As `TriageWorker` and `AttemptRunner` use the queue, without a model: it holds what it has claimed until it is told. */
export class WalkedWorker {
  private held: ClaimedTriage[] = [];
  /** Crashed two workers, and has recorded no turn since. */
  private readonly suspects = new Set<string>();
  private lives = 1;

  constructor(
    private readonly db: Adapters,
    private readonly name: string,
  ) {}

  /** @returns whether there was one */
  async claim(leaseMs: number, money?: MoneyLimit): Promise<boolean> {
    if (this.held.length >= MAX_CONCURRENT || this.suspects.size > 0) return false;
    const running = this.held.map(({ lease }) => lease.triageId);
    const idle = running.length === 0;
    const claimed = await this.tried(
      this.db.queue.claim({ owner: `${this.name}.${this.lives}`, leaseMs, idle, running, money }),
    );
    if (!claimed) return false;
    if (claimed.firings.length === 0) throw new Error(`${claimed.lease.triageId} was claimed without a firing`);
    if (claimed.strikes === 2 && !idle) throw new Error(`${claimed.lease.triageId} was claimed beside others`);
    this.held.push(claimed);
    if (claimed.strikes >= 2) this.suspects.add(claimed.lease.triageId);
    // The third is heard first: whoever lives takes it back meanwhile.
    if (claimed.strikes >= 3 && claimed.struck) await this.giveBack(claimed, HEARING_MS);
    else if (claimed.strikes >= 3) await this.end(claimed, 'error');
    return true;
  }

  /** The opening if there is none yet, else an answer. */
  async records(chance: Chance): Promise<void> {
    const one = this.any(chance);
    if (!one) return;
    const { lease } = one;
    const wire = String(lease.epoch);
    await this.writes(one, async () => {
      const so = await this.db.log.load(lease.triageId);
      if (!so) {
        const opening = { wire, blocks: [] };
        await this.db.log.open(lease, { ...CONVERSATION, triageId: lease.triageId }, opening);
      } else if (so.turns.length % 2 === 1) {
        await this.db.log.recordAssistantTurn(lease, so, anAnswer({ seq: so.turns.length, wire }));
        this.suspects.delete(lease.triageId);
      } else {
        await this.callAndResult(one, so, wire);
      }
    });
  }

  async settles(outcome: Outcome, chance: Chance): Promise<void> {
    const one = this.any(chance);
    if (one) await this.end(one, outcome);
  }

  async parks(chance: Chance, giveUpMs: number): Promise<void> {
    const one = this.any(chance);
    if (one) await this.park(one, chance.one() < 0.5 ? 'money' : 'model_unavailable', giveUpMs);
  }

  async releases(afterMs: number, chance: Chance): Promise<void> {
    const one = this.any(chance);
    if (one) await this.giveBack(one, afterMs);
  }

  async renews(leaseMs: number): Promise<void> {
    const leases = this.held.map(({ lease }) => lease);
    if (leases.length === 0) return;
    const renewal = await this.tried(this.db.queue.renew(leases, leaseMs));
    if (renewal) for (const one of this.held) if (renewal.lost.has(one.lease.triageId)) this.drop(one);
  }

  /** The process is killed; another one of other name comes for it. */
  dies(): void {
    this.held = [];
    this.suspects.clear();
    this.lives += 1;
  }

  /** One claim and its end. @returns whether there was one */
  async claimAndEnd(leaseMs: number): Promise<boolean> {
    if (!(await this.claim(leaseMs))) return false;
    const one = this.held.at(-1);
    if (one) await this.end(one, 'complete');
    return true;
  }

  /** One claim by a process that it kills, unless it is the last one. */
  async claimAndDie(leaseMs: number): Promise<boolean> {
    const found = await this.claim(leaseMs);
    this.dies();
    return found;
  }

  /** One claim with nothing to pay it with: it is parked, or given up when it is too old. */
  async claimInVain(leaseMs: number, giveUpMs: number, reason: 'money' | 'model_unavailable'): Promise<boolean> {
    const money = { limitUsd: 0, leastUsd: 0.1, giveUpAfterMs: giveUpMs };
    if (!(await this.claim(leaseMs, reason === 'money' ? money : undefined))) return false;
    const one = this.held.at(-1);
    if (one && one.ageMs >= giveUpMs) await this.end(one, 'failed');
    else if (one) await this.park(one, reason, giveUpMs);
    return true;
  }

  private async callAndResult({ lease }: ClaimedTriage, so: Conversation, wire: string): Promise<void> {
    const turnSeq = so.turns.length - 1;
    if (!so.toolCalls.some((call) => call.turnSeq === turnSeq)) {
      const call = { turnSeq, position: 0, handle: 'r1', vendorId: 'v', name: 'q', input: {}, bytes: 1, durationMs: 1 };
      await this.db.log.recordToolCall(lease, so, { ...call, status: 'ok', text: 'x' } as const);
    } else {
      await this.db.log.recordUserTurn(lease, so, { wire, blocks: [] });
    }
  }

  private async giveBack(one: ClaimedTriage, afterMs: number): Promise<void> {
    this.drop(one);
    await this.tried(this.db.queue.release(one.lease, afterMs));
  }

  private async end(one: ClaimedTriage, outcome: Outcome): Promise<void> {
    this.drop(one);
    const { lease } = one;
    const analysis = `epoch ${lease.epoch}`;
    try {
      await this.db.queue.settle(lease, { outcome, endedBy: 'answer', analysis });
    } catch (error) {
      if (error instanceof LeaseLost) return;
      if (!(error instanceof Unavailable)) throw error;
      await this.tried(this.db.queue.release(lease, 5_000)); // it may have been settled all the same
    }
  }

  private async park(one: ClaimedTriage, reason: 'money' | 'model_unavailable', giveUpMs: number): Promise<void> {
    this.drop(one);
    const wake =
      reason === 'money' ? { nextUtcDayWithinMs: Math.max(0, giveUpMs - one.ageMs), neededUsd: 0.5 } : 45_000;
    await this.tried(this.db.queue.park(one.lease, reason, wake, 'it is so'));
  }

  private async writes(one: ClaimedTriage, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.drop(one);
      if (error instanceof LeaseLost) return;
      if (!(error instanceof Unavailable)) throw error;
      await this.tried(this.db.queue.release(one.lease, 5_000));
    }
  }

  private any(chance: Chance): ClaimedTriage | undefined {
    return this.held.length === 0 ? undefined : chance.of(this.held);
  }

  private drop(one: ClaimedTriage): void {
    this.held = this.held.filter((other) => other !== one);
    this.suspects.delete(one.lease.triageId);
  }

  /** What fails because the database is away for a moment did not happen, or is not known to have. */
  private async tried<T>(work: Promise<T>): Promise<T | undefined> {
    return work.catch((error: unknown) => {
      if (error instanceof Unavailable || isCut(error)) return undefined;
      throw error;
    });
  }
}

/** The connection of the leases' renewal gives the driver's own error. */
function isCut(error: unknown): boolean {
  return error instanceof Error && /terminat|Connection/i.test(error.message);
}
