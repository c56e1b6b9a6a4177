import { endSessions } from '../database/sessions';
import { held } from '../held';
import { until } from '../until';
import { asks, CrashWorld } from '../e2e/crash-world';
import { startTcpGate, type TcpGate } from '../e2e/tcp-gate';
import { isByModel } from '../e2e/stand-ins';

/** Nobody listens there. */
const NOWHERE = 1;

describe('Triages of two processes whose database is away for longer than a lease', () => {
  let world: CrashWorld;
  let gate: TcpGate;
  beforeAll(async () => {
    world = await CrashWorld.start();
    gate = await startTcpGate(Number(new URL(world.databaseUrl).port));
  });
  afterAll(async () => {
    await world.stop();
    await gate.close();
  });

  it('lose their workers three times in a row, and have no strike and end well: nobody crashed', async () => {
    const url = new URL(world.databaseUrl);
    const port = Number(url.port);
    url.port = String(gate.port);
    url.hostname = '127.0.0.1';
    const settings = { database_url: url.href, max_concurrent_triages: '2' };
    const [first] = await Promise.all([world.vigil(settings), world.vigil(settings)]);
    const answers = held();
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) {
      await world.alert(first, name, async (request, n) => {
        await answers.wait;
        return asks(name)(request, n);
      });
    }
    interface Held {
      readonly attempts: number;
      readonly strikes: number;
      readonly presumed_dead: string[];
      readonly status: string;
      readonly expired: boolean;
    }
    const look = (): Promise<Held[]> =>
      world.rows<Held>(
        `SELECT attempts, strikes, presumed_dead, status, lease_until < now() - interval '1 s' AS expired FROM triages ORDER BY id`,
      );
    const allAre = (what: string, fits: (row: Held, i: number) => boolean): Promise<unknown> =>
      until(`all four ${what}`, async () => (await look()).every(fits));

    let strikes = 0;
    for (let outage = 1; outage <= 3; outage += 1) {
      await until('the model has a call of each', () =>
        names.every((name) => world.modelCalls(name).some(({ answered }) => answered === 'open')),
      );
      await allAre('run', ({ status }) => status === 'running');
      const before = (await look()).map(({ attempts }) => attempts);
      gate.leadTo(NOWHERE);
      await endSessions(world.sql);
      await allAre('have lost their workers', ({ expired }) => expired);
      gate.leadTo(port);
      await allAre('are claimed again', ({ attempts }, i) => attempts > before[i]!);
      await until('no strike is left', async () => {
        const rows = await look();
        strikes = Math.max(strikes, ...rows.map((row) => row.strikes));
        return rows.every((row) => row.strikes === 0 && row.presumed_dead.length === 0);
      });
    }
    expect(strikes).toBeLessThan(3);
    answers.release();
    const ended = await world.allFinished();
    expect(Object.values(ended).map(({ outcome }) => outcome)).toEqual(names.map(() => 'complete'));
    expect(await world.violations()).toEqual([]);
  });
});

describe('A triage that kills its process each time', () => {
  let world: CrashWorld;
  beforeAll(async () => {
    world = await CrashWorld.start();
  });
  afterAll(() => world.stop());

  it('ends as an error at its third crash and says so; the seven beside it end well, and its alert may come again (F11)', async () => {
    const names = Array.from({ length: 7 }, (_, i) => `innocent-${i}`);
    const settings = { retriage_cooldown_seconds: '0' };
    let kills = 0;
    let killed = held();
    world.standIns.prometheus.fault((request) => {
      const isPoison = isByModel(request) && request.params.get('query') === 'up{service="poison"}' && kills < 3;
      if (!isPoison) return undefined;
      kills += 1;
      void world.processes.at(-1)!.signal('SIGKILL');
      killed.release();
      return { kind: 'hang' };
    });
    const spared = held();
    const first = await world.vigil(settings);
    for (const name of names) {
      // No turn of theirs is recorded before the second crash: they are blamed for the first two as well.
      await world.alert(first, name, async (request, n) => {
        if (n < 2) await spared.wait;
        return asks(name)(request, n);
      });
    }
    const begun = (n: number): Promise<unknown> =>
      until(`the seven are asked for the ${n}. time`, () => names.every((name) => world.modelCalls(name).length >= n));
    await begun(1);
    await world.alert(first, 'poison');
    await killed.wait;

    // With two strikes each triage runs alone: what ends the third process is the poison's turn.
    for (let n = 2; n <= 3; n += 1) {
      killed = held();
      await world.vigil(settings);
      await killed.wait;
      await until('its calls are cut', () =>
        world.standIns.anthropic.journal.every(({ answered }) => answered !== 'open'),
      );
      spared.release();
    }
    const last = await world.vigil(settings);
    const ended = await world.allFinished();
    expect(ended.poison).toMatchObject({ outcome: 'error', ended_by: 'crashed', strikes: 3, attempts: 5 });
    for (const name of names) expect([name, ended[name]]).toMatchObject([name, { outcome: 'complete', strikes: 0 }]);
    expect(kills).toBe(3);
    expect(world.turnsAsked('poison')).toEqual([0]); // its tool is run from the record each time
    expect(world.standIns.slack.posts.filter(({ bodyText }) => bodyText.includes('Vigil error: poison'))).toHaveLength(
      1,
    );

    await world.alert(last, 'poison', undefined, '2026-11-24T07:00:00.000Z');
    const [again] = await until('the new triage has its report', async () => {
      const rows = await world.rows<{ outcome: string }>(
        `SELECT outcome FROM triages WHERE fingerprint = 'poison' AND outcome = 'complete'`,
      );
      return rows.length === 1 && rows;
    });
    expect(again).toEqual({ outcome: 'complete' });
    await world.allFinished();
    expect(await world.violations()).toEqual([]);
  });
});
