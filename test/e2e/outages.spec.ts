import type { Answer } from '../stand-ins/anthropic-answer.ts';
import { sabotage } from '../database/sabotage';
import { until } from '../until';
import { faultyReport, query, report, USERS } from './endings-script';
import { EndingsWorld } from './endings-world';
import { askedByModel } from './stand-ins';

const status = (code: number, more: object = {}): Answer => ({ fault: 'status', status: code, ...more });
/** More answers than anybody should ask for: what is asked is counted. */
const always = (answer: Answer): Answer[] => Array.from({ length: 50 }, () => answer);

const asked = (world: EndingsWorld): number => world.standIns.anthropic.journal.length;
/** Lets time pass where it is kept: in the row. */
const hours = (world: EndingsWorld, n: number): Promise<unknown> =>
  world.sql.query(`UPDATE triages SET due_at = now(), created_at = now() - $1 * interval '1 hour'`, [n]);

/** Each test has a program of its own, so they wait side by side. */
async function inWorld(play: (world: EndingsWorld) => Promise<void>): Promise<void> {
  const world = await EndingsWorld.start();
  await play(world).finally(() => world.stop());
}

describe('A model that gives no answers', () => {
  // Those that wait longest come first: five at a time, they would otherwise wait alone at the end.
  it.concurrent(
    'is asked again by a probe, and whoever waits goes on, with what was found before (F26)',
    () =>
      inWorld(async (world) => {
        const id = await world.alert('first', [query(), status(401), status(401), report]);
        await world.inStatus(id, 'waiting');
        const done = await until('the triage goes on', async () => {
          await world.sql.query(`UPDATE triages SET due_at = now() WHERE status = 'waiting'`);
          const seen = await world.see(id);
          return seen.status === 'finished' ? seen : undefined;
        });
        expect(done).toMatchObject({ outcome: 'complete', ended_by: 'answer', tool_calls: 1 });
        expect(world.playedOf('first')).toBe(4);
        expect(askedByModel(world.standIns.prometheus)).toHaveLength(1);
        expect(world.standIns.anthropic.faults).toEqual([]);
      }),
    30_000,
  );

  it.concurrent.each<[string, (world: EndingsWorld) => Promise<unknown>]>([
    ['529 without end', () => Promise.resolve()],
    ['a connection that is refused', (world) => world.standIns.anthropic.stop()],
  ])(
    'is asked four times before its triage waits, and not at once by the next one: %s (F25)',
    (_what, goAway) =>
      inWorld(async (world) => {
        await goAway(world);
        const id = await world.alert('first', always(status(529)));
        await world.inStatus(id, 'waiting');
        const before = asked(world);
        expect([0, 4]).toContain(before);
        const other = await world.alert('other', always(status(529)));
        await world.inStatus(other, 'waiting');
        expect(asked(world) - before).toBeLessThan(4); // a probe is one request
        await hours(world, 25);
        expect(await world.inStatus(id, 'finished')).toMatchObject({
          outcome: 'failed',
          ended_by: 'model_unavailable',
        });
      }),
    30_000,
  );

  it.concurrent.each<[string, Answer, RegExp]>([
    ['401', status(401), /check claude-api-key/],
    ['402', status(402), /no credit/],
    ['403', status(403), /may not use this model/],
    ['404', status(404), /check claude-model and claude-base-url/],
    ['200 with a page', status(200, { body: '<html>welcome</html>' }), /does not let this installation in/],
    ['429 with retry-after: 86400 (F24)', status(429, { headers: { 'retry-after': '86400' } }), /rate limit/],
  ])(
    'is waited for, and given up after its hours with a message that says so: %s (F27)',
    (_what, fault, says) =>
      inWorld(async (world) => {
        const id = await world.alert('first', always(fault));
        const waiting = await world.inStatus(id, 'waiting');
        expect(Date.parse(waiting.due_at!) - Date.now()).toBeLessThanOrEqual(60_000);
        expect(asked(world)).toBe(1);

        const others = await Promise.all([1, 2, 3, 4].map((n) => world.alert(`other-${n}`, always(fault))));
        await Promise.all(others.map((other) => world.inStatus(other, 'waiting')));
        expect(asked(world)).toBeLessThan(5); // a probe now and then: most were told without asking

        await hours(world, 25);
        expect(await world.inStatus(id, 'finished')).toMatchObject({
          outcome: 'failed',
          ended_by: 'model_unavailable',
        });
        const { title, text } = await world.messageAbout('first');
        expect(title).toBe('Investigation failed: first');
        expect(text).toMatch(says);
        expect(text).toMatch(/waited for 25 h, and Vigil gave up[^]*Look into the alert yourself/);
      }),
    30_000,
  );
});

