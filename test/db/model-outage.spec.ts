import { admission } from '../../src/alerts/admission';
import type { ClaimedTriage, ModelOutage } from '../../src/triage/ports/triage-queue';
import { type Adapters, anAlert, freshAdapters } from './adapters';
import { openConversation } from './recorded';

const HOUR_MS = 3_600_000;

describe('While the model is down the queue', () => {
  let db: Adapters;
  let other: Adapters;
  beforeEach(async () => {
    db = await freshAdapters();
    other = await db.again();
  });
  afterEach(() => db.close());

  const outage: ModelOutage = { model: 'm', afterMs: 25_000, happened: 'It is down.', giveUpAfterMs: 24 * HOUR_MS };
  const queue = (count: number): Promise<unknown> =>
    db.intake.admit(
      { alerts: Array.from({ length: count }, () => anAlert()), quarantined: [], cooldownMs: 0 },
      admission,
    );
  const claim = (during?: ModelOutage, by = db): Promise<ClaimedTriage | undefined> =>
    by.queue.claim({ owner: 'w', leaseMs: 30_000, idle: true, running: [], outage: during });
  const rows = () =>
    db.sql<{ status: string; reason: string | null; attempts: number; n: number; soonest: number; latest: number }>(
      `SELECT status, wait_reason AS reason, attempts, count(*)::int AS n,
         min(extract(epoch FROM due_at - now()))::float8 AS soonest, max(extract(epoch FROM due_at - now()))::float8 AS latest
       FROM triages GROUP BY 1, 2, 3`,
    );

  it('begins none: a storm waits until just after the next probe, in one statement and with one notice (F26)', async () => {
    await queue(500);
    const claims = await Promise.all([claim(outage), claim(outage, other), claim(outage), claim(outage, other)]);
    expect(claims).toEqual([undefined, undefined, undefined, undefined]);
    const [waiting, ...others] = await rows();
    expect(others).toEqual([]);
    expect(waiting).toMatchObject({ status: 'waiting', reason: 'model_unavailable', attempts: 0, n: 500 });
    expect(waiting!.soonest).toBeGreaterThan(20);
    expect(waiting!.latest).toBeLessThanOrEqual(27);
    const notices = await db.sql(`SELECT kind, state, detail FROM deliveries`);
    expect(notices).toEqual([{ kind: 'notice', state: 'pending', detail: 'It is down.' }]);
  });

  it('hands one out to look whether it is over, and all that are due when it is', async () => {
    await queue(3);
    await claim(outage);
    await db.sql('UPDATE triages SET due_at = now()');
    expect(await claim()).toMatchObject({ attempt: 1 });
    expect(await claim(outage, other)).toBeUndefined();
    await db.sql('UPDATE triages SET due_at = now()');
    expect(await claim()).toMatchObject({ attempt: 1 });
    expect(await claim()).toMatchObject({ attempt: 1 });
  });

  it('goes on with a conversation that is frozen with another model', async () => {
    await queue(1);
    const { lease } = (await claim())!;
    await openConversation(db, lease);
    await db.queue.release(lease, 0);
    expect(await claim({ ...outage, model: 'another' })).toMatchObject({ lease: { triageId: lease.triageId } });
  });

  it('hands out what has struck three workers: its end asks no model (F11)', async () => {
    await queue(1);
    await db.sql('UPDATE triages SET strikes = 3, started_at = now()');
    expect(await claim(outage)).toMatchObject({ strikes: 3, struck: false });
  });

  it('hands out what waited for too long, to be given up', async () => {
    await queue(1);
    await db.sql(`UPDATE triages SET created_at = now() - interval '25 hours'`);
    expect(await claim(outage)).toMatchObject({ attempt: 1 });
  });
});
