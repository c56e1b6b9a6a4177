import { admission } from '../../src/alerts/admission';
import type { Alert } from '../../src/domain/alert';
import type { Ending } from '../../src/domain/triage';
import { paceOf } from '../../src/notification/pace';
import type { OwedMessage } from '../../src/notification/ports/delivery-ledger';
import { inventedReport, soundReport } from '../notification/checked-reports';
import { sampleReport } from '../notification/sample-triage';
import { type Adapters, anAlert, freshAdapters } from './adapters';

const LEASE_MS = 30_000;
const COMPLETE: Ending = { outcome: 'complete', endedBy: 'answer', analysis: 'because', report: sampleReport };

describe('The deliveries of a channel, over two replicas', () => {
  let db: Adapters;
  let other: Adapters;
  beforeEach(async () => {
    db = await freshAdapters();
    other = await db.again();
  });
  afterEach(() => db.close());

  /** Settles as many triages: each owes a report. */
  const settle = async (count: number, over: Partial<Alert> = {}, ending = COMPLETE): Promise<string[]> => {
    const alerts = Array.from({ length: count }, () => anAlert(over));
    await db.intake.admit({ alerts, quarantined: [], cooldownMs: 0 }, admission);
    const settled: string[] = [];
    for (let i = 0; i < count; i += 1) {
      const { lease } = (await db.queue.claim({ owner: 'w', leaseMs: LEASE_MS, idle: true, running: [] }))!;
      await db.queue.settle(lease, ending);
      settled.push(lease.triageId);
    }
    return settled;
  };
  const claim = (perHour: number, by = db): Promise<OwedMessage | undefined> =>
    by.deliveries.claim('slack', LEASE_MS, paceOf(perHour));
  const deliverAll = async (perHour: number, by = [db, other]): Promise<OwedMessage[]> => {
    const messages: OwedMessage[] = [];
    for (let i = 0; ; i += 1) {
      const owed = await claim(perHour, by[i % by.length]);
      if (!owed) return messages;
      messages.push(owed);
      await by[i % by.length]!.deliveries.delivered(owed.debts);
    }
  };
  const rows = (state: string) =>
    db.sql<{ subject_id: string; digest_id: string | null; reason: string | null }>(
      'SELECT subject_id, digest_id, reason FROM deliveries WHERE state = $1 ORDER BY position',
      [state],
    );
  const gathered = () => db.sql(`UPDATE deliveries SET created_at = created_at - interval '1 minute'`);
  const hourLater = () => db.sql(`UPDATE deliveries SET delivered_at = delivered_at - interval '1 hour'`);

  it('are told one by one up to the ceiling, and the rest in one digest (F52)', async () => {
    const ids = await settle(30);
    await gathered();
    const messages = await deliverAll(10);
    expect(messages.map(({ content }) => content.kind)).toEqual([...Array<string>(9).fill('report'), 'digest']);
    expect(messages.flatMap(({ debts }) => debts.map(({ subjectId }) => subjectId))).toEqual(ids);
    expect(messages.at(-1)!.content).toMatchObject({
      items: Array.from({ length: 21 }, (_, i) => ({
        triageId: ids[9 + i],
        verdict: 'cause_found',
        alertName: 'HighErrorRate',
      })),
    });
    expect(await rows('pending')).toEqual([]);
    const told = (await rows('delivered')).slice(9);
    expect(new Set(told.map(({ digest_id }) => digest_id)).size).toBe(1);
    expect((await db.stored.find(ids[29]!))!.deliveries).toMatchObject([
      { state: 'delivered', attempts: 1, reason: expect.stringContaining('told of in a digest') as string },
    ]);
  });

  it('are told in a digest with the marks of what code could not bear out', async () => {
    const rootCause = { ...inventedReport.rootCause, confidence: 'high' as const };
    await settle(1, {}, { ...COMPLETE, report: { ...inventedReport, rootCause } });
    await settle(1, {}, { ...COMPLETE, report: soundReport });
    await settle(1, {}, { ...COMPLETE, report: undefined });
    await gathered();
    const [digest] = await deliverAll(1);
    expect(digest!.content).toMatchObject({
      items: [
        {
          verdict: 'cause_possible',
          gist: 'Hypothesis, not verified: checkout loses 83.7 % [unverified] of all payments, 12,000 [unverified] orders an hour',
        },
        { verdict: 'cause_found', gist: soundReport.headline },
        { verdict: 'analysed' },
      ],
    });
  });

  it('wait for the next digest when the hour is used up, and are never lost (GV-07)', async () => {
    await settle(4);
    await gathered();
    await deliverAll(2); // one report, one digest of three
    const late = await settle(3);
    await gathered();
    expect(await claim(2)).toBeUndefined();
    expect(await claim(2, other)).toBeUndefined();
    expect(await rows('pending')).toHaveLength(3);
    await hourLater();
    const [first, second] = await deliverAll(2);
    expect([first, second].map((owed) => owed!.debts.map(({ subjectId }) => subjectId))).toEqual([
      [late[0]],
      [late[1], late[2]],
    ]);
  });

  it('count a digest as one message', async () => {
    await settle(30);
    await gathered();
    expect(await deliverAll(20)).toHaveLength(19); // 18 reports and the first of two digests
    await settle(5);
    await db.sql(`UPDATE deliveries SET delivered_at = delivered_at - interval '31 minutes'`);
    expect((await claim(20))!.debts).toHaveLength(5);
  });

  it('hold no more than the ceiling in an hour when both replicas deliver at once', async () => {
    await settle(20);
    await gathered();
    const each = await Promise.all([deliverAll(5, [db]), deliverAll(5, [other])]);
    expect(each.flat()).toHaveLength(5);
    expect(each.flat().flatMap(({ debts }) => debts)).toHaveLength(20);
  });

  it('let a digest be made anew when it was not recorded: nobody else has it meanwhile', async () => {
    await settle(5);
    await gathered();
    const digest = (await claim(1))!;
    expect(digest.debts).toHaveLength(5);
    await settle(1);
    expect(await claim(1, other)).toBeUndefined();
    await db.sql(`UPDATE deliveries SET lease_until = now() - interval '1 s' WHERE lease_until IS NOT NULL`);
    const again = (await claim(1, other))!;
    expect(again.debts.map(({ attempts }) => attempts)).toEqual([2, 2, 2, 2, 2, 1]);
    await db.deliveries.delivered(digest.debts); // overtaken: it records nothing
    expect(await rows('delivered')).toEqual([]);
    await other.deliveries.delivered(again.debts);
    expect(await rows('delivered')).toHaveLength(6);
  });

  it('keep their order when a digest has to wait for Slack', async () => {
    const ids = await settle(3);
    await gathered();
    const digest = (await claim(1))!;
    await db.deliveries.retryLater(digest.debts, 'Slack answered 429', 60_000);
    expect(await claim(1)).toBeUndefined();
    await db.sql(`UPDATE deliveries SET due_at = now()`);
    expect((await claim(1))!.debts.map(({ subjectId }) => subjectId)).toEqual(ids);
  });

  it('tell of a notice with what is true when it is told', async () => {
    const alerts = Array.from({ length: 3 }, () => anAlert());
    await db.intake.admit({ alerts, quarantined: [], cooldownMs: 0 }, admission);
    const money = { limitUsd: 0, leastUsd: 0.02, giveUpAfterMs: 86_400_000 };
    await db.queue.claim({ owner: 'w', leaseMs: LEASE_MS, idle: true, running: [], money });
    const owed = (await claim(60))!;
    expect(owed.content).toMatchObject({
      kind: 'notice',
      notice: { about: 'money', happened: expect.stringContaining('max-cost-usd-per-day') as string, waiting: 3 },
    });
    await db.deliveries.delivered(owed.debts);
    const [triage] = await db.sql<{ id: string }>('SELECT id FROM triages LIMIT 1');
    expect((await db.stored.find(triage!.id))!.deliveries).toEqual([]);
  });

  it('are kept while their channel is not configured, each with that reason, and given up when it is too late', async () => {
    const [old, young] = await settle(2);
    await db.sql(`UPDATE deliveries SET created_at = now() - interval '25 h' WHERE subject_id = $1`, [old]);
    expect(await db.deliveries.hold('slack', 86_400_000)).toBe(1);
    expect(await rows('given_up')).toMatchObject([
      { subject_id: old, reason: 'the channel is not configured now, and was not in time' },
    ]);
    expect(await rows('pending')).toMatchObject([
      { subject_id: young, reason: 'the channel is not configured now: kept, and told when it is again' },
    ]);
    expect((await claim(60))!.debts.map(({ subjectId }) => subjectId)).toEqual([young]);
    expect(await other.deliveries.hold('slack', 0)).toBe(0);
    expect(await rows('pending')).toHaveLength(1); // the one that is just being told
  });

  it('do not end at one whose triage is gone', async () => {
    const [gone, left, alsoGone, last] = await settle(4);
    await db.sql('DELETE FROM triages WHERE id = ANY ($1)', [[gone, alsoGone]]);
    expect((await claim(60))!.debts[0]!.subjectId).toBe(left);
    await gathered();
    await db.sql(`UPDATE deliveries SET lease_until = NULL`);
    expect((await claim(1))!.debts.map(({ subjectId }) => subjectId)).toEqual([left, last]);
    expect(await rows('given_up')).toMatchObject([
      { subject_id: gone, reason: 'its triage no longer exists' },
      { subject_id: alsoGone, reason: 'its triage no longer exists' },
    ]);
  });
});
