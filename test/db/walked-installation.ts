import { admission } from '../../src/alerts/admission';
import type { Alert } from '../../src/domain/alert';
import { LeaseLost, Unavailable } from '../../src/domain/errors';
import type { Outcome } from '../../src/domain/triage';
import type { Debt } from '../../src/notification/ports/delivery-ledger';
import type { MoneyLimit } from '../../src/triage/ports/triage-queue';
import type { Chance } from '../stand-ins/chance.ts';
import { type Adapters, anAlert } from './adapters';
import { FIRING_KEY, untruths } from './walk-truths';
import { WalkedWorker } from './walked-worker';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;
export const LEASE_MS = 30 * SECOND_MS;
export const GIVE_UP_MS = 20 * HOUR_MS;
const COOLDOWN_MS = HOUR_MS;
const RETENTION_DAYS = 3;
const RETENTION_MS = RETENTION_DAYS * DAY_MS;

/** The third is not always named: then it belongs to the firing that is open, or starts now. */
const STARTS = ['2026-11-23T19:00:00.000Z', '2026-11-23T20:00:00.000Z', undefined];
const FINGERPRINTS = ['a', 'b', 'c', 'd', 'critical'];
const ENDS: readonly Outcome[] = ['complete', 'complete', 'partial', 'failed', 'error'];

/** What somebody may do, or what may befall him; the heavier, the more often. */
interface Act {
  readonly weight: number;
  readonly name: string;
  readonly happens: () => Promise<unknown>;
}

/**
 * Two replicas with their workers, their senders and the time, over one database: what they do next is chance. It knows
 * what was promised to the senders; what is true is read from the database (`walk-truths.ts`).
 */
export class WalkedInstallation {
  readonly acts: string[] = [];
  private readonly workers: WalkedWorker[];
  /** When each was last acknowledged, by the time that has passed. */
  private readonly acknowledged = new Map<string, number>();
  /** Nobody owes them a triage of their own until they are sent again. */
  private readonly onlyTold = new Set<string>();
  /** When each triage was first seen to have ended; undefined while it has not. */
  private readonly ended = new Map<string, number | undefined>();
  private passedMs = 0;
  /** What had passed before the step: of what happens at once with a move of the time, nobody knows which was first. */
  private beganMs = 0;
  private debts: readonly Debt[] = [];
  private readonly choices: readonly Act[];

  constructor(
    private readonly replicas: readonly [Adapters, Adapters],
    private readonly chance: Chance,
  ) {
    this.workers = [0, 1, 0].map((replica, i) => new WalkedWorker(replicas[replica]!, `w${i}`));
    this.choices = this.allActs();
  }

  /** One act, or several at once. @throws with what is not true after it */
  async step(): Promise<void> {
    this.beganMs = this.passedMs;
    const many = this.chance.one() < 0.1 ? 3 : 1;
    const acts = Array.from({ length: many }, () => this.anyAct());
    this.acts.push(acts.map(({ name }) => name).join(' + '));
    await Promise.all(acts.map(({ happens }) => happens()));
    await this.look();
  }

  /**
   * Nobody sends any more, and as much time passes as there is need for.
   * @returns how many rounds of an hour it took
   */
  async letAllEnd(work: (worker: WalkedWorker) => Promise<unknown>): Promise<number> {
    for (let rounds = 0; rounds < 60; rounds += 1) {
      const [open] = await this.read<{ n: number }>(
        `SELECT count(*)::int AS n FROM triages WHERE status <> 'finished'`,
      );
      if (open!.n === 0) return rounds;
      await this.pass(HOUR_MS);
      for (const worker of this.workers) {
        worker.dies();
        while (await work(worker)) await this.look();
      }
    }
    throw new Error('some triages never end');
  }

  /** A new firing of each fingerprint, after every cool-down: what the intake decides. */
  async admitNew(): Promise<string[]> {
    await this.pass(2 * HOUR_MS);
    const alerts = FINGERPRINTS.map((fingerprint) => anAlert({ fingerprint, startsAt: new Date() }));
    const admitted = await this.replicas[0].intake.admit(
      { alerts, quarantined: [], cooldownMs: COOLDOWN_MS },
      admission,
    );
    return admitted.map(({ decision }) => decision);
  }

