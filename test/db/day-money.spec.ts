import { admission } from '../../src/alerts/admission';
import type { Alert } from '../../src/domain/alert';
import type { ClaimedTriage, MoneyLimit } from '../../src/triage/ports/triage-queue';
import { type Adapters, anAlert, freshAdapters } from './adapters';
import { holdTransaction } from './held-transaction';
import { anAnswer, openConversation } from './recorded';

const HOUR_MS = 3_600_000;
const NEXT_DAY = { nextUtcDayWithinMs: 24 * HOUR_MS, neededUsd: 0.02 };

describe("The day's money, over two replicas", () => {
  let db: Adapters;
  let other: Adapters;
  beforeEach(async () => {
    db = await freshAdapters();
    other = await db.again();
  });
  afterEach(() => db.close());

  const admit = (alerts: Alert[]) => db.intake.admit({ alerts, quarantined: [], cooldownMs: 0 }, admission);
  const queue = async (over: Partial<Alert> = {}): Promise<string> => {
    const [admitted] = await admit([anAlert(over)]);
    return 'triageId' in admitted! ? admitted.triageId! : '';
  };
  const limit = (limitUsd: number): MoneyLimit => ({ limitUsd, leastUsd: 0.02, giveUpAfterMs: 24 * HOUR_MS });
  const claim = (money?: MoneyLimit, by = db, owner = 'w'): Promise<ClaimedTriage | undefined> =>
    by.queue.claim({ owner, leaseMs: 30_000, idle: true, running: [], money });
  const spendOn = async (by: Adapters, usd: number, owner = 'w'): Promise<ClaimedTriage> => {
    await queue();
    const claimed = (await claim(undefined, by, owner))!;
    const conversation = await openConversation(by, claimed.lease);
    await by.log.recordAssistantTurn(claimed.lease, conversation, anAnswer({ costUsd: usd }));
    return claimed;
  };
  const statuses = () =>
    db.sql<{ status: string; wait_reason: string | null; n: number }>(
      'SELECT status, wait_reason, count(*)::int AS n FROM triages GROUP BY 1, 2 ORDER BY 1, 2',
    );
  const notices = () =>
    db.sql<{ subject_id: string; state: string; detail: string }>(
      `SELECT subject_id, state, detail FROM deliveries WHERE kind = 'notice' ORDER BY position`,
    );
  const today = async () =>
    (await db.sql<{ day: string }>(`SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day`))[0]!.day;
  const isNextMidnight = (dueAt: Date): boolean =>
    dueAt.getTime() % (24 * HOUR_MS) === 0 &&
    dueAt.getTime() > Date.now() &&
    dueAt.getTime() <= Date.now() + 24 * HOUR_MS;

  it('is what all recorded answers cost, to the sixth decimal, and survives a restart', async () => {
    expect(await db.money.spentUsd()).toBe(0);
    await Promise.all([spendOn(db, 0.25), spendOn(other, 0.000_001)]);
    expect(await db.money.spentUsd()).toBe(0.250_001);
    const third = await db.again();
    expect(await third.money.spentUsd()).toBe(0.250_001);
  });

  it('is added to by each worker on its own: one that is stopped in its transaction holds up no other (F12)', async () => {
    await spendOn(db, 0.25);
    const stopped = await holdTransaction(db.url, 'UPDATE money_days SET spent_usd = 0.5', []);
    await spendOn(other, 0.125, 'v');
    expect(await db.money.spentUsd()).toBe(0.375);
    await stopped.end();
    expect(await db.money.spentUsd()).toBe(0.625);
  });

  it('counts an answer without a known price at what it is counted as, not as nothing', async () => {
    const { lease } = await spendOn(db, 0.1);
    const conversation = (await db.log.load(lease.triageId))!;
    await db.log.recordAssistantTurn(lease, conversation, anAnswer({ seq: 2, costUsd: null, countedUsd: 0.7 }));
    expect(await db.money.spentUsd()).toBeCloseTo(0.8, 9);
    expect((await db.log.load(lease.triageId))!.turns[2]).toMatchObject({ costUsd: null });
  });

  it('counts nothing for an answer that was not recorded', async () => {
    const { lease } = await spendOn(db, 0.1);
    const conversation = (await db.log.load(lease.triageId))!;
    await expect(
      db.log.recordAssistantTurn({ ...lease, epoch: 99 }, conversation, anAnswer({ seq: 2, costUsd: 5 })),
    ).rejects.toThrow();
    expect(await other.money.spentUsd()).toBe(0.1);
  });

  it('begins no triage without money for it: a storm waits for the next UTC day, with one notice (F52, GV-28)', async () => {
    await spendOn(db, 0.99);
    await admit(Array.from({ length: 500 }, () => anAlert()));
    const claims = await Promise.all([
      claim(limit(1)),
      claim(limit(1), other),
      claim(limit(1)),
      claim(limit(1), other),
    ]);
    expect(claims).toEqual([undefined, undefined, undefined, undefined]);
    expect(await statuses()).toEqual([
      { status: 'running', wait_reason: null, n: 1 },
      { status: 'waiting', wait_reason: 'money', n: 500 },
    ]);
    const due = await db.sql<{ due_at: Date }>(`SELECT DISTINCT due_at FROM triages WHERE status = 'waiting'`);
    expect(due).toHaveLength(1);
    expect(isNextMidnight(due[0]!.due_at)).toBe(true);
    expect(await db.sql(`SELECT 1 FROM triages WHERE started_at IS NULL`)).toHaveLength(500);
    expect(await notices()).toEqual([
      { subject_id: `money:${await today()}`, state: 'pending', detail: expect.stringContaining('$0.99') as string },
    ]);
  });

  it('lets what waits go on as soon as the limit is raised', async () => {
    await spendOn(db, 1);
    const id = await queue();
    expect(await claim(limit(1))).toBeUndefined();
    expect(await claim(limit(2), other)).toMatchObject({ lease: { triageId: id }, attempt: 1, strikes: 0 });
  });

  it('lets what waits go on when no limit is set any more', async () => {
    await spendOn(db, 1);
    const id = await queue();
    await claim(limit(1));
    expect((await claim(undefined, other))!.lease.triageId).toBe(id);
  });

  it('is new when the UTC day is another one', async () => {
    await spendOn(db, 1);
    const id = await queue();
    await claim(limit(1));
    await db.sql(`UPDATE money_days SET day = day - 1`);
    expect((await claim(limit(1)))!.lease.triageId).toBe(id);
  });

  it('takes the critical ones first when there is money again', async () => {
    await spendOn(db, 1);
    await queue();
    const critical = await queue({ labels: { alertname: 'A', severity: 'critical' } });
    await queue();
    await claim(limit(1));
    expect((await claim(limit(9)))!.lease.triageId).toBe(critical);
  });

  it('of nothing lets all triages wait', async () => {
    await queue();
    expect(await claim(limit(0))).toBeUndefined();
    expect(await statuses()).toEqual([{ status: 'waiting', wait_reason: 'money', n: 1 }]);
    expect((await notices())[0]!.detail).toContain('Of the $0.00 that max-cost-usd-per-day allows, $0.00 are spent');
  });

  it('keeps the conversation of a running triage that waits for it, and the wait is no running time', async () => {
    const { lease } = await spendOn(db, 1);
    await db.sql(`UPDATE triages SET running_since = now() - interval '100 s'`);
    await db.sql(`UPDATE turns SET at = now() - interval '70 s'`);
    await db.queue.park(lease, 'money', NEXT_DAY, 'it is spent');
    expect(await claim(limit(1))).toBeUndefined();
    const [{ due_at: dueAt } = { due_at: new Date(0) }] = await db.sql<{ due_at: Date }>('SELECT due_at FROM triages');
    expect(isNextMidnight(dueAt)).toBe(true);
    expect(await db.stored.find(lease.triageId)).toMatchObject({
      status: 'waiting',
      waitReason: 'money',
      conversations: [{ turns: [{}, { costUsd: 1 }] }],
    });
    const again = (await claim(limit(5), other))!;
    expect(Math.round(again.runningMs / 1000)).toBe(30);
  });

  it('lets a triage wait whose own next call is dearer than what is left, though a first call is not', async () => {
    const { lease } = await spendOn(db, 1);
    await db.queue.park(lease, 'money', { ...NEXT_DAY, neededUsd: 0.5 }, 'it is spent');
    expect(await claim(limit(1.4))).toBeUndefined();
    expect(await claim(limit(1.6), other)).toMatchObject({ lease: { triageId: lease.triageId }, attempt: 2 });
  });

  it('lets none that runs wait beyond the time at which it is given up', async () => {
    const { lease } = await spendOn(db, 1);
    await db.queue.park(lease, 'money', { nextUtcDayWithinMs: 1_000, neededUsd: 0.02 }, 'it is spent');
    const rows = await db.sql(`SELECT 1 FROM triages WHERE due_at <= now() + interval '1 s'`);
    expect(rows).toHaveLength(1);
  });

  it('hands a triage that had begun out: what is left of it may cost nothing', async () => {
    const { lease } = await spendOn(db, 1);
    await db.queue.release(lease, 0);
    expect(await claim(limit(1))).toMatchObject({ lease: { triageId: lease.triageId }, attempt: 2 });
  });

  it('hands a triage that waited for too long out, to be given up', async () => {
    const id = await queue();
    await db.sql(`UPDATE triages SET created_at = now() - interval '86399 s'`);
    expect(await claim(limit(0))).toBeUndefined();
    const [row] = await db.sql<{ due_at: Date; created_at: Date }>('SELECT due_at, created_at FROM triages');
    expect(row!.due_at.getTime() - row!.created_at.getTime()).toBeLessThanOrEqual(24 * HOUR_MS);
    await db.sql(`UPDATE triages SET created_at = now() - interval '25 hours', due_at = now()`);
    expect(await claim(limit(0))).toMatchObject({ lease: { triageId: id } });
  });

  it('cancels what waits for it and has not begun when the alert resolves, unless it is critical', async () => {
    const minor = anAlert();
    const critical = anAlert({ labels: { alertname: 'A', severity: 'critical' } });
    await admit([minor, critical]);
    await claim(limit(0));
    await admit([minor, critical].map((alert) => ({ ...alert, status: 'resolved' as const, endsAt: new Date() })));
    expect(await statuses()).toEqual([
      { status: 'finished', wait_reason: null, n: 1 },
      { status: 'waiting', wait_reason: 'money', n: 1 },
    ]);
  });

  it('tells a channel once a day of each reason, over all replicas', async () => {
    const leases = [await spendOn(db, 1), await spendOn(other, 1), await spendOn(db, 1), await spendOn(other, 1)];
    await Promise.all(
      leases.map(({ lease }, i) =>
        (i % 2 ? db : other).queue.park(lease, i < 2 ? 'money' : 'model_unavailable', NEXT_DAY, `reason ${i}`),
      ),
    );
    expect((await notices()).map(({ subject_id }) => subject_id).sort()).toEqual([
      `model_unavailable:${await today()}`,
      `money:${await today()}`,
    ]);
    await db.sql(`UPDATE deliveries SET subject_id = replace(subject_id, '202', '201')`);
    await queue();
    await claim(limit(0));
    expect(await notices()).toHaveLength(3);
  });
});
