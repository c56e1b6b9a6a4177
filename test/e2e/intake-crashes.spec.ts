import { connect } from 'node:net';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { sabotage } from '../database/sabotage';
import { noSessionLeft, waitingStatements } from '../database/sessions';
import { until } from '../until';
import { queryThenReport, type StandIns, startStandIns, webhookOf } from './stand-ins';
import { startVigilProcess, TOKEN, type VigilProcess } from './vigil-process';
import type { AdmittedBody } from './vigil-in-process';

const ALERTS = '/api/v1/alerts';

// Processes are started, killed and started again.
jest.setTimeout(30_000);

describe('A webhook request that is broken off', () => {
  let world: StandIns;
  let database: TestDatabase;
  let sql: Client;
  let vigil: VigilProcess;

  beforeEach(async () => {
    world = await startStandIns(() => ({ fault: 'hang' }));
    database = await createTestDatabase();
    sql = new Client({ connectionString: database.url });
    await sql.connect();
    vigil = await start();
  });
  afterEach(async () => {
    await vigil.signal('SIGKILL');
    await world.stop();
    await sql.end();
    await database.drop();
  });

  const start = (over: Readonly<Record<string, string>> = {}): Promise<VigilProcess> =>
    startVigilProcess({
      ...world.settings,
      database_url: database.url,
      lease_seconds: '2',
      drain_seconds: '0',
      ...over,
    });
  /** Whether a request was answered; a killed process answers none. */
  const fateOf = (answer: Promise<Response>): Promise<string> =>
    answer.then(
      () => 'answered',
      () => 'broken off',
    );
  const post = (signal?: AbortSignal): Promise<Response> =>
    vigil.call(ALERTS, { method: 'POST', body: webhookOf('f1'), signal });
  const triages = async (): Promise<{ status: string }[]> =>
    (await sql.query<{ status: string }>('SELECT status FROM triages')).rows;
  /** Waits until a session of Vigil's sleeps in the trigger. */
  const asleep = (): Promise<true> =>
    until('the statement sleeps', async () => (await waitingStatements(sql, 'PgSleep')).length > 0);
  const SLEEP = 'PERFORM pg_sleep(1); RETURN NULL;';

  it('by kill -9 before the commit leaves nothing; the sender tries again and has one triage (F1)', async () => {
    await sabotage(sql, 'AFTER INSERT ON triages', SLEEP);
    const fate = fateOf(post());
    await asleep();
    await vigil.signal('SIGKILL');
    expect(await fate).toBe('broken off');
    await noSessionLeft(sql);
    expect(await triages()).toEqual([]);
    expect((await sql.query('SELECT 1 FROM firings')).rows).toEqual([]);

    vigil = await start();
    expect(((await (await post()).json()) as AdmittedBody).alerts).toMatchObject([{ decision: 'queued' }]);
    expect(await triages()).toHaveLength(1);
  });

  it('by kill -9 between the commit and the answer is stored; the sender tries again and hears duplicate (F2)', async () => {
    // While the server works on COMMIT itself, what happens to the client changes nothing.
    await sabotage(sql, 'AFTER INSERT ON triages DEFERRABLE INITIALLY DEFERRED FOR EACH ROW', SLEEP);
    const fate = fateOf(post());
    await asleep();
    await vigil.signal('SIGKILL');
    expect(await fate).toBe('broken off');
    await noSessionLeft(sql);
    expect(await triages()).toEqual([{ status: 'queued' }]);

    vigil = await start();
    expect(((await (await post()).json()) as AdmittedBody).alerts).toMatchObject([{ decision: 'duplicate' }]);
    expect(await triages()).toHaveLength(1);
  });

  it('by kill -9 in the middle of a large body keeps what was stored; sent again, each alert has one triage (F1, F50)', async () => {
    const alerts = Array.from(
      { length: 600 },
      (_, i) => (JSON.parse(webhookOf(`f${i}`)) as { alerts: [object] }).alerts[0],
    );
    const postAll = (): Promise<Response> =>
      vigil.call(ALERTS, { method: 'POST', body: JSON.stringify({ version: '4', alerts }) });
    const mend = await sabotage(
      sql,
      'AFTER INSERT ON firings FOR EACH ROW',
      `IF NEW.fingerprint = 'f599' THEN PERFORM pg_sleep(1); END IF; RETURN NULL;`,
    );
    const fate = fateOf(postAll());
    await asleep();
    await vigil.signal('SIGKILL');
    expect(await fate).toBe('broken off');
    await noSessionLeft(sql);
    const before = (await triages()).length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(600);

    await mend();
    vigil = await start();
    const { alerts: answered, accepted } = (await (await postAll()).json()) as AdmittedBody;
    expect(answered.map(({ fingerprint }) => fingerprint)).toEqual(alerts.map((_, i) => `f${i}`));
    expect(accepted).toHaveLength(600 - before);
    expect(answered.filter(({ decision }) => decision === 'duplicate')).toHaveLength(before);
    expect(await triages()).toHaveLength(600);
  });

  it('by a sender that gave up while it was being stored is investigated all the same (GV-08)', async () => {
    world.anthropic.play(queryThenReport);
    // While the server works on COMMIT itself, what happens to the client changes nothing.
    await sabotage(sql, 'AFTER INSERT ON triages DEFERRABLE INITIALLY DEFERRED FOR EACH ROW', SLEEP);
    const gaveUp = new AbortController();
    const fate = fateOf(post(gaveUp.signal));
    await asleep();
    gaveUp.abort();
    expect(await fate).toBe('broken off');
    await until('the triage is finished', async () => (await triages())[0]?.status === 'finished');
  });

  it('by SIGTERM in the middle of its upload is answered by what became of it, and never stored without a word (F61)', async () => {
    const body = webhookOf('half');
    const socket = connect(Number(new URL(vigil.url).port), '127.0.0.1');
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    const head = `POST ${ALERTS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: ${body.length}\r\n\r\n`;
    socket.write(head + body.slice(0, 20));
    // A whole request behind it: by its answer the half one has arrived too.
    await vigil.call('/-/healthy');
    const code = vigil.signal('SIGTERM');
    socket.write(body.slice(20));
    await closed;
    expect(await code).toBe(0);
    const stored = (await sql.query(`SELECT 1 FROM firings WHERE fingerprint = 'half'`)).rows.length;
    const status = /^HTTP\/1\.1 (\d+)/.exec(received)?.[1];
    expect([status, stored]).toEqual(status === '202' ? ['202', 1] : ['503', 0]);
  });

  it('by nothing, but comes during a drain: it is stored, started by nobody, and run by the next process (GV-05)', async () => {
    await vigil.signal('SIGKILL');
    vigil = await start({ drain_seconds: '2' });
    await vigil.call(ALERTS, { method: 'POST', body: webhookOf('running') });
    await until('the first triage runs', async () => (await triages())[0]?.status === 'running');
    const ended = vigil.signal('SIGTERM');
    await until('it drains', async () => (await vigil.call('/-/ready')).status === 503);
    expect((await post()).status).toBe(202);
    expect(await ended).toBe(0);
    expect(await sql.query(`SELECT status, attempts FROM triages WHERE fingerprint = 'f1'`)).toMatchObject({
      rows: [{ status: 'queued', attempts: 0 }],
    });

    world.anthropic.play(queryThenReport);
    vigil = await start();
    await until('both are finished', async () => (await triages()).every(({ status }) => status === 'finished'));
  });
});
