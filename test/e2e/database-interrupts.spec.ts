import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { sabotage } from '../database/sabotage';
import { held } from '../held';
import { until } from '../until';
import { type Adapters, adaptersOn, anAlert } from '../db/adapters';
import { admission } from '../../src/alerts/admission';
import { webhookOf } from './stand-ins';
import { playTerminatedBackends } from './terminated-backends';
import { startVigilWithWorld, type VigilWithWorld } from './vigil-with-world';

jest.setTimeout(60_000);

describe('The program, when the database', () => {
  let vigil: VigilWithWorld;
  let sql: Client;
  beforeAll(async () => {
    vigil = await startVigilWithWorld({ lease_seconds: '6' });
    ({ sql } = vigil);
  });
  afterAll(() => vigil.stop());

  const send = (fingerprint: string): Promise<Response> =>
    vigil.call('/api/v1/alerts', { method: 'POST', body: webhookOf(fingerprint, { status: 'resolved' }) });
  const backends = async (name: string): Promise<number[]> => {
    const { rows } = await sql.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1`,
      [name],
    );
    return rows.map(({ pid }) => pid);
  };

  it('ends every connection again and again, acknowledges only what it stores, and pays for each answer of a triage once (F14)', async () => {
    const seen = await playTerminatedBackends(vigil, { times: 5, everyMs: 300 });
    expect(seen).toEqual({ others: [], lost: [], broken: [] });
  });

  it('is read-only since a failover, refuses alerts, and stores them over new connections when it is not any more (F17)', async () => {
    const name = (await sql.query<{ name: string }>('SELECT current_database() AS name')).rows[0]!.name;
    await sql.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    for (const pid of await backends('vigil')) await sql.query('SELECT pg_terminate_backend($1)', [pid]);
    await until('it refuses', async () => (await send('read-only')).status === 503);
    expect((await send('read-only')).status).toBe(503);
    // Nobody ends the sessions: those that began while it was so stay read-only for ever.
    await sql.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    await until('it stores', async () => (await send('read-only')).status === 202);
    const { accepted } = await vigil.post(webhookOf('after-failover'));
    await vigil.inStatus(accepted[0]!, 'finished');
  });

  it('gives every connection to a slow intake, renews its leases all the same (F20)', async () => {
    const answer = held();
    vigil.world.anthropic.play(async () => {
      await answer.wait;
      return { fault: 'hang' };
    });
    const [id] = (await vigil.post(webhookOf('runs'))).accepted;
    await vigil.inStatus(id!, 'running');
    const leaseUntil = async (): Promise<Date> =>
      (await sql.query<{ at: Date }>('SELECT lease_until AS at FROM triages WHERE id = $1', [id])).rows[0]!.at;

    const mend = await sabotage(sql, 'BEFORE INSERT ON firings', 'PERFORM pg_sleep(3.5); RETURN NULL;');
    // Those that come at the same moment would share one connection.
    const crowd = Promise.all(Array.from({ length: 50 }, (_, i) => delay(i * 15).then(() => send(`crowd-${i}`))));
    const before = await leaseUntil();
    const answers = (await crowd).map((answer) => answer.status);
    expect(answers.filter((status) => status === 503).length).toBeGreaterThanOrEqual(50 - 16);
    expect((await leaseUntil()).getTime()).toBeGreaterThan(before.getTime());
    expect(await vigil.see(id!)).toMatchObject({ status: 'running', attempts: 1 });
    await mend();
    answer.release();
  });

  it('cuts off the doorbell, finds the work of others by polling, and hears again afterwards (F21)', async () => {
    const [bell] = await backends('vigil doorbell');
    await sql.query('SELECT pg_terminate_backend($1)', [bell]);
    await until('it is deaf', async () => (await backends('vigil doorbell')).length === 0);
    const other: Adapters = await adaptersOn(vigil.databaseUrl);
    const [queued] = await other.intake.admit({ alerts: [anAlert()], quarantined: [], cooldownMs: 0 }, admission);
    await other.close();
    await vigil.inStatus((queued as { triageId: string }).triageId, 'running');
    await until('it hears again', async () => (await backends('vigil doorbell')).length === 1);
  });
});
