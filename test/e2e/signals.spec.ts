import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import type { Answer } from '../stand-ins/anthropic-answer.ts';
import { held, type Held } from '../held';
import { until } from '../until';
import { queryThenReport, type StandIns, startStandIns, webhookOf } from './stand-ins';
import { startVigilProcess, TOKEN, type VigilProcess } from './vigil-process';

jest.setTimeout(60_000);

/** What the machine may add to the second that the program has. */
const MARGIN_MS = 700;

describe('A signal to the program', () => {
  let database: TestDatabase;
  let sql: Client;
  let world: StandIns;
  /** Lets the model answer. */
  let answers: Held;
  const processes: VigilProcess[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    sql = new Client({ connectionString: database.url });
    await sql.connect();
    answers = held();
    world = await startStandIns(async (request): Promise<Answer> => {
      await answers.wait;
      return queryThenReport(request);
    });
  });
  afterEach(async () => {
    answers.release();
    await Promise.all(processes.splice(0).map((vigil) => vigil.signal('SIGKILL')));
    await world.stop();
    await sql.end();
    await database.drop();
  });

  const start = async (over: Readonly<Record<string, string>> = {}): Promise<VigilProcess> => {
    const vigil = await startVigilProcess({ ...world.settings, database_url: database.url, ...over });
    processes.push(vigil);
    return vigil;
  };
  const post = (vigil: VigilProcess, fingerprint: string): Promise<Response> =>
    vigil.call('/api/v1/alerts', { method: 'POST', body: webhookOf(fingerprint) });
  /** A triage of `f1` waits for the model. */
  const inModelCall = async (vigil: VigilProcess): Promise<void> => {
    expect((await post(vigil, 'f1')).status).toBe(202);
    await until('the model is asked', () => world.anthropic.journal[0]);
  };
  const saidThat = (vigil: VigilProcess, what: string): Promise<true> =>
    until(`the log says: ${what}`, () => vigil.log.some((line) => line.includes(what)) || undefined);
  const triages = async (): Promise<unknown[]> =>
    (await sql.query('SELECT fingerprint, status, owner, attempts, strikes FROM triages ORDER BY fingerprint')).rows;

  it.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
  ] as const)(
    '%s and then %s cuts a model call: over within a second, and another process goes on at once (F60)',
    async (first, second) => {
      const vigil = await start();
      await inModelCall(vigil);
      const other = await start();
      void vigil.signal(first);
      await saidThat(vigil, '"stopping:');
      const sentMs = performance.now();
      expect(await vigil.signal(second)).toBe(0);
      expect(performance.now() - sentMs).toBeLessThan(1_000 + MARGIN_MS);
      await saidThat(other, '"triage started"');
      expect(performance.now() - sentMs).toBeLessThan(3_000 + MARGIN_MS); // its lease had 30 s
      expect(vigil.log.join('\n')).not.toMatch(/nobody caught|"level":"(error|fatal)"/);
      expect(await triages()).toMatchObject([{ status: 'running', attempts: 2, strikes: 0 }]);
    },
  );

  it('lets what runs end before it takes the database away, starts nothing more, and still stores (GV-04, GV-05)', async () => {
    const vigil = await start();
    await inModelCall(vigil);
    void vigil.signal('SIGTERM');
    await saidThat(vigil, '"stopping:');
    for (const url of [vigil.url, vigil.adminUrl]) {
      const ready = await fetch(`${url}/-/ready`);
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({ status: 'draining' });
    }
    const stored = await post(vigil, 'f2');
    expect(stored.status).toBe(202);
    expect(await stored.json()).toMatchObject({ alerts: [{ decision: 'queued' }] });
    await sleep(1_200); // longer than a round of the worker: time enough to claim it

    answers.release();
    const releasedMs = performance.now();
    expect(await vigil.ended).toBe(0);
    // drain-seconds are 60: a drain that has nothing to wait for is over.
    expect(performance.now() - releasedMs).toBeLessThan(8_000);
    expect(await triages()).toMatchObject([
      { status: 'finished', owner: null },
      { status: 'queued', owner: null, attempts: 0 },
    ]);
  });

  it('while a triage is being claimed puts that back: it is not started (GV-05)', async () => {
    const first = await start();
    await inModelCall(first);
    void first.signal('SIGTERM');
    await saidThat(first, '"stopping:');
    expect(await first.signal('SIGTERM')).toBe(0); // leaves it queued
    await sql.query('BEGIN');
    await sql.query('LOCK TABLE triages IN ACCESS EXCLUSIVE MODE');
    const vigil = await start();
    await until('the claim waits for the table', async () => {
      const { rows } = await sql.query(
        `SELECT FROM pg_locks WHERE relation = 'triages'::regclass AND mode LIKE 'Row%' AND NOT granted`,
      );
      return rows[0] as object | undefined;
    });
    void vigil.signal('SIGTERM');
    await saidThat(vigil, '"stopping:');
    await sql.query('COMMIT');
    expect(await vigil.ended).toBe(0);
    expect(vigil.log.join('\n')).not.toContain('"triage started"');
    expect(await triages()).toMatchObject([{ status: 'queued', owner: null, strikes: 0 }]);
  });

  it('in the middle of an upload: 202 only for what is stored, and who never ends is cut (F61)', async () => {
    const vigil = await start();
    await inModelCall(vigil);
    const ends = await upload(vigil, 'ends');
    const neverEnds = await upload(vigil, 'never-ends');
    void vigil.signal('SIGTERM');
    await saidThat(vigil, '"stopping:');
    ends.finish();
    expect(await ends.answer).toMatch(/^HTTP\/1.1 202 /);

    answers.release();
    expect(await vigil.ended).toBe(0);
    expect(await neverEnds.answer).not.toMatch(/^HTTP\/1.1 2/);
    const { rows } = await sql.query('SELECT fingerprint FROM firings ORDER BY fingerprint');
    expect(rows).toEqual([{ fingerprint: 'ends' }, { fingerprint: 'f1' }]);
  });

  it('beside a connection that never says a word: the end is orderly within a narrow budget', async () => {
    const vigil = await start({ drain_seconds: '1', shutdown_budget_seconds: '3' });
    await inModelCall(vigil);
    const silent = connect(Number(new URL(vigil.url).port), '127.0.0.1');
    silent.on('error', () => undefined); // it is cut
    await once(silent, 'connect');
    expect(await vigil.signal('SIGTERM')).toBe(0);
    await saidThat(vigil, '"msg":"stopped"');
  });
});

/** A webhook of which half has been sent. */
async function upload(
  vigil: VigilProcess,
  fingerprint: string,
): Promise<{ finish(): void; readonly answer: Promise<string> }> {
  const body = webhookOf(fingerprint);
  const socket: Socket = connect(Number(new URL(vigil.url).port), '127.0.0.1');
  socket.on('error', () => undefined); // being cut is one of the two ends
  await once(socket, 'connect');
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  const answer = once(socket, 'close').then(() => received);
  const head = `POST /api/v1/alerts HTTP/1.1\r\nhost: vigil\r\nauthorization: Bearer ${TOKEN}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  socket.write(head + body.slice(0, body.length / 2));
  return { finish: () => void socket.write(body.slice(body.length / 2)), answer };
}
