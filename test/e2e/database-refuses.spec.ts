import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/persistence/embedded/start-embedded-postgres';
import { sabotage } from '../database/sabotage';
import { until } from '../until';
import { type StandIns, startStandIns, webhookOf } from './stand-ins';
import { startTcpGate } from './tcp-gate';
import { type AdmittedBody, startVigilInProcess, type VigilInProcess } from './vigil-in-process';
import { startVigilWithWorld } from './vigil-with-world';

let world: StandIns;
let vigil: VigilInProcess;

const send = async (
  fingerprint: string,
  body = webhookOf(fingerprint),
): Promise<{ status: number; answer: Response; ms: number }> => {
  const begun = performance.now();
  const answer = await vigil.call('/api/v1/alerts', { method: 'POST', body });
  return { status: answer.status, answer, ms: performance.now() - begun };
};
const expectRefusedForNow = async (fingerprint: string): Promise<void> => {
  const { status, answer, ms } = await send(fingerprint);
  expect(status).toBe(503);
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(await answer.json()).toMatchObject({ code: 'db.unavailable' });
  expect(ms).toBeLessThan(2_000);
};
const expectStored = async (fingerprint: string): Promise<void> => {
  const { status, answer } = await send(fingerprint);
  expect(status).toBe(202);
  expect(((await answer.json()) as AdmittedBody).alerts).toMatchObject([{ fingerprint, decision: 'queued' }]);
};

describe('When the database cannot store an alert', () => {
  let sql: Client;

  beforeAll(async () => {
    const started = await startVigilWithWorld({ drain_seconds: '0' });
    started.world.anthropic.play(() => ({ fault: 'hang' }));
    ({ world, sql } = started);
    vigil = started;
  });
  afterAll(() => vigil.stop());

  it.each([
    ['its disk is full', '53100'],
    ['it has no memory', '53200'],
    ['it takes no more connections', '53300'],
    ['it is read-only after a failover', '25006'],
    ['a statement took too long', '57014'],
    ['a lock took too long', '55P03'],
    ['it shuts down', '57P01'],
  ])(
    'because %s, the sender hears 503 at once and nothing is kept; afterwards the same body is stored (GV-01, F18, F19)',
    async (_, sqlstate) => {
      for (const table of ['firings', 'triages', 'triage_firings']) {
        const fingerprint = `${sqlstate}-${table}`;
        const mend = await sabotage(
          sql,
          `BEFORE INSERT ON ${table}`,
          `RAISE EXCEPTION 'sabotage' USING ERRCODE = '${sqlstate}';`,
        );
        await expectRefusedForNow(fingerprint);
        expect((await sql.query('SELECT 1 FROM firings WHERE fingerprint = $1', [fingerprint])).rows).toEqual([]);
        await mend();
        await expectStored(fingerprint);
      }
      const figures = await (await fetch(`${vigil.adminUrl}/metrics`)).text();
      expect(figures).toMatch(/^vigil_webhook_rejected_total\{reason="unavailable"\} [1-9]/m);
    },
  );

  it('looks at a conflict with another transaction again, and then stores it (F22)', async () => {
    await sql.query('CREATE SEQUENCE conflicts');
    const mend = await sabotage(
      sql,
      'BEFORE INSERT ON triages',
      `IF nextval('conflicts') <= 3 THEN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END IF; RETURN NULL;`,
    );
    await expectStored('conflict');
    await mend();
    expect((await sql.query(`SELECT times_seen FROM firings WHERE fingerprint = 'conflict'`)).rows).toEqual([
      { times_seen: 1 },
    ]);
  });

  it('takes five seconds for one statement, the sender hears 503 before it gives up itself (F19)', async () => {
    const mend = await sabotage(sql, 'BEFORE INSERT ON firings', 'PERFORM pg_sleep(5); RETURN NULL;');
    const slow = send('slow');
    const lagsMs: number[] = [];
    for (let i = 0; i < 20; i += 1) {
      const begun = performance.now();
      expect((await vigil.call('/-/healthy')).status).toBe(200);
      lagsMs.push(performance.now() - begun);
    }
    const { status, ms } = await slow;
    expect(status).toBe(503);
    expect(ms).toBeLessThan(6_000);
    expect(Math.max(...lagsMs)).toBeLessThan(1_000);
    await mend();
    await expectStored('slow');
  }, 15_000);

  it('is only slow, and every place is taken: what finds none hears 503 in time, never a 4xx (F20)', async () => {
    const mend = await sabotage(sql, 'BEFORE INSERT ON triages', 'PERFORM pg_sleep(3); RETURN NULL;');
    const names = Array.from({ length: 50 }, (_, i) => `crowd-${i}`);
    // Each says something else of one and the same alert: so no two of them share a transaction.
    const bodyOf = (name: string, i: number): string => {
      const bodies = [webhookOf(name), webhookOf('same', { status: 'resolved', startsAt: new Date(i).toISOString() })];
      const alerts = bodies.flatMap((body) => (JSON.parse(body) as { alerts: unknown[] }).alerts);
      return JSON.stringify({ version: '4', alerts });
    };
    const answers = await Promise.all(names.map((name, i) => send(name, bodyOf(name, i))));
    await mend();
    const refused = names.filter((_, i) => answers[i]!.status === 503);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 503]));
    expect(refused.length).toBeGreaterThanOrEqual(50 - 16);
    for (const { status, ms } of answers) if (status === 503) expect(ms).toBeLessThan(3_500);
    for (const name of refused) await expectStored(name);
    const { rows } = await sql.query(`SELECT count(*)::int AS n FROM triages WHERE fingerprint LIKE 'crowd-%'`);
    expect(rows).toEqual([{ n: 50 }]);
  }, 20_000);
});

describe('When the database server is stopped', () => {
  it('the sender hears 503 within two seconds and readiness says so; when it is back the same body is stored (GV-01, GV-13, F15)', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'vigil-stopped-'));
    let server = await startEmbeddedPostgres({ dataDir, fsync: false });
    const gate = await startTcpGate(Number(new URL(server.url).port));
    const url = new URL(server.url);
    url.port = String(gate.port);
    world = await startStandIns(() => ({ fault: 'hang' }));
    vigil = await startVigilInProcess({ ...world.settings, database_url: url.href, drain_seconds: '0' });
    const ready = async (): Promise<number> => (await vigil.call('/-/ready')).status;
    try {
      await expectStored('before');
      await server.stop();
      for (let i = 0; i < 3; i += 1) await expectRefusedForNow('meanwhile');
      expect([await ready(), (await vigil.call('/-/healthy')).status]).toEqual([503, 200]);

      server = await startEmbeddedPostgres({ dataDir, fsync: false });
      gate.leadTo(Number(new URL(server.url).port));
      await until('the body is stored', async () => (await send('meanwhile')).status === 202);
      await until('it is ready', async () => (await ready()) === 200);
    } finally {
      await vigil.stop();
      await world.stop();
      await gate.close();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  }, 60_000);
});