  private anyAct(): Act {
    let left = this.chance.between(
      0,
      this.choices.reduce((sum, { weight }) => sum + weight, 0),
    );
    return this.choices.find(({ weight }) => (left -= weight) < 0) ?? this.choices[0]!;
  }

  private allActs(): Act[] {
    const { chance } = this;
    const worker = (): WalkedWorker => chance.of(this.workers);
    const act = (weight: number, name: string, happens: () => Promise<unknown>): Act => ({ weight, name, happens });
    return [
      act(6, 'a body comes', () => this.admit()),
      act(8, 'claim', () => worker().claim(LEASE_MS, this.money())),
      act(8, 'an answer is recorded', () => worker().records(chance)),
      act(4, 'settle', () => worker().settles(chance.of(ENDS), chance)),
      act(2, 'park', () => worker().parks(chance, GIVE_UP_MS)),
      act(2, 'release', () => worker().releases(chance.of([0, 5_000, 60_000]), chance)),
      act(2, 'renew', () => worker().renews(LEASE_MS)),
      act(1, 'a worker dies', () => Promise.resolve(worker().dies())),
      act(0.5, 'the connections are cut', () => this.cut()),
      act(2, 'seconds pass', () => this.pass(20 * SECOND_MS)),
      act(1, 'the leases run out', () => this.pass(LEASE_MS + 3 * SECOND_MS)),
      act(0.5, 'half an hour passes', () => this.pass(HOUR_MS / 2)),
      act(0.2, 'a day passes', () => this.pass(DAY_MS)),
      act(0.05, 'a week passes', () => this.pass(7 * DAY_MS)),
      act(0.5, 'retention', () => this.forgetOld()),
      act(3, 'a delivery', () => this.deliver()),
    ];
  }

  private replica(): Adapters {
    return this.chance.of(this.replicas);
  }

  private money(): MoneyLimit | undefined {
    return this.chance.one() < 0.5 ? undefined : { limitUsd: 3, leastUsd: 0.1, giveUpAfterMs: GIVE_UP_MS };
  }

  private async admit(): Promise<void> {
    const alerts = Array.from({ length: 1 + Math.floor(this.chance.between(0, 4)) }, () => this.alert());
    const request = { alerts, quarantined: [], cooldownMs: COOLDOWN_MS };
    const admitted = await this.replica().intake.admit(request, admission).catch(refusedForNow);
    if (!admitted) return;
    for (const [i, { fingerprint, startsAt }] of alerts.entries()) {
      const answer = admitted[i]!;
      if ('triageId' in answer && answer.triageId && !this.ended.has(answer.triageId))
        this.ended.set(answer.triageId, undefined);
      if (!startsAt) continue;
      const key = `${fingerprint}@${startsAt.toISOString()}`;
      this.acknowledged.set(key, this.beganMs);
      this.onlyTold.delete(key);
      const isAnswered = answer.decision === 'duplicate' || answer.decision === 'already_triaged';
      if (isAnswered && !(await this.isLinked(key, answer.triageId))) this.onlyTold.add(key);
    }
  }

  /** A firing joins a triage that nobody has begun; of one that was begun, or is gone, it is told. */
  private async isLinked(key: string, triageId: string): Promise<boolean> {
    const [found] = await this.read<{ linked: boolean; begun: boolean }>(
      `SELECT t.started_at IS NOT NULL AS begun, EXISTS (
         SELECT 1 FROM triage_firings tf JOIN firings f ON f.id = tf.firing_id
         WHERE tf.triage_id = t.id AND ${FIRING_KEY} = $2) AS linked FROM triages t WHERE t.id = $1`,
      [triageId, key],
    );
    if (found && !found.linked && !found.begun) throw new Error(`${key} has not joined ${triageId}`);
    return found?.linked ?? false;
  }

  private alert(): Alert {
    const fingerprint = this.chance.of(FINGERPRINTS);
    const start = this.chance.of(STARTS);
    const severity = fingerprint === 'critical' ? 'critical' : 'warning';
    return anAlert({
      fingerprint,
      status: this.chance.one() < 0.65 ? 'firing' : 'resolved',
      labels: { alertname: fingerprint, severity },
      startsAt: start === undefined ? undefined : new Date(start),
    });
  }

