import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { until } from '../until';
import { queryThenReport, type StandIns, startStandIns } from './stand-ins';
import { startVigilProcess, type VigilProcess } from './vigil-process';
import type { AdmittedBody } from './vigil-in-process';

const MAX_CONCURRENT = 4;
const single = JSON.parse(
  readFileSync(join(__dirname, '../fixtures/alertmanager/am025-firing-single.json'), 'utf8'),
) as { alerts: [Record<string, unknown>] };

/** A body as Alertmanager writes it, of one group with so many alerts: about 816 bytes each. */
const storm = (name: string, alerts: number): string =>
  JSON.stringify({
    ...single,
    alerts: Array.from({ length: alerts }, (_, i) => {
      const [alert] = single.alerts;
      const labels = { ...(alert.labels as object), instance: `10.0.${i >> 8}.${i & 255}:9100`, pod: `${name}-${i}` };
      return {
        ...alert,
        labels,
        annotations: { ...(alert.annotations as object), detail: 'x'.repeat(160) },
        fingerprint: `${name}-${i}`,
      };
    }),
  });

describe('A storm of alerts in one body', () => {
  let world: StandIns;
  let database: TestDatabase;
  let sql: Client;
  let vigil: VigilProcess;
  let asking = 0;
  let mostAsking = 0;

  beforeAll(async () => {
    world = await startStandIns(async (request) => {
      asking += 1;
      mostAsking = Math.max(mostAsking, asking);
      await new Promise((resolve) => setTimeout(resolve, 100));
      asking -= 1;
      return queryThenReport(request);
    });
    database = await createTestDatabase();
    sql = new Client({ connectionString: database.url });
    await sql.connect();
    vigil = await startVigilProcess({
      ...world.settings,
      database_url: database.url,
      max_concurrent_triages: String(MAX_CONCURRENT),
      drain_seconds: '0',
    });
  });
  afterAll(async () => {
    await vigil.signal('SIGKILL');
    await world.stop();
    await sql.end();
    await database.drop();
  });

  const countOf = async (condition: string): Promise<number> =>
    (await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM triages WHERE ${condition}`)).rows[0]!.n;
  const post = async (body: string): Promise<{ answer: AdmittedBody; ms: number }> => {
    const begun = performance.now();
    const response = await vigil.call('/api/v1/alerts', { method: 'POST', body });
    const ms = performance.now() - begun;
    expect(response.status).toBe(202);
    return { answer: (await response.json()) as AdmittedBody, ms };
  };

  it('of 2,000 alerts is stored in less than two seconds, and worked off a few at a time (GV-28, F52)', async () => {
    const body = storm('storm', 2_000);
    const { answer, ms } = await post(body);
    console.log(`2,000 alerts (${body.length} bytes): ${Math.round(ms)} ms`);
    expect(answer.accepted).toHaveLength(2_000);
    expect(answer.alerts.every(({ decision }) => decision === 'queued')).toBe(true);
    expect(ms).toBeLessThan(2_000);
    expect(await countOf('true')).toBe(2_000);

    let mostRunning = 0;
    await until('some are finished', async () => {
      mostRunning = Math.max(mostRunning, await countOf(`status = 'running'`));
      return (await countOf(`status = 'finished'`)) >= 5 * MAX_CONCURRENT;
    });
    expect([mostRunning, mostAsking]).toEqual([MAX_CONCURRENT, MAX_CONCURRENT]);
  }, 30_000);

  it('of 10,000 alerts is stored whole, and costs nothing when it is sent again (GV-12, F50)', async () => {
    const body = storm('flood', 10_000);
    const { answer, ms } = await post(body);
    console.log(`10,000 alerts (${body.length} bytes): ${Math.round(ms)} ms`);
    expect(answer.accepted).toHaveLength(10_000);
    const again = await post(body);
    console.log(`10,000 alerts again: ${Math.round(again.ms)} ms`);
    expect(again.answer.accepted).toEqual([]);
    expect(await countOf(`fingerprint LIKE 'flood-%'`)).toBe(10_000);
  }, 60_000);
});
