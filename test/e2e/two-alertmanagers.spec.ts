import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { type StandIns, startStandIns, webhookOf } from './stand-ins';
import { startVigilProcess, type VigilProcess } from './vigil-process';
import type { AdmittedBody } from './vigil-in-process';

/** Each to each process, at once. */
const POSTS = 100;

describe('Two Vigils on one database, each told the same by an Alertmanager of its own (F13)', () => {
  let world: StandIns;
  let database: TestDatabase;
  let vigils: VigilProcess[] = [];

  beforeAll(async () => {
    world = await startStandIns(() => ({ fault: 'hang' }));
    database = await createTestDatabase();
    const settings = { ...world.settings, database_url: database.url, drain_seconds: '0' };
    vigils = await Promise.all([startVigilProcess(settings), startVigilProcess(settings)]);
  });
  afterAll(async () => {
    await Promise.all(vigils.map((vigil) => vigil.signal('SIGKILL')));
    await world.stop();
    await database.drop();
  });

  const postAll = (bodyAt: (i: number) => string): Promise<AdmittedBody[]> =>
    Promise.all(
      vigils.flatMap((vigil) =>
        Array.from({ length: POSTS }, async (_, i) => {
          const answer = await vigil.call('/api/v1/alerts', { method: 'POST', body: bodyAt(i) });
          expect(answer.status).toBe(202);
          return (await answer.json()) as AdmittedBody;
        }),
      ),
    );
  const query = async (text: string): Promise<unknown[]> => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      return (await client.query(text)).rows as unknown[];
    } finally {
      await client.end();
    }
  };
  const expectOneTriageFor = (answers: readonly AdmittedBody[], fingerprint: string): void => {
    const mine = answers.flatMap(({ alerts }) => alerts.filter((alert) => alert.fingerprint === fingerprint));
    const count = (decision: string): number => mine.filter((alert) => alert.decision === decision).length;
    expect([fingerprint, count('queued'), count('duplicate')]).toEqual([fingerprint, 1, 2 * POSTS - 1]);
    expect(new Set(mine.map(({ triage_id }) => triage_id)).size).toBe(1);
  };

  it('open one triage for one alert; one body is told queued, the rest duplicate (GV-09)', async () => {
    const answers = await postAll(() => webhookOf('same'));
    expectOneTriageFor(answers, 'same');
    expect(answers.flatMap(({ accepted }) => accepted)).toHaveLength(1);
  });

  /** The same alerts in one order and in the opposite one, half of the posts each. */
  const inOppositeOrders = (fingerprints: readonly string[], over: object): ((i: number) => string) => {
    const alerts = fingerprints.map((f) => (JSON.parse(webhookOf(f, { ...over })) as { alerts: [object] }).alerts[0]);
    const bodies = [alerts, [...alerts].reverse()].map((ordered) => JSON.stringify({ version: '4', alerts: ordered }));
    return (i) => bodies[i % 2]!;
  };

  it.each([
    ['with a start', {}],
    ['without one', { startsAt: undefined }],
  ])('do not deadlock over the same alerts in opposite orders, %s', async (name, over) => {
    const fingerprints = Array.from({ length: 20 }, (_, i) => `${name}-${i}`);
    const answers = await postAll(inOppositeOrders(fingerprints, over));
    for (const fingerprint of fingerprints) expectOneTriageFor(answers, fingerprint);
    const rows = await query(`SELECT count(*)::int AS firings FROM firings WHERE fingerprint LIKE '${name}-%'`);
    expect(rows).toEqual([{ firings: 20 }]);
  });

  it('leave no deadlock in the database, and no complaint in either log', async () => {
    expect(await query('SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()')).toEqual([
      { deadlocks: 0 },
    ]);
    const complaints = vigils.flatMap(({ log }) =>
      log.filter((line) => /"level":"(warn|error|fatal)"|40P01/.test(line)),
    );
    expect(complaints).toEqual([]);
  });
});
