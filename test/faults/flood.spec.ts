import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { type StandIns, startStandIns, webhookOf } from '../e2e/stand-ins';
import { startVigilProcess, type VigilProcess } from '../e2e/vigil-process';

const WEBHOOKS_PER_SECOND = 200;
const MINUTE_MS = 60_000;

describe('A minute of 200 webhooks a second', () => {
  let world: StandIns;
  let database: TestDatabase;
  let sql: Client;
  let vigil: VigilProcess;
  beforeAll(async () => {
    world = await startStandIns(() => ({ fault: 'hang' }));
    database = await createTestDatabase();
    sql = new Client({ connectionString: database.url });
    await sql.connect();
    vigil = await startVigilProcess({ ...world.settings, database_url: database.url, drain_seconds: '0' });
  });
  afterAll(async () => {
    await vigil.signal('SIGKILL');
    await world.stop();
    await sql.end();
    await database.drop();
  });

  /** As the process itself tells it, bytes. */
  const memory = async (): Promise<number> => {
    const text = await (await fetch(`${vigil.adminUrl}/metrics`)).text();
    return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)![1]);
  };

  it('is answered with 2xx, loses no alert, leaves readiness green and the memory bounded (F51)', async () => {
    const answers: Promise<{ fingerprint: string; status: number }>[] = [];
    const looks: Promise<{ status: number; bytes: number }>[] = [];
    const startedMs = performance.now();
    for (let passed = 0; passed < MINUTE_MS; passed = performance.now() - startedMs) {
      while (answers.length < (passed / 1_000) * WEBHOOKS_PER_SECOND) answers.push(post(`minute-${answers.length}`));
      if (looks.length < passed / 1_000) looks.push(look());
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const sent = await Promise.all(answers);
    expect(sent.length).toBeGreaterThan(0.95 * 60 * WEBHOOKS_PER_SECOND);
    expect(sent.filter(({ status }) => status !== 202)).toEqual([]);
    const { rows } = await sql.query<{ fingerprint: string }>(
      `SELECT f.fingerprint FROM firings f JOIN triage_firings tf ON tf.firing_id = f.id`,
    );
    const stored = new Set(rows.map(({ fingerprint }) => fingerprint));
    expect(sent.filter(({ fingerprint }) => !stored.has(fingerprint))).toEqual([]);

    const seen = await Promise.all(looks);
    expect(seen.filter(({ status }) => status !== 200)).toEqual([]);
    const third = Math.ceil(seen.length / 3);
    const most = (part: readonly { bytes: number }[]): number => Math.max(...part.map(({ bytes }) => bytes));
    expect(most(seen.slice(-third))).toBeLessThan(1.5 * most(seen.slice(0, third)));
  });

  const post = async (fingerprint: string): Promise<{ fingerprint: string; status: number }> => {
    const answer = await vigil.call('/api/v1/alerts', { method: 'POST', body: webhookOf(fingerprint) });
    await answer.arrayBuffer();
    return { fingerprint, status: answer.status };
  };
  const look = async (): Promise<{ status: number; bytes: number }> => {
    const { status } = await vigil.call('/-/ready');
    return { status, bytes: await memory() };
  };
});
