import { admission } from '../../src/alerts/admission';
import type { Admission, Alert } from '../../src/domain/alert';
import { type Adapters, anAlert, freshAdapters } from './adapters';
import { type HeldTransaction, holdTransaction, waitingForLocks } from './held-transaction';

const FIRST = new Date('2026-11-23T19:05:34.825Z');
const SECOND = new Date('2026-11-23T20:00:00Z');

describe('Two bodies at the intake at once', () => {
  let db: Adapters;
  let other: Adapters;
  const held: HeldTransaction[] = [];

  beforeAll(async () => {
    db = await freshAdapters();
    other = await db.again();
  });
  afterEach(async () => {
    for (const transaction of held.splice(0)) await transaction.end();
  });
  afterAll(() => db.close());

  const admit = ({ intake }: Adapters, ...alerts: Alert[]): Promise<Admission[]> =>
    intake.admit({ alerts, quarantined: [], cooldownMs: 3_600_000 }, admission);
  const hold = async (sql: string, parameters: unknown[]): Promise<HeldTransaction> => {
    const transaction = await holdTransaction(db.url, sql, parameters);
    held.push(transaction);
    return transaction;
  };
  const queuedTriage = async (alert: Alert): Promise<string> => {
    const [admitted] = await admit(db, alert);
    if (admitted?.decision !== 'queued') throw new Error(`expected queued, got ${JSON.stringify(admitted)}`);
    return admitted.triageId;
  };

  /** The firings that nobody will look at: no worker runs here, so each open one must hang on an unfinished triage. */
  const forgotten = (): Promise<unknown[]> =>
    db.sql(`SELECT fingerprint, starts_at FROM firings f WHERE f.status = 'firing' AND NOT EXISTS (
      SELECT 1 FROM triage_firings tf JOIN triages t ON t.id = tf.triage_id
      WHERE tf.firing_id = f.id AND t.status <> 'finished')`);

  it('queue a firing anew when a resolve of another one cancels the triage that it would have joined', async () => {
    const first = anAlert({ startsAt: FIRST });
    const triageId = await queuedTriage(first);
    const row = await hold('SELECT 1 FROM triages WHERE id = $1 FOR UPDATE', [triageId]);

    const resolve = admit(db, { ...first, status: 'resolved' });
    await waitingForLocks(db, 1);
    const firing = admit(other, { ...first, startsAt: SECOND });
    await waitingForLocks(db, 2);
    await row.end();

    expect(await resolve).toMatchObject([{ decision: 'not_firing', triageId }]);
    const [admitted] = await firing;
    expect(admitted).toMatchObject({ decision: 'queued' });
    expect(admitted).not.toMatchObject({ triageId });
    expect(await forgotten()).toEqual([]);
  });

  it('keep the triage that a firing has joined when a resolve of another one comes behind it', async () => {
    const first = anAlert({ startsAt: FIRST });
    const triageId = await queuedTriage(first);
    const row = await hold('SELECT 1 FROM triages WHERE id = $1 FOR UPDATE', [triageId]);

    const firing = admit(other, { ...first, startsAt: SECOND });
    await waitingForLocks(db, 1);
    const resolve = admit(db, { ...first, status: 'resolved' });
    await waitingForLocks(db, 2);
    await row.end();

    expect(await firing).toMatchObject([{ decision: 'duplicate', triageId }]);
    expect(await resolve).toMatchObject([{ decision: 'not_firing', triageId }]);
    expect(await db.stored.find(triageId)).toMatchObject({ status: 'queued' });
    expect(await forgotten()).toEqual([]);
  });

  it('let a firing join the triage that another body opened for its fingerprint a moment before', async () => {
    const alert = anAlert({ startsAt: SECOND });
    const opener = await hold(
      `WITH f AS (INSERT INTO firings (id, fingerprint, starts_at, status, labels, annotations)
                  VALUES ('f-before', $1, $2, 'firing', '{}', '{}') RETURNING id),
            t AS (INSERT INTO triages (id, subject_key, status, alert_name, fingerprint)
                  VALUES ('t-before', 'alert:' || $1, 'queued', 'A', $1) RETURNING id)
       INSERT INTO triage_firings SELECT t.id, f.id FROM t, f`,
      [alert.fingerprint, FIRST],
    );
    const firing = admit(db, alert);
    await waitingForLocks(db, 1);
    await opener.end();

    expect(await firing).toMatchObject([{ decision: 'duplicate', triageId: 't-before' }]);
    await admit(db, { ...alert, startsAt: FIRST, status: 'resolved' });
    expect(await db.stored.find('t-before')).toMatchObject({ status: 'queued' });
    expect(await forgotten()).toEqual([]);
  });

  it('wait for no conversation: a status is read, not the investigation behind it (GV-33)', async () => {
    const alert = anAlert();
    const triageId = await queuedTriage(alert);
    await hold('LOCK TABLE conversations, turns, tool_calls IN ACCESS EXCLUSIVE MODE', []);
    expect(await admit(db, alert)).toMatchObject([{ decision: 'duplicate', triageId }]);
  });

  it('make one firing of an alert without a start', async () => {
    const before = anAlert({ fingerprint: 'without-start-1' });
    const alert = anAlert({ fingerprint: 'without-start-2', startsAt: undefined });
    const neighbour = await hold(
      `INSERT INTO firings (id, fingerprint, starts_at, status, labels, annotations)
       VALUES ('f-neighbour', $1, $2, 'firing', '{}', '{}')`,
      [before.fingerprint, before.startsAt],
    );
    const first = admit(db, before, alert);
    await waitingForLocks(db, 1);
    const second = admit(other, alert);
    await Promise.race([second, waitingForLocks(db, 2)]);
    await neighbour.end();
    await Promise.all([first, second]);
    expect(await db.sql('SELECT times_seen FROM firings WHERE fingerprint = $1', [alert.fingerprint])).toEqual([
      { times_seen: 2 },
    ]);
  });

  it('forget no firing and never deadlock, in whatever order firings and resolves come (GV-09)', async () => {
    const alerts = Array.from({ length: 4 }, () => anAlert()).flatMap((alert) =>
      [FIRST, SECOND, undefined].map((startsAt) => ({ ...alert, startsAt })),
    );
    const dice = diceOf(20_261_123);
    const bodies = Array.from({ length: 200 }, () =>
      alerts
        .filter(() => dice() < 0.6)
        .map((alert): [number, Alert] => [dice(), { ...alert, status: dice() < 0.5 ? 'firing' : 'resolved' }])
        .sort(([a], [b]) => a - b)
        .map(([, alert]) => alert),
    );
    // As many at once as the two pools serve without anybody waiting for a connection.
    const senders = Array.from({ length: 20 }, async (_, sender) => {
      for (let i = sender; i < bodies.length; i += 20) await admit(i % 2 ? db : other, ...bodies[i]!);
    });
    await Promise.all(senders);
    expect(await forgotten()).toEqual([]);
    expect(await db.sql(`SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`)).toEqual([
      { deadlocks: 0 },
    ]);
  });
});

/** The same throws each time: a failure can be looked at again. */
function diceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
