import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { admission } from '../../src/alerts/admission';
import { RetentionJob } from '../../src/retention/retention-job';
import { SystemClock } from '../../src/system/system-clock';
import { type Adapters, anAlert, freshAdapters } from './adapters';
import { openConversation } from './recorded';

const DAYS = 90;

describe('Retention', () => {
  let db: Adapters;
  beforeEach(async () => {
    Logger.overrideLogger(false);
    db = await freshAdapters();
  });
  afterEach(() => db.close());

  const job = (by = db): RetentionJob =>
    new RetentionJob(by.expired, { days: DAYS }, new SystemClock(), { fraction: () => 0 });
  /** A finished triage with a conversation, a tool call, a full result and a delivery that was made. */
  const finish = async (): Promise<string> => {
    await db.intake.admit({ alerts: [anAlert()], quarantined: [], cooldownMs: 0 }, admission);
    const { lease } = (await db.queue.claim({ owner: 'w', leaseMs: 30_000, idle: true, running: [] }))!;
    const { triageId } = lease;
    const conversation = await openConversation(db, lease);
    const call = {
      turnSeq: 1,
      position: 0,
      handle: 'r1',
      vendorId: 'v',
      name: 'q',
      input: {},
      bytes: 1,
      durationMs: 1,
    };
    await db.log.recordToolCall(lease, conversation, { ...call, status: 'ok', text: 'x' }, 'the whole');
    await db.queue.settle(lease, { outcome: 'complete', endedBy: 'answer', analysis: 'because' });
    await db.sql(`UPDATE deliveries SET state = 'delivered', delivered_at = now() WHERE subject_id = $1`, [triageId]);
    return triageId;
  };
  /** All times of all tables go into the past. */
  const age = async (days: number): Promise<void> => {
    const by = `interval '${days} days'`;
    await db.sql(`UPDATE triages SET created_at = created_at - ${by}, completed_at = completed_at - ${by}`);
    await db.sql(`UPDATE firings SET first_seen_at = first_seen_at - ${by}, last_seen_at = last_seen_at - ${by}`);
    await db.sql(`UPDATE deliveries SET created_at = created_at - ${by}`);
    await db.sql(`UPDATE full_results SET expires_at = expires_at - ${by}`);
    await db.sql(`UPDATE quarantine SET received_at = received_at - ${by}`);
    await db.sql(`UPDATE changes SET at = at - ${by}, received_at = received_at - ${by}`);
    await db.sql(`UPDATE money_days SET day = day - ${days}`);
  };
  const TABLES =
    'triages firings triage_firings conversations turns tool_calls full_results deliveries quarantine changes money_days';
  const counts = async (): Promise<Record<string, number>> => {
    const rows = await db.sql<{ name: string; n: number }>(
      TABLES.split(' ')
        .map((name) => `SELECT '${name}' AS name, count(*)::int AS n FROM ${name}`)
        .join(' UNION ALL '),
    );
    return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
  };

  it('deletes what is older, with everything that hangs on it, and nothing that is younger (F74, GV-34)', async () => {
    await finish();
    await finish();
    await db.sql(`INSERT INTO quarantine (id, reason, body) VALUES ('q', 'r', 'b')`);
    await db.sql(`INSERT INTO changes (source, id, kind, at, title) VALUES ('s', 'i', 'deploy', now(), 't')`);
    await db.sql(
      `INSERT INTO deliveries (id, channel, kind, subject_id, state) VALUES ('n', 'slack', 'notice', 'money:x', 'given_up')`,
    );
    await db.sql(`INSERT INTO money_days (day, spent_usd) VALUES (now()::date, 1)`);
    await age(DAYS - 1);
    const before = await counts();
    await job().round();
    expect(await counts()).toEqual({ ...before, full_results: 0 });
    await age(2);
    const young = await finish();
    await job().round();
    expect(await counts()).toEqual({
      ...{ triages: 1, firings: 1, triage_firings: 1, conversations: 1, turns: 1, tool_calls: 1, full_results: 1 },
      ...{ deliveries: 1, quarantine: 0, changes: 0, money_days: 0 },
    });
    expect(await db.stored.find(young)).toBeDefined();
  });

  it('never deletes what is unfinished, nor what is still to be said', async () => {
    await db.intake.admit({ alerts: [anAlert(), anAlert(), anAlert()], quarantined: [], cooldownMs: 0 }, admission);
    const claim = () => db.queue.claim({ owner: 'w', leaseMs: 30_000, idle: true, running: [] });
    await db.queue.park((await claim())!.lease, 'model_unavailable', 60_000, 'it is down');
    await db.queue.settle((await claim())!.lease, { outcome: 'complete', endedBy: 'answer', analysis: 'because' });
    await age(DAYS + 1);
    const before = await counts();
    await job().round();
    expect(await counts()).toEqual(before); // one queued, one waiting, one with a pending delivery; a pending notice
    expect(before).toMatchObject({ triages: 3, firings: 3, deliveries: 2 });
  });

  it('keeps a firing that is still sent, though its triage is old', async () => {
    await finish();
    await age(DAYS + 1);
    await db.sql(`UPDATE firings SET last_seen_at = now()`);
    await job().round();
    expect(await counts()).toMatchObject({ triages: 0, firings: 1, triage_firings: 0 });
  });

  it('keeps a change that was told late for as long as one that was told at once', async () => {
    const old = `now() - interval '${DAYS + 1} days'`;
    await db.sql(`INSERT INTO changes (source, id, kind, at, title) VALUES ('s', 'late', 'deploy', ${old}, 't')`);
    await db.sql(`INSERT INTO changes (source, id, kind, at, received_at, title) VALUES
      ('s', 'old', 'deploy', ${old}, ${old}, 't'), ('s', 'young', 'deploy', now(), ${old}, 't')`);
    await job().round();
    const left = await db.sql<{ id: string }>('SELECT id FROM changes ORDER BY id');
    expect(left.map(({ id }) => id)).toEqual(['late', 'young']);
  });

  it('takes no more than a thousand rows in one transaction, and goes on until nothing is left', async () => {
    await db.sql(`INSERT INTO quarantine (id, reason, body, received_at)
      SELECT i::text, 'r', 'b', now() - interval '91 days' FROM generate_series(1, 2500) AS i`);
    expect(await db.expired.deleteBatch('quarantined alerts', DAYS)).toEqual({ deleted: 1_000, more: true });
    await job().round();
    expect(await counts()).toMatchObject({ quarantine: 0 });
  });

  it('does not wait for a reader, does not break it, and leaves what somebody holds (F74)', async () => {
    const held = await finish();
    await finish();
    await age(DAYS + 1);
    const [{ url }] = (await db.sql<{ url: string }>(`SELECT current_database() AS url`)) as [{ url: string }];
    const reader = new Client({
      connectionString: Object.assign(new URL(process.env.VIGIL_TEST_DATABASE_URL!), { pathname: url }).href,
    });
    await reader.connect();
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const look = async () => (await reader.query('SELECT count(*)::int AS n FROM tool_calls')).rows;
    expect(await look()).toEqual([{ n: 2 }]);
    await reader.query('SELECT 1 FROM triages WHERE id = $1 FOR KEY SHARE', [held]);
    await job().round();
    expect(await look()).toEqual([{ n: 2 }]);
    expect(await counts()).toMatchObject({ triages: 1, tool_calls: 1 });
    await reader.query('COMMIT');
    await reader.end();
    await job().round();
    expect(await counts()).toMatchObject({ triages: 0, tool_calls: 0, deliveries: 0 });
  });

  it('is done by one replica at a time', async () => {
    const other = await db.again();
    for (let i = 0; i < 3; i += 1) await finish();
    await age(DAYS + 1);
    await db.database.transaction(async (sql) => {
      await sql('SELECT pg_advisory_xact_lock(7316281553)');
      expect(await other.expired.deleteBatch('triages', DAYS)).toBeUndefined();
    });
    await Promise.all([job().round(), job(other).round()]);
    await job().round();
    expect(await counts()).toMatchObject({ triages: 0, firings: 0, deliveries: 0 });
  });
});