  /** What is under way on any connection fails, some of it after it was committed. */
  private async cut(): Promise<void> {
    const [db] = this.replicas;
    const cut = db.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`);
    await Promise.all([
      cut.catch(refusedForNow),
      ...this.workers.map((worker) => worker.settles('complete', this.chance)),
      this.admit(),
    ]);
  }

  /** The database's clock is nobody's to set: all that is stored moves into the past instead. */
  private async pass(ms: number): Promise<void> {
    this.passedMs += ms;
    const by = `interval '${ms} ms'`;
    const back = (table: string, ...columns: string[]): string =>
      `UPDATE ${table} SET ${columns.map((column) => `${column} = ${column} - ${by}`).join(', ')}`;
    await this.replicas[0].database
      .transaction(async (sql) => {
        const ofTriages = ['created_at', 'due_at', 'started_at', 'completed_at', 'lease_until', 'running_since'];
        await sql(back('triages', ...ofTriages));
        await sql(back('firings', 'first_seen_at', 'last_seen_at'));
        await sql(back('deliveries', 'created_at', 'due_at', 'lease_until', 'delivered_at'));
        await sql(back('turns', 'at'));
        if (ms >= DAY_MS) await sql(`DELETE FROM money_days`);
      })
      .catch(refusedForNow);
  }

  private async forgetOld(): Promise<void> {
    const { expired } = this.replica();
    const alone = `SELECT ${FIRING_KEY} AS key FROM firings f WHERE NOT EXISTS (
      SELECT 1 FROM triage_firings tf WHERE tf.firing_id = f.id)`;
    const before = new Set((await this.read<{ key: string }>(alone)).map(({ key }) => key));
    await expired.deleteBatch('triages', RETENTION_DAYS).catch(refusedForNow);
    for (const { key } of await this.read<{ key: string }>(alone)) if (!before.has(key)) this.onlyTold.add(key);
    await expired.deleteBatch('firings', RETENTION_DAYS).catch(refusedForNow);
  }

  /** Also right after the connections were cut. */
  private async read<Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    for (;;) {
      const rows = await this.replicas[0].sql<Row>(text, [...parameters]).catch(refusedForNow);
      if (rows) return rows;
    }
  }

  private async deliver(): Promise<void> {
    const { deliveries } = this.replica();
    try {
      if (this.debts.length === 0) {
        const owed = await deliveries.claim('slack', LEASE_MS, () => this.chance.of(['alone', 'digest']));
        this.debts = owed?.debts ?? [];
        return;
      }
      const debts = this.debts;
      this.debts = [];
      const dice = this.chance.one();
      if (dice < 0.6) await deliveries.delivered(debts);
      else if (dice < 0.8) await deliveries.retryLater(debts, 'later', 20_000);
      else if (dice < 0.9) await deliveries.giveUp(debts, 'no_service');
    } catch (error) {
      refusedForNow(error);
    }
  }

  /** What is older than the retention may be gone; it is no longer asked for. */
  private async look(): Promise<void> {
    const isYoung = (at: number | undefined): boolean => at === undefined || this.passedMs - at < RETENTION_MS;
    const young = (all: ReadonlyMap<string, number | undefined>): string[] =>
      [...all].filter(([, at]) => isYoung(at)).map(([key]) => key);
    const found = await untruths((text, parameters) => this.read(text, parameters), {
      firings: young(this.acknowledged),
      triages: young(this.ended),
      onlyTold: [...this.onlyTold],
    });
    if (found.length > 0) throw new Error(found.join('\n'));
    const unfinished = await this.read<{ id: string }>(`SELECT id FROM triages WHERE status <> 'finished'`);
    for (const { id } of unfinished) this.ended.set(id, undefined);
    const open = new Set(unfinished.map(({ id }) => id));
    for (const [id, at] of this.ended) if (at === undefined && !open.has(id)) this.ended.set(id, this.beganMs);
  }
}

/** What a cut connection does to whoever uses it. Every other failure is one of the walk. */
function refusedForNow(error: unknown): undefined {
  if (error instanceof Unavailable || error instanceof LeaseLost) return undefined;
  throw error;
}
