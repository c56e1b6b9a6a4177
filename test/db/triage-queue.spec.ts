import { admission } from '../../src/alerts/admission';
import type { Alert } from '../../src/domain/alert';
import { LeaseLost } from '../../src/domain/errors';
import type { Ending } from '../../src/domain/triage';
import type { ClaimedTriage } from '../../src/triage/ports/triage-queue';
import { type Adapters, anAlert, freshAdapters } from './adapters';
import { holdTransaction } from './held-transaction';
import { anAnswer, CONVERSATION, openConversation } from './recorded';

const LEASE_MS = 30_000;
const COMPLETE: Ending = { outcome: 'complete', endedBy: 'answer', analysis: 'because' };

describe('The triage queue on Postgres', () => {
  let db: Adapters;
  beforeEach(async () => {
    db = await freshAdapters();
  });
  afterEach(() => db.close());

  const queue = async (over: Partial<Alert> = {}): Promise<string> => {
    const [admitted] = await db.intake.admit({ alerts: [anAlert(over)], quarantined: [], cooldownMs: 0 }, admission);
    return 'triageId' in admitted! ? admitted.triageId! : '';
  };
  const claim = (
    owner: string,
    idle = true,
    by = db,
    running: readonly string[] = [],
  ): Promise<ClaimedTriage | undefined> => by.queue.claim({ owner, leaseMs: LEASE_MS, idle, running });
  const claimed = async (owner: string, idle = true): Promise<ClaimedTriage> => (await claim(owner, idle))!;
  const expireLeases = (): Promise<unknown> =>
    db.sql(`UPDATE triages SET lease_until = now() - interval '1 s' WHERE status = 'running'`);
  const row = async <Row>(id: string): Promise<Row> =>
    (await db.sql<Row>('SELECT * FROM triages WHERE id = $1', [id]))[0]!;

  it('gives each triage to one worker, with its alert', async () => {
    const id = await queue();
    const first = await claimed('a');
    expect(first).toMatchObject({
      lease: { triageId: id, owner: 'a', epoch: 1 },
      attempt: 1,
      strikes: 0,
      firings: [{ status: 'firing' }],
    });
    expect(await claim('b')).toBeUndefined();
  });

  it('gives 40 triages to eight claimers at once, each once', async () => {
    for (let i = 0; i < 40; i += 1) await queue();
    const other = await db.again();
    const workers = Array.from({ length: 8 }, async (_, i) => {
      const mine: string[] = [];
      for (let c = await claim(`w${i}`, false, i % 2 ? db : other); c; c = await claim(`w${i}`, false, db))
        mine.push(c.lease.triageId);
      return mine;
    });
    const taken = (await Promise.all(workers)).flat();
    expect(taken).toHaveLength(40);
    expect(new Set(taken).size).toBe(40);
  });

  it('takes critical ones first, then the newest, and lets none starve', async () => {
    const old = await queue();
    const newer = await queue();
    const critical = await queue({ labels: { alertname: 'A', severity: 'critical' } });
    const starving = await queue();
    await db.sql(`UPDATE triages SET created_at = now() - interval '60 s' WHERE id = $1`, [old]);
    await db.sql(`UPDATE triages SET created_at = now() - interval '25 min' WHERE id = $1`, [starving]);
    const order: string[] = [];
    for (let i = 0; i < 4; i += 1) order.push((await claimed('a', false)).lease.triageId);
    expect(order).toEqual([starving, critical, newer, old]);
  });

  it('leaves a triage that waits until it is due', async () => {
    const id = await queue();
    await db.queue.park((await claimed('a')).lease, 'model_unavailable', 60_000, 'it is down');
    expect(await claim('a')).toBeUndefined();
    expect(await db.stored.find(id)).toMatchObject({ status: 'waiting', waitReason: 'model_unavailable' });
    await db.sql(`UPDATE triages SET due_at = now() WHERE id = $1`, [id]);
    expect(await claimed('a')).toMatchObject({ attempt: 2, strikes: 0 });
  });

  it('lets another worker take over when the lease has run out, and counts the running time of the first (GV-02)', async () => {
    const id = await queue();
    await claimed('a');
    await db.sql(`UPDATE triages SET running_since = now() - interval '90 s', lease_until = now() - interval '30 s'`);
    const second = await claimed('b');
    expect(second).toMatchObject({
      lease: { triageId: id, owner: 'b', epoch: 2 },
      attempt: 2,
      strikes: 1,
      runningMs: 60_000,
    });
  });

  it('gives a triage whose lease ran out in an outage of the database to the same worker again, once it no longer runs it', async () => {
    const id = await queue();
    await claimed('a');
    await expireLeases();
    expect(await claim('a', false, db, [id])).toBeUndefined();
    expect(await claim('a')).toMatchObject({ lease: { triageId: id, epoch: 2 }, attempt: 2, strikes: 0 });
  });

  it('does not count the wait for a model that does not answer as running time', async () => {
    await queue();
    const { lease } = await claimed('a');
    await db.sql(`UPDATE triages SET running_since = now() - interval '100 s'`);
    await openConversation(db, lease);
    await db.sql(`UPDATE turns SET at = now() - interval '70 s'`);
    await db.queue.park(lease, 'model_unavailable', 0, 'it is down');
    const again = await claimed('a');
    expect(Math.round(again.runningMs / 1000)).toBe(30);

    await db.sql(`UPDATE triages SET running_since = now() - interval '40 s'`);
    await db.queue.park(again.lease, 'model_unavailable', 0, 'it is down');
    expect(Math.round((await claimed('a')).runningMs / 1000)).toBe(30);
  });

  it('renews the leases that are held and tells which are not', async () => {
    await queue();
    await queue();
    const [mine, lost] = [await claimed('a'), await claimed('a', false)];
    await db.sql(`UPDATE triages SET lease_until = now() - interval '1 s' WHERE id = $1`, [lost.lease.triageId]);
    await claimed('b', false);
    expect(await db.queue.renew([mine.lease, lost.lease], LEASE_MS)).toEqual({
      renewed: new Set([mine.lease.triageId]),
      lost: new Set([lost.lease.triageId]),
    });
  });

  it('renews the others while one of them is being written to, and does not take that one for lost (F19)', async () => {
    const [busy, other] = [await queue(), await queue()];
    const leases = [(await claimed('a')).lease, (await claimed('a', false)).lease];
    const write = await holdTransaction(db.url, 'SELECT 1 FROM triages WHERE id = $1 FOR UPDATE', [busy]);
    const renewal = await db.queue.renew(leases, LEASE_MS);
    await write.end();
    expect(renewal).toEqual({ renewed: new Set([other]), lost: new Set() });
  });

  it('gives a released triage to the next worker at once, without a strike', async () => {
    await queue();
    await db.queue.release((await claimed('a')).lease, 0);
    expect(await claimed('b')).toMatchObject({ attempt: 2, strikes: 0 });
  });

  it('settles outcome, report and delivery in one transaction (GV-03)', async () => {
    const id = await queue();
    await db.queue.settle((await claimed('a')).lease, COMPLETE);
    expect(await db.stored.find(id)).toMatchObject({
      status: 'finished',
      outcome: 'complete',
      endedBy: 'answer',
      analysis: 'because',
      deliveries: [{ channel: 'slack', kind: 'report', state: 'pending', attempts: 0 }],
    });
  });

  it('writes nothing for a worker whose lease another one holds (F12)', async () => {
    const id = await queue();
    const stale = (await claimed('a')).lease;
    const conversation = await openConversation(db, stale);
    await expireLeases();
    const fresh = (await claimed('b')).lease;

    await expect(db.log.recordAssistantTurn(stale, conversation, anAnswer())).rejects.toThrow(LeaseLost);
    await expect(db.log.recordUserTurn(stale, conversation, { wire: 'u', blocks: [] })).rejects.toThrow(LeaseLost);
    await expect(db.queue.settle(stale, COMPLETE)).rejects.toThrow(LeaseLost);
    await db.queue.release(stale, 0);
    await db.queue.park(stale, 'model_unavailable', 1, 'it is down');

    expect(await row(id)).toMatchObject({ status: 'running', owner: 'b', epoch: fresh.epoch });
    expect((await db.log.load(id))!.turns).toHaveLength(1);
    await db.queue.settle(fresh, COMPLETE);
  });

  it('keeps what was sent to the model byte for byte', async () => {
    const id = await queue();
    const { lease } = await claimed('a');
    let conversation = await openConversation(db, lease, '{"x":1.0}');
    conversation = await db.log.recordAssistantTurn(lease, conversation, anAnswer());
    const call = {
      turnSeq: 1,
      position: 0,
      handle: 'r1',
      vendorId: 'id',
      name: 'query_metrics',
      input: { query: 'up' },
    };
    const result = { ...call, status: 'ok', text: 'up 1', bytes: 4, durationMs: 3 } as const;
    conversation = await db.log.recordToolCall(lease, conversation, result, 'the whole answer');

    const loaded = (await db.log.load(id))!;
    expect(loaded.prefix).toBe(CONVERSATION.prefix);
    expect(loaded.turns.map((turn) => turn.wire)).toEqual(['{"x":1.0}', anAnswer().wire]);
    expect(loaded).toMatchObject(
      JSON.parse(
        JSON.stringify({ ...conversation, turns: [{}, { usage: anAnswer().usage, costUsd: 0.25 }] }),
      ) as object,
    );
    expect(loaded.toolCalls).toEqual([{ ...result, refusal: undefined }]);
    expect(await row(id)).toMatchObject({
      input_tokens: '10',
      output_tokens: '5',
      cache_read_tokens: '3',
      cost_usd: '0.250000',
    });
    expect(await db.sql('SELECT bytes FROM full_results')).toEqual([{ bytes: 16 }]);
  });

  describe('takes back the strikes of a worker that lives', () => {
    /** Its lease runs out and each of the others takes it over in turn. */
    const takenOver = async (...owners: string[]): Promise<ClaimedTriage> => {
      let last = await claimed('a');
      for (const owner of owners) {
        await expireLeases();
        last = await claimed(owner);
      }
      return last;
    };

    it('at its word, and leaves the triage to the worker that has it', async () => {
      const id = await queue();
      const { lease } = await takenOver('b');
      expect(await row(id)).toMatchObject({ strikes: 1, presumed_dead: ['a'] });
      await db.queue.disclaim('a', []);
      expect(await row(id)).toMatchObject({
        status: 'running',
        owner: 'b',
        epoch: lease.epoch,
        strikes: 0,
        presumed_dead: [],
      });
    });

    it('in the middle of others, and each once: those of the dead stay', async () => {
      const id = await queue();
      await takenOver('b', 'a', 'dead', 'c');
      expect(await row(id)).toMatchObject({ strikes: 4, presumed_dead: ['a', 'b', 'a', 'dead'] });
      await db.queue.disclaim('a', []);
      await db.queue.disclaim('a', []);
      await db.queue.disclaim('b', [id]);
      expect(await row(id)).toMatchObject({ strikes: 1, presumed_dead: ['dead'] });
    });

    it('not below nothing where a turn was recorded meanwhile', async () => {
      const id = await queue();
      const { lease } = await takenOver('b');
      const conversation = await openConversation(db, lease);
      await db.log.recordAssistantTurn(lease, conversation, anAnswer());
      await expireLeases();
      await claimed('c');
      await db.queue.disclaim('a', []);
      expect(await row(id)).toMatchObject({ strikes: 1, presumed_dead: ['b'] });
    });

    it('before another one can count it, where nobody has taken the triage yet', async () => {
      const [lost, kept] = [await queue(), await queue()];
      const both = [await claimed('a'), await claimed('a', false)];
      expect(both.map(({ lease }) => lease.triageId).sort()).toEqual([lost, kept].sort());
      const gone = `running_since = now() - interval '90 s', lease_until = now() - interval '30 s'`;
      await db.sql(`UPDATE triages SET ${gone} WHERE id = $1`, [lost]);
      await db.queue.disclaim('a', [kept]);
      expect(await row(kept)).toMatchObject({ status: 'running', owner: 'a' });
      expect(await row(lost)).toMatchObject({ status: 'queued', owner: null, running_ms: '60000' });
      expect(await claim('b', false)).toMatchObject({ lease: { triageId: lost }, strikes: 0, struck: false });
    });
  });

  it('gives a third strike to any worker, as one just counted; and after that as one that was heard (F11)', async () => {
    await queue();
    for (const owner of ['a', 'b', 'c']) {
      await claimed(owner);
      await expireLeases();
    }
    const third = await claim('d', false);
    expect(third).toMatchObject({ strikes: 3, struck: true });
    await db.queue.release(third!.lease, 0);
    expect(await claim('e', false)).toMatchObject({ strikes: 3, struck: false });
  });

  it('forgets strikes once a turn is recorded', async () => {
    const id = await queue();
    await claimed('a');
    await expireLeases();
    const { lease, strikes } = await claimed('b');
    expect(strikes).toBe(1);
    const conversation = await openConversation(db, lease);
    await db.log.recordAssistantTurn(lease, conversation, anAnswer());
    expect(await row(id)).toMatchObject({ strikes: 0 });
  });

  it('gives a triage that crashed two workers only to an idle one (F11)', async () => {
    await queue();
    for (const owner of ['a', 'b']) {
      await claimed(owner);
      await expireLeases();
    }
    expect(await claim('c', false)).toBeUndefined();
    expect(await claim('c', true)).toMatchObject({ strikes: 2 });
  });

  it('lets one that crashed two workers wait ten minutes for an idle one; then a busy one takes nothing before it (F11)', async () => {
    const suspect = await queue();
    for (const owner of ['a', 'b']) {
      await claimed(owner);
      await expireLeases();
    }
    await queue();
    expect(await claim('c', false)).toMatchObject({ strikes: 0 });
    await queue();
    await db.sql(
      `UPDATE triages SET created_at = created_at - interval '15 min', due_at = due_at - interval '15 min',
         lease_until = lease_until - interval '15 min' WHERE id = $1`,
      [suspect],
    );
    expect(await claim('c', false)).toBeUndefined();
    expect(await claim('d', true)).toMatchObject({ lease: { triageId: suspect }, strikes: 2 });
    expect(await claim('c', false)).toMatchObject({ strikes: 0 });
  });

  it('hands deliveries out in the order of settling, one at a time', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      ids.push(await queue());
      await db.queue.settle((await claimed('a')).lease, COMPLETE);
    }
    const other = await db.again();
    const first = (await db.deliveries.claim('slack', LEASE_MS, () => 'alone'))!;
    expect(first).toMatchObject({
      debts: [{ subjectId: ids[0], attempts: 1 }],
      content: { kind: 'report', triage: { outcome: 'complete' } },
    });
    expect(await other.deliveries.claim('slack', LEASE_MS, () => 'alone')).toBeUndefined();

    await db.deliveries.retryLater(first.debts, 'slack answered 500', 60_000);
    expect(await other.deliveries.claim('slack', LEASE_MS, () => 'alone')).toBeUndefined();
    await db.sql('UPDATE deliveries SET due_at = now()');
    const again = (await other.deliveries.claim('slack', LEASE_MS, () => 'alone'))!;
    expect(again.debts).toMatchObject([{ subjectId: ids[0], attempts: 2 }]);
    await other.deliveries.delivered(again.debts);
    const second = (await db.deliveries.claim('slack', LEASE_MS, () => 'alone'))!;
    expect(second.debts[0]!.subjectId).toBe(ids[1]);
    await db.deliveries.giveUp(second.debts, 'no_service');
    expect((await db.stored.find(ids[1]!))!.deliveries).toMatchObject([{ state: 'given_up', reason: 'no_service' }]);
    expect((await db.deliveries.claim('slack', LEASE_MS, () => 'alone'))!.debts[0]!.subjectId).toBe(ids[2]);
  });
});
