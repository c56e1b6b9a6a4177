import { postsOf } from '../invariants/posts.ts';
import { held } from '../held';
import { until } from '../until';
import { asks, CrashWorld, saidThat } from './crash-world';

jest.setTimeout(60_000);

describe('A process that is stopped for longer than its leases, and goes on', () => {
  let world: CrashWorld;
  beforeAll(async () => {
    world = await CrashWorld.start();
  });
  afterAll(() => world.stop());

  it('writes nothing more, posts nothing more, and is not taken for dead: no turn, no strike, one post twice (F12)', async () => {
    const answer = held();
    const thirdMayEnd = held();
    const first = await world.vigil();
    // Its second answer lies in the socket of the stopped process: between the model's answer and the commit.
    await world.alert(first, 'answered', async (request, n) => {
      if (n === 1) await answer.wait;
      return asks('answered')(request, n);
    });
    // Of these two the first call is never answered to the first process.
    await world.alert(first, 'asking', (request, n) => (n === 0 ? { fault: 'hang' } : asks('asking')(request, n)));
    await world.alert(first, 'long', async (request, n) => {
      if (n === 0) return { fault: 'hang' };
      await thirdMayEnd.wait;
      return asks('long')(request, n);
    });
    await until('three wait for the model', () =>
      ['answered', 'asking', 'long'].every((name) => world.modelCalls(name).length === (name === 'answered' ? 2 : 1)),
    );
    // So does Slack's ok: between that and the commit.
    world.standIns.slack.answer((_post, n) => {
      if (n === 0) {
        void first.signal('SIGSTOP');
        answer.release();
      }
      return 'ok';
    });
    await world.alert(first, 'posted');
    await until('Slack has said ok', () => world.standIns.slack.channel[0]);

    const second = await world.vigil();
    await until('the other process has all three', async () => {
      const { answered, asking, long } = await world.triages();
      return [answered, asking].every((one) => one?.outcome === 'complete') && long?.attempts === 2;
    });
    expect((await world.triages()).long).toMatchObject({ status: 'running', strikes: 1 });
    // The lease of a delivery is half a minute: time passes by moving it.
    await world.sql.query(`UPDATE deliveries SET lease_until = now() WHERE state = 'pending'`);
    await until('all that ended is told', async () => {
      const { length } = await world.rows(`SELECT 1 FROM deliveries WHERE state = 'delivered'`);
      return length === 3;
    });
    const asked = world.standIns.anthropic.journal.length;

    void first.signal('SIGCONT');
    await until('the strike is taken back', async () => (await world.triages()).long?.strikes === 0);
    expect((await world.triages()).long).toMatchObject({ status: 'running', attempts: 2, presumed_dead: [] });
    expect(first.log.filter((line) => line.includes('"lease lost"'))).toHaveLength(3);
    thirdMayEnd.release();
    await world.allFinished();

    expect(world.turnsAsked('answered')).toEqual([0, 1, 1]);
    expect(world.turnsAsked('asking')).toEqual([0, 0, 1]);
    expect(world.turnsAsked('long')).toEqual([0, 0, 1]);
    expect(world.standIns.anthropic.journal.length).toBe(asked + 1); // the last turn of the third
    const posts = [...postsOf(world.standIns.slack.posts).values()];
    expect(posts.sort()).toEqual([1, 1, 1, 2]);
    expect(await world.violations({ lostAnswers: 1, repeatedPosts: 1 })).toEqual([]);
    for (const { log } of [first, second])
      expect(log.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
  });

  it('takes up new work again as if nothing had been', async () => {
    const [first, second] = world.processes;
    expect(await second!.signal('SIGTERM')).toBe(0);
    await world.alert(first!, 'new');
    expect((await world.allFinished()).new).toMatchObject({ outcome: 'complete', attempts: 1 });
    await saidThat(first!, '"triage finished"');
    expect(world.turnsAsked('new')).toEqual([0, 1]);
  });
});
