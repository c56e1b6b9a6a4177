import { calls } from '../stand-ins/anthropic-answer.ts';
import { toolResults } from '../stand-ins/anthropic-request.ts';
import { postsOf } from '../invariants/posts.ts';
import { sabotage } from '../database/sabotage';
import { waitingStatements } from '../database/sessions';
import { held } from '../held';
import { until } from '../until';
import { asks, CrashWorld, RESUME_MS, saidThat } from './crash-world';
import { queryCall, report } from './endings-script';
import { isByModel } from './stand-ins';

jest.setTimeout(60_000);

/** Statements wait for this lock as long as the test has it. */
const GATE = 4_711;

/**
 * Each alert is brought to its own point, from outside, and then the process that runs them all is killed once: what
 * becomes of each is looked at one by one.
 */
describe('A process that is killed, and another that goes on for it', () => {
  let world: CrashWorld;
  let killedAt: Date;
  const before = held();
  const four = ['a', 'b', 'c', 'd'];

  const holdStatement = (at: string, when: string): Promise<unknown> =>
    sabotage(
      world.sql,
      `${at} FOR EACH ROW`,
      `IF ${when} THEN PERFORM pg_advisory_xact_lock_shared(${GATE}); END IF; RETURN NEW;`,
    );
  const fingerprintOf = (triageId: string): string => `(SELECT fingerprint FROM triages WHERE id = ${triageId})`;
  const conversation = '(SELECT triage_id FROM conversations WHERE id = NEW.conversation_id)';

  const waiting = async (waitEvent: string): Promise<string> => (await waitingStatements(world.sql, waitEvent)).join();

  beforeAll(async () => {
    world = await CrashWorld.start();
    await holdStatement('BEFORE INSERT ON conversations', `${fingerprintOf('NEW.triage_id')} = 'f3'`);
    await holdStatement('BEFORE INSERT ON turns', `NEW.role = 'assistant' AND ${fingerprintOf(conversation)} = 'f5'`);
    await holdStatement(
      'BEFORE UPDATE ON deliveries',
      `NEW.state = 'delivered' AND ${fingerprintOf('NEW.subject_id')} = 'f9'`,
    );
    // A statement that the server has begun ends whatever becomes of the client: so the commit itself takes its time.
    await sabotage(
      world.sql,
      `AFTER UPDATE ON triages DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
       WHEN (NEW.status = 'finished' AND NEW.fingerprint = 'f8')`,
      'PERFORM pg_sleep(1.5); RETURN NULL;',
    );
    const seen = new Set<string>();
    world.standIns.prometheus.fault((request) => {
      const query = request.params.get('query') ?? '';
      const isFirst = !seen.has(query);
      seen.add(query);
      const isHeld = isByModel(request) && /"(f6|c|d)"/.test(query) && isFirst;
      return isHeld ? { kind: 'hang' } : undefined;
    });
    const first = await world.vigil();
    const lastAnswerHeld: typeof asks = (name) => async (request) => {
      if (toolResults(request).length > 0) await before.wait;
      return asks(name)(request, 0);
    };

    await world.alert(first, 'f6');
    await world.alert(first, 'f7', (request) =>
      toolResults(request).length === 0 ? calls(...four.map(queryCall)) : report,
    );
    await world.alert(first, 'f8', lastAnswerHeld('f8'));
    await until('f6 asks its backend', () => world.toolCalls('f6') === 1);
    await until('f7 has two results', async () => {
      const { length } =
        await world.rows(`SELECT 1 FROM tool_calls WHERE name = 'query_metrics' AND input ->> 'query' IN
        ('up{service="a"}', 'up{service="b"}')`);
      return length === 2 && world.toolCalls('c') + world.toolCalls('d') === 2;
    });
    await until('f8 waits for its report', () => world.turnsAsked('f8').length === 2);
    // From here on it must go quickly: a statement of Vigil's waits for 4 s.
    await world.sql.query(`SELECT pg_advisory_lock(${GATE})`);
    await world.alert(first, 'f9');
    await until('Slack has f9', () => world.standIns.slack.channel.length === 1);
    await world.alert(first, 'f3');
    await world.alert(first, 'f5');
    await until('f3 and f5 are at their points', async () => {
      const waits = await waiting('advisory');
      return waits.includes('INSERT INTO conversations') && waits.includes('INSERT INTO turns');
    });
    before.release();
    await until('f8 is being committed', async () => (await waiting('PgSleep')).includes('COMMIT'));
    killedAt = new Date();
    await first.signal('SIGKILL');
    await world.sql.query(`SELECT pg_advisory_unlock(${GATE})`);
    await world.vigil();
    // The dead process' delivery has a lease of half a minute: time passes by moving it.
    await world.sql.query(`UPDATE deliveries SET lease_until = now() WHERE state = 'pending'`);
    await world.allFinished();
  });
  afterAll(() => world.stop());

  const secondRequestAt = (name: string, n: number): number => world.modelCalls(name)[n]!.at.getTime();
  const conversationOf = async (
    name: string,
  ): Promise<{ role: string; blocks: { type: string; handle: string }[] }[]> =>
    world.rows(
      `SELECT u.role, u.blocks FROM turns u JOIN conversations c ON c.id = u.conversation_id
       JOIN triages t ON t.id = c.triage_id WHERE t.fingerprint = $1 ORDER BY u.seq`,
      [name],
    );

  it('after the claim and before the first call: the first call is the other’s, and the only one (F3)', async () => {
    expect(world.turnsAsked('f3')).toEqual([0, 1]);
    expect(secondRequestAt('f3', 0) - killedAt.getTime()).toBeLessThan(RESUME_MS);
    expect((await world.triages()).f3).toMatchObject({ outcome: 'complete', attempts: 2, strikes: 0 });
  });

  it('between an answer and its commit: that one call is repeated (F5)', async () => {
    expect(world.turnsAsked('f5')).toEqual([0, 0, 1]);
    expect(secondRequestAt('f5', 1) - killedAt.getTime()).toBeLessThan(RESUME_MS);
    expect((await world.triages()).f5).toMatchObject({ outcome: 'complete', attempts: 2 });
  });

  it('between the commit of an answer and its tools: no call is repeated, its tools are run from the record (F6)', () => {
    expect(world.turnsAsked('f6')).toEqual([0, 1]);
    expect(world.toolCalls('f6')).toBe(2); // the one that was in flight
    expect(world.toolTimes('f6')[1]!.getTime() - killedAt.getTime()).toBeLessThan(RESUME_MS);
  });

  it('with two of four results stored: the other two are fetched, and all go back in one message, in order (F7)', async () => {
    expect(four.map((what) => world.toolCalls(what))).toEqual([1, 1, 2, 2]);
    expect(world.turnsAsked('f7')).toEqual([0, 4]);
    const turns = await conversationOf('f7');
    expect(turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
    expect(turns[2]!.blocks.map(({ type, handle }) => [type, handle])).toEqual(
      ['r1', 'r2', 'r3', 'r4'].map((handle) => ['tool_result', handle]),
    );
  });

  it('between the commit of an end and its post: it is posted once, and asked for no more (F8)', async () => {
    const { f8 } = await world.triages();
    expect(f8).toMatchObject({ outcome: 'complete', attempts: 1 });
    expect(world.turnsAsked('f8')).toEqual([0, 1]);
    expect(await postsAbout('f8')).toBe(1);
  });

  it('between Slack’s ok and its commit: once more, no more than that (F9)', async () => {
    expect(await postsAbout('f9')).toBe(2);
    expect((await world.triages()).f9).toMatchObject({ outcome: 'complete', attempts: 1 });
  });

  it('leaves nothing behind that should not be', async () => {
    expect(await world.violations({ lostAnswers: 1, repeatedPosts: 1 })).toEqual([]);
    await saidThat(world.processes[1]!, '"triage started"');
    expect(world.processes[1]!.log.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
  });

  const postsAbout = async (name: string): Promise<number> => {
    const [row] = await world.rows<{ id: string }>('SELECT id FROM triages WHERE fingerprint = $1', [name]);
    return postsOf(world.standIns.slack.posts).get(row!.id) ?? 0;
  };
});