describe('An answer that cannot be recorded', () => {
  const refuse = async (world: EndingsWorld, code: string): Promise<() => Promise<unknown>> => {
    await world.sql.query('CREATE SEQUENCE refused'); // counts outside of transactions
    return sabotage(
      world.sql,
      `BEFORE INSERT ON turns FOR EACH ROW WHEN (NEW.role = 'assistant')`,
      `PERFORM nextval('refused'); RAISE EXCEPTION 'not this' USING ERRCODE = '${code}';`,
    );
  };

  it.concurrent(
    'is kept while the disk is full, and not asked for again: when there is room the triage goes on with it (F18, GV-20)',
    () =>
      inWorld(async (world) => {
        const mend = await refuse(world, '53100'); // disk full
        const id = await world.alert('first', [query(), report]);
        await until('it was tried three times', async () => {
          const { rows } = await world.sql.query<{ n: number }>('SELECT last_value::int AS n FROM refused');
          return rows[0]!.n >= 3;
        });
        expect(asked(world)).toBe(1);
        expect((await world.see(id)).conversations[0]!.turns).toHaveLength(1);
        expect(askedByModel(world.standIns.prometheus)).toEqual([]);

        await mend();
        expect(await world.inStatus(id, 'finished')).toMatchObject({ outcome: 'complete', attempts: 1 });
        expect(asked(world)).toBe(2);
      }),
    30_000,
  );

  it.concurrent(
    'ends the triage when it never can be, and says so (GV-20)',
    () =>
      inWorld(async (world) => {
        await refuse(world, '22P05'); // a character that Postgres does not take
        const id = await world.alert('first', [query()]);
        expect(await world.inStatus(id, 'finished')).toMatchObject({ outcome: 'error', ended_by: 'crashed' });
        expect(asked(world)).toBe(1);
        const { title, text } = await world.messageAbout('first');
        expect(title).toBe('Vigil error: first');
        expect(text).toMatch(/defect of its own[^]*yourself/);
      }),
    30_000,
  );

  it.concurrent(
    'also where it is the end that cannot be: without it, once',
    () =>
      inWorld(async (world) => {
        await world.sql.query(`ALTER TABLE triages ADD CHECK (analysis NOT LIKE '%disk%')`);
        const id = await world.alert('first', [report]);
        expect(await world.inStatus(id, 'finished')).toMatchObject({ outcome: 'error', ended_by: 'crashed' });
        expect(asked(world)).toBe(1);
      }),
    30_000,
  );
});

describe('A triage', () => {
  it.concurrent(
    'ends as crashed after its third worker, with a message that says so and what was found (F11)',
    () =>
      inWorld(async (world) => {
        const id = await world.alert('first', [query(), { fault: 'hang' }]);
        await until('it has found something', () => world.playedOf('first') === 2);
        await world.sql.query(`UPDATE triages SET owner = 'gone', strikes = 2, lease_until = now() - interval '1 s'`);
        expect(await world.inStatus(id, 'finished')).toMatchObject({ outcome: 'error', ended_by: 'crashed' });
        const { title, text } = await world.messageAbout('first');
        expect(title).toBe('Vigil error: first');
        expect(text).toMatch(/stopped its process 3 times[^]*yourself[^]*What was queried[^]*query_metrics/);
      }),
    30_000,
  );

  it.concurrent(
    'ends after its third worker with the report that was sent back for its faults (F11)',
    () =>
      inWorld(async (world) => {
        const id = await world.alert('first', [query(), faultyReport, { fault: 'hang' }]);
        await until('the report is sent back', () => world.playedOf('first') === 3);
        await world.sql.query(`UPDATE triages SET owner = 'gone', strikes = 2, lease_until = now() - interval '1 s'`);
        const seen = await world.inStatus(id, 'finished');
        expect(seen).toMatchObject({ outcome: 'complete', ended_by: 'answer' });
        expect(seen.report!.headline).toMatch(USERS);
      }),
    30_000,
  );

  it.concurrent(
    'runs four calls of an answer at a time, and gives their results in the order of the calls (GV-24)',
    () =>
      inWorld(async (world) => {
        const { prometheus } = world.standIns;
        // The later a call, the sooner its answer.
        prometheus.fault(() => ({ kind: 'delay', ms: 900 - 100 * askedByModel(prometheus).length }));
        const names = ['a', 'b', 'c', 'd', 'e', 'f'];
        const asks = { content: names.flatMap((name) => (query(name) as { content: [] }).content) };
        const id = await world.alert('first', [asks, report]);
        const [, , results] = (await world.inStatus(id, 'finished')).conversations[0]!.turns;
        expect(results!.content.map(({ handle }) => handle)).toEqual(['r1', 'r2', 'r3', 'r4', 'r5', 'r6']);
        const at = askedByModel(prometheus).map((request) => request.at.getTime());
        expect(at[4]! - at[3]!).toBeGreaterThanOrEqual(400); // the fourth answers first, after half a second
      }),
    30_000,
  );

  it.concurrent(
    'names the model that was asked, whatever name answers (GV-26)',
    () =>
      inWorld(async (world) => {
        const id = await world.alert('first', [{ ...(report as { content: [] }), model: 'a-gateway-says' }]);
        expect((await world.inStatus(id, 'finished')).model).toBe('claude-sonnet-5-5');
      }),
    30_000,
  );
});
