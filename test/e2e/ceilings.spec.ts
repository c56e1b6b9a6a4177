import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { until } from '../until';
import { type Answer, calls } from '../stand-ins/anthropic-answer.ts';
import { FAULTY_REPORT, queryThenReport, type StandIns, startStandIns, webhookOf } from './stand-ins';
import { startVigilInProcess, type VigilInProcess } from './vigil-in-process';

describe('At its ceilings the whole program', () => {
  let world: StandIns;
  let database: TestDatabase;
  let sql: Client;
  const running: VigilInProcess[] = [];

  beforeEach(async () => {
    world = await startStandIns();
    database = await createTestDatabase();
    sql = new Client({ connectionString: database.url });
    await sql.connect();
  });
  afterEach(async () => {
    await stopAll();
    await world.stop();
    await sql.end();
    await database.drop();
  });

  const stopAll = async (): Promise<void> => {
    await Promise.all(running.splice(0).map((vigil) => vigil.stop()));
  };
  const start = async (over: Readonly<Record<string, string>> = {}): Promise<VigilInProcess> => {
    const vigil = await startVigilInProcess({ database_url: database.url, ...world.settings, ...over });
    running.push(vigil);
    return vigil;
  };
  const post = async (vigil: VigilInProcess, fingerprint: string): Promise<string> =>
    (await vigil.post(webhookOf(fingerprint))).accepted[0]!;
  const postMany = (vigil: VigilInProcess, count: number): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, (_, i) => post(vigil, `f${i}`)));
  type Seen = Record<string, unknown> & {
    status: string;
    deliveries: { kind: string; state: string; reason?: string }[];
  };
  const see = async (vigil: VigilInProcess, id: string): Promise<Seen> =>
    (await (await vigil.call(`/api/v1/triage/${id}`)).json()) as Seen;
  const seen = (vigil: VigilInProcess, ids: readonly string[], is: (seen: Seen) => boolean): Promise<Seen[]> =>
    until('all triages are there', async () => {
      const all = await Promise.all(ids.map((id) => see(vigil, id)));
      return all.every(is) ? all : undefined;
    });
  const posts = (count: number): Promise<unknown> =>
    until(`${count} messages in Slack`, () => world.slack.channel.length >= count);
  const spent = async (): Promise<number> =>
    Number(
      (await sql.query<{ usd: string }>('SELECT COALESCE(sum(spent_usd), 0) AS usd FROM money_days')).rows[0]!.usd,
    );

  it('lets triages wait when the money of all replicas is spent, tells it once, and goes on when there is more (F52)', async () => {
    const limit = { max_cost_usd_per_day: '0.05', max_concurrent_triages: '1' };
    const [one, two] = [await start(limit), await start(limit)];
    const ids = await postMany(one, 12);
    const all = await seen(two, ids, ({ status }) => ['finished', 'waiting'].includes(status));
    const waiting = all.filter(({ status }) => status === 'waiting');
    expect(waiting.length).toBeGreaterThan(0);
    expect(waiting.length).toBeLessThan(12);
    expect(await spent()).toBeLessThanOrEqual(0.05 + 0.03); // the call of one replica does not see that of the other
    expect(await spent()).toBeGreaterThan(0.02);
    const { rows } = await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM deliveries WHERE kind = 'notice'`);
    expect(rows).toEqual([{ n: 1 }]);
    await until('the notice is posted', () =>
      world.slack.channel.some(({ text }) => text?.includes("the day's money is spent")),
    );

    await stopAll();
    const asked = world.anthropic.journal.length;
    const third = await start(limit);
    await post(third, 'late');
    await until(
      'the late one waits',
      async () =>
        (await sql.query(`SELECT 1 FROM triages WHERE status = 'queued' OR status = 'running'`)).rows.length === 0,
    );
    expect(world.anthropic.journal).toHaveLength(asked);

    await stopAll();
    const richer = await start();
    await seen(richer, ids, ({ status, outcome }) => status === 'finished' && outcome === 'complete');
    const notices = world.slack.channel.filter(({ text }) => text?.includes('Vigil does not investigate'));
    expect(notices).toHaveLength(1);
  }, 60_000);

  it('lets a running triage wait with what it found, and goes on with it (F52)', async () => {
    const vigil = await start({ max_cost_usd_per_day: '1' });
    world.anthropic.play(async (request) => {
      await sql.query(`INSERT INTO money_days VALUES ((now() AT TIME ZONE 'UTC')::date, 1)`);
      return queryThenReport(request);
    });
    const id = await post(vigil, 'f1');
    const [waiting] = await seen(vigil, [id], ({ status }) => status === 'waiting');
    expect(waiting).toMatchObject({ tool_calls: 1, attempts: 1, conversations: [{ turns: [{}, {}, {}] }] });
    expect(new Date(waiting!.due_at as string).getTime() % 86_400_000).toBe(0);
    world.anthropic.play(queryThenReport);
    await sql.query('UPDATE money_days SET day = day - 1');
    const [ended] = await seen(vigil, [id], ({ status }) => status === 'finished');
    expect(ended).toMatchObject({ outcome: 'complete', attempts: 2, tool_calls: 1 });
    expect(world.anthropic.journal).toHaveLength(2);
  });

  it.each<[string, (sent: number) => Promise<Answer>]>([
    [
      'money',
      async () => {
        await sql.query(`INSERT INTO money_days VALUES ((now() AT TIME ZONE 'UTC')::date, 1)`);
        return calls(FAULTY_REPORT);
      },
    ],
    ['a model', (sent) => Promise.resolve(sent === 1 ? calls(FAULTY_REPORT) : { fault: 'status', status: 401 })],
  ])('holds no report back that only lacks its corrections, for want of %s', async (_what, script) => {
    const vigil = await start({ max_cost_usd_per_day: '1' });
    let sent = 0;
    world.anthropic.play(() => script((sent += 1)));
    const id = await post(vigil, 'f1');
    const [ended] = await seen(vigil, [id], ({ status }) => status === 'finished' || status === 'waiting');
    expect(ended).toMatchObject({ outcome: 'complete', attempts: 1, report: { headline: 'payments fails 97.3 %' } });
  });

  it('tells on-call once that the model does not answer, and what to look at (F26)', async () => {
    world.anthropic.play(() => ({ fault: 'status', status: 401 }));
    const vigil = await start();
    const ids = await postMany(vigil, 3);
    await seen(vigil, ids, ({ status }) => status === 'waiting');
    await posts(1);
    expect(JSON.stringify(world.slack.channel[0]!.blocks)).toMatch(/no answer from the model.*check claude-api-key/);
    world.anthropic.play(queryThenReport);
    await sql.query('UPDATE triages SET due_at = now()');
    const all = await seen(vigil, ids, ({ status }) => status === 'finished');
    expect(all.map(({ deliveries }) => deliveries.map(({ kind }) => kind))).toEqual([
      ['report'],
      ['report'],
      ['report'],
    ]);
    await posts(4);
    expect(world.slack.channel).toHaveLength(4);
  }, 60_000);

  it('posts a digest above the hourly ceiling and loses no report (F52, GV-07)', async () => {
    const vigil = await start({ slack_messages_per_hour: '3' });
    const ids = await postMany(vigil, 9);
    const all = await seen(vigil, ids, ({ deliveries }) => deliveries.some(({ state }) => state === 'delivered'));
    expect(all.flatMap(({ deliveries }) => deliveries).filter(({ reason }) => reason?.includes('digest'))).toHaveLength(
      7,
    );
    expect(world.slack.channel.map(({ text }) => text)).toEqual([
      expect.stringContaining('HighErrorRate'),
      expect.stringContaining('HighErrorRate'),
      expect.stringContaining('Digest: 7 reports'),
    ]);
    expect(JSON.stringify(world.slack.channel[2]!.blocks).match(/read it/g)).toHaveLength(7);
  }, 60_000);

  it('forgets what is older than retention-days by itself, and keeps the rest (F74, GV-35)', async () => {
    const first = await start();
    const [old, young] = await postMany(first, 2);
    await seen(first, [old!, young!], ({ deliveries }) => deliveries.some(({ state }) => state === 'delivered'));
    await stopAll();
    await sql.query(`UPDATE triages SET completed_at = completed_at - interval '8 days' WHERE id = $1`, [old]);
    const second = await start({ retention_days: '7' });
    await until('the old one is gone', async () => (await second.call(`/api/v1/triage/${old}`)).status === 404);
    expect(await see(second, young!)).toMatchObject({ status: 'finished' });
    expect((await sql.query('SELECT subject_id FROM deliveries')).rows).toEqual([{ subject_id: young }]);
  }, 60_000);
});
