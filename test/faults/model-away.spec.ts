import { Client } from 'pg';
import { createTestDatabase } from '../database/create-test-database';
import { queryThenReport, startStandIns, webhookOf } from '../e2e/stand-ins';
import { violations } from '../invariants/invariants';
import { startVigilProcess, type VigilProcess } from '../e2e/vigil-process';
import { until } from '../until';

const TRIAGES = 30;
/** Long enough for the probes to be as rare as they become. */
const OUTAGE_MS = 45_000;
/** The part of it that is counted. */
const COUNTED_MS = 20_000;

const breakerOpen = async ({ adminUrl }: VigilProcess): Promise<string | undefined> =>
  /^vigil_llm_breaker_open (.+)$/m.exec(await (await fetch(`${adminUrl}/metrics`)).text())?.[1];

describe('A model that is overloaded for long', () => {
  it('costs 30 triages on two replicas a probe now and then, and all go on within a minute after it answers (F26)', async () => {
    const [world, database] = await Promise.all([
      startStandIns(() => ({ fault: 'status', status: 529 })),
      createTestDatabase(),
    ]);
    const sql = new Client({ connectionString: database.url });
    await sql.connect();
    const settings = { ...world.settings, database_url: database.url };
    const replicas = await Promise.all([startVigilProcess(settings), startVigilProcess(settings)]);
    try {
      const posted = async (vigil: VigilProcess, name: string): Promise<number> =>
        (await vigil.call('/api/v1/alerts', { method: 'POST', body: webhookOf(name) })).status;
      const sum = async (what: string): Promise<number> =>
        (await sql.query<{ n: number }>(`SELECT (${what})::int AS n FROM triages`)).rows[0]!.n;
      const lines = (): number => replicas.reduce((n, { log }) => n + log.length, 0);
      const asked = (): number => world.anthropic.journal.length;

      const endsMs = performance.now() + OUTAGE_MS;
      for (let i = 0; i < TRIAGES; i += 1) expect(await posted(replicas[i % 2]!, `f${i}`)).toBe(202);
      const waiting = `count(*) FILTER (WHERE status = 'waiting' AND wait_reason = 'model_unavailable')`;
      await until('all triages wait', async () => (await sum(waiting)) === TRIAGES);

      await until('the outage lasts', () => performance.now() > endsMs - COUNTED_MS, OUTAGE_MS);
      const before = { claims: await sum('sum(attempts)'), asked: asked(), lines: lines() };
      await until('the outage lasts', () => performance.now() > endsMs, OUTAGE_MS);
      expect(asked() - before.asked).toBeLessThanOrEqual(4); // a probe each 25 seconds and each replica
      expect((await sum('sum(attempts)')) - before.claims).toBeLessThanOrEqual(4);
      expect(lines() - before.lines).toBeLessThanOrEqual(12); // of a probe: begun, waits; and the requests of this test
      expect(await sum(`count(*) FILTER (WHERE status = 'finished')`)).toBe(0);
      for (const vigil of replicas) {
        expect((await fetch(`${vigil.adminUrl}/-/ready`)).status).toBe(200);
        expect(await breakerOpen(vigil)).toBe('1');
      }
      expect(await posted(replicas[0], 'late')).toBe(202);

      world.anthropic.play(queryThenReport);
      await until(
        'all have gone on',
        async () => (await sum(`count(*) FILTER (WHERE outcome = 'complete')`)) === 31,
        60_000,
      );
      const open = await Promise.all(replicas.map((vigil) => breakerOpen(vigil)));
      expect(open).toContain('0'); // a replica that has nothing to ask finds out with its next triage
      const { rows } = await sql.query(`SELECT kind, state FROM deliveries WHERE kind = 'notice'`);
      expect(rows).toEqual([{ kind: 'notice', state: 'delivered' }]);
      const notices = world.slack.channel.filter(({ text }) => text?.includes('no answer from the model'));
      expect(notices).toHaveLength(1);
      const { anthropic: model, slack } = world;
      expect(await violations(sql, { model, slack, leaseSeconds: 30 })).toEqual([]);
      expect(JSON.stringify(notices)).toMatch(/overloaded.*look at the vendor's status page/);
    } finally {
      await Promise.all(replicas.map((vigil) => vigil.signal('SIGKILL')));
      await Promise.all([sql.end(), world.stop()]);
      await database.drop();
    }
  });
});
