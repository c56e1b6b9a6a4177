import { createTestDatabase } from '../database/create-test-database';
import { sabotage } from '../database/sabotage';
import { calls } from '../stand-ins/anthropic-answer.ts';
import { toolResults } from '../stand-ins/anthropic-request.ts';
import { until } from '../until';
import { query, queryCall, report } from './endings-script';
import { EndingsWorld, type Seen } from './endings-world';
import { askedByModel, startStandIns, webhookOf } from './stand-ins';
import { startVigilInProcess } from './vigil-in-process';

/** Each test has a program of its own, so they wait side by side. */
async function inWorld(
  settings: Readonly<Record<string, string>>,
  play: (world: EndingsWorld) => Promise<void>,
): Promise<void> {
  const world = await EndingsWorld.start(settings);
  await play(world).finally(() => world.stop());
}

describe('A limit', () => {
  it.concurrent(
    'of the time holds while the database is slow, and what was found is given',
    () =>
      inWorld({ triage_deadline_seconds: '5', lease_seconds: '15' }, async (world) => {
        await sabotage(world.sql, 'BEFORE INSERT ON turns FOR EACH ROW', 'PERFORM pg_sleep(0.6); RETURN NEW;');
        const id = await world.alert(
          'first',
          Array.from({ length: 10 }, (_, n) => query(`q${n}`)),
        );
        const seen = await world.inStatus(id, 'finished');
        expect(seen).toMatchObject({ outcome: 'partial', ended_by: 'deadline', attempts: 1 });
        expect(seen.analysis).toContain('query_metrics');
        expect(world.playedOf('first')).toBeLessThanOrEqual(5); // an answer and its results: 1.2 seconds of writing
      }),
    30_000,
  );

  it.concurrent(
    'that was lowered before a restart holds for a triage that goes on: its calls are spent, and the report is asked for',
    async () => {
      const [world, database] = await Promise.all([startStandIns(), createTestDatabase()]);
      const settings = { ...world.settings, database_url: database.url, drain_seconds: '0' };
      let held = true;
      world.anthropic.play((request) => {
        const results = toolResults(request);
        if (results.length === 0) return calls(queryCall('a'), queryCall('b'));
        if (held) return { fault: 'hang' };
        return results.length === 2 ? query('c') : report;
      });
      const first = await startVigilInProcess({ ...settings, max_tool_calls: '10' });
      const { accepted } = await first.post(webhookOf('f'));
      await until('two calls are recorded', () => world.anthropic.journal.length === 2);
      await first.stop();
      held = false;
      const second = await startVigilInProcess({ ...settings, max_tool_calls: '2' });
      try {
        const seen = await until('the triage ends', async () => {
          const one = (await (await second.call(`/api/v1/triage/${accepted[0]}`)).json()) as Seen;
          return one.status === 'finished' && one;
        });
        expect(seen).toMatchObject({ outcome: 'partial', ended_by: 'tool_budget', attempts: 2, tool_calls: 2 });
        expect(seen.report!.headline).toBe('the disk of the database is full');
        expect(askedByModel(world.prometheus)).toHaveLength(2);
        expect(world.anthropic.faults).toEqual([]);
      } finally {
        await second.stop();
        await world.stop();
        await database.drop();
      }
    },
    30_000,
  );
});
