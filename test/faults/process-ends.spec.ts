import { endSessions } from '../database/sessions';
import { held } from '../held';
import { until } from '../until';
import { asks, CrashWorld, saidThat } from '../e2e/crash-world';
import { isByModel } from '../e2e/stand-ins';
import { startTcpGate } from '../e2e/tcp-gate';

/** Nobody listens there. */
const NOWHERE = 1;
/** What the machine may add to the seconds that are promised. */
const MARGIN_MS = 1_500;

/** Each test has its own processes, and they wait side by side. */
async function inWorld(play: (world: CrashWorld) => Promise<void>): Promise<void> {
  const world = await CrashWorld.start();
  await play(world).finally(() => world.stop());
}

describe('SIGTERM', () => {
  it.concurrent('while the database is away ends the process all the same, and a peer goes on (F59)', () =>
    inWorld(async (world) => {
      const gate = await startTcpGate(Number(new URL(world.databaseUrl).port));
      try {
        const url = new URL(world.databaseUrl);
        url.port = String(gate.port);
        const first = await world.vigil({ database_url: url.href, drain_seconds: '1' });
        await world.alert(first, 'f1', (request, n) => (n === 0 ? { fault: 'hang' } : asks('f1')(request, n)));
        await until('the model is asked', () => world.modelCalls('f1')[0]);
        gate.leadTo(NOWHERE);
        await endSessions(world.sql);
        const sentMs = performance.now();
        expect(await first.signal('SIGTERM')).toBe(0);
        expect(performance.now() - sentMs).toBeLessThan(10_000); // its budget is 90 s
        expect(first.log.join('\n')).not.toContain('nobody caught');
        await world.vigil();
        expect((await world.allFinished()).f1).toMatchObject({ outcome: 'complete', attempts: 2 });
        expect(await world.violations()).toEqual([]);
      } finally {
        await gate.close();
      }
    }),
  );

  it.concurrent('twice while the database is away ends it within a second (F60)', () =>
    inWorld(async (world) => {
      const gate = await startTcpGate(Number(new URL(world.databaseUrl).port));
      try {
        const url = new URL(world.databaseUrl);
        url.port = String(gate.port);
        const first = await world.vigil({ database_url: url.href });
        await world.alert(first, 'f1', () => ({ fault: 'hang' }));
        await until('the model is asked', () => world.modelCalls('f1')[0]);
        gate.leadTo(NOWHERE);
        await endSessions(world.sql);
        void first.signal('SIGTERM');
        await saidThat(first, '"stopping:');
        const sentMs = performance.now();
        expect([0, 143]).toContain(await first.signal('SIGTERM'));
        expect(performance.now() - sentMs).toBeLessThan(1_000 + MARGIN_MS);
      } finally {
        await gate.close();
      }
    }),
  );

  it.concurrent('while triages wait for the model does not wait for them, and leaves them as they are (F59)', () =>
    inWorld(async (world) => {
      const first = await world.vigil();
      await world.alert(first, 'f1', (request, n) =>
        n === 0 ? { fault: 'status', status: 401 } : asks('f1')(request, n),
      );
      await until('it waits', async () => (await world.triages()).f1?.status === 'waiting');
      const sentMs = performance.now();
      expect(await first.signal('SIGTERM')).toBe(0);
      expect(performance.now() - sentMs).toBeLessThan(10_000); // drain-seconds are 60
      expect((await world.triages()).f1).toMatchObject({ status: 'waiting', strikes: 0 });
      await world.vigil();
      await world.sql.query('UPDATE triages SET due_at = now()');
      expect((await world.allFinished()).f1).toMatchObject({ outcome: 'complete', strikes: 0 });
    }),
  );

  it.concurrent(
    'of both replicas at once in the middle of a call and of a tool loses nothing and is no strike (F59)',
    () =>
      inWorld(async (world) => {
        const settings = { drain_seconds: '1', lease_seconds: '30', max_concurrent_triages: '1' };
        const [first, second] = await Promise.all([world.vigil(settings), world.vigil(settings)]);
        const mayAnswer = held();
        let toolHangs = true;
        world.standIns.prometheus.fault((request) => (isByModel(request) && toolHangs ? { kind: 'hang' } : undefined));
        await world.alert(first, 'in-tool');
        await world.alert(first, 'in-call', async (request, n) => {
          if (n === 0) await mayAnswer.wait;
          return asks('in-call')(request, n);
        });
        await until(
          'one is in its tool and one in its call',
          () => world.toolCalls('in-tool') === 1 && world.modelCalls('in-call').length === 1,
        );
        const codes = Promise.all([first.signal('SIGTERM'), second.signal('SIGTERM')]);
        expect(await codes).toEqual([0, 0]);
        const endedAt = Date.now();
        expect(await world.triages()).toMatchObject({
          'in-tool': { status: 'queued', strikes: 0 },
          'in-call': { status: 'queued', strikes: 0 },
        });
        toolHangs = false;
        const third = await world.vigil();
        await until('both go on', () => world.toolCalls('in-tool') === 2 && world.modelCalls('in-call').length >= 2);
        expect(Date.now() - endedAt).toBeLessThan(15_000); // their leases had 30 s; the third one's start is in it
        const ended = await world.allFinished();
        expect(Object.values(ended).map(({ outcome, strikes }) => [outcome, strikes])).toEqual([
          ['complete', 0],
          ['complete', 0],
        ]);
        expect(world.turnsAsked('in-tool')).toEqual([0, 1]); // the recorded answer was not asked for again
        expect(await world.violations()).toEqual([]);
        expect(third.log.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
        mayAnswer.release();
      }),
  );
});

describe('A process with a small heap whose backend sends without end', () => {
  it.concurrent('reads no more than its limits: it lives, and each triage ends well (F70)', () =>
    inWorld(async (world) => {
      const names = Array.from({ length: 8 }, (_, i) => `f${i}`);
      world.standIns.prometheus.fault((request) => {
        if (!isByModel(request)) return undefined;
        return /[02468]"/.test(request.params.get('query') ?? '')
          ? { kind: 'endless', contentType: 'application/json' }
          : { kind: 'gzip_bomb', bytes: 500 * 1024 * 1024 };
      });
      const vigil = await world.vigil({ tool_timeout_seconds: '10' }, ['--max-old-space-size=128']);
      for (const name of names) await world.alert(vigil, name);
      const ended = await world.allFinished();
      expect(names.map((name) => [ended[name]?.outcome, ended[name]?.attempts])).toEqual(
        names.map(() => ['complete', 1]),
      );
      expect(world.standIns.prometheus.endlessBytes).toBeGreaterThan(4 * 1024 * 1024);
      expect(await world.violations()).toEqual([]);
      expect(await vigil.signal('SIGTERM')).toBe(0);
    }),
  );
});
