import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { until } from '../until';
import { type Answer, calls } from '../stand-ins/anthropic-answer.ts';
import { FAULTY_REPORT, queryThenReport, type StandIns, startStandIns, webhookOf } from './stand-ins';
import { startVigilInProcess, type VigilInProcess } from './vigil-in-process';

type Seen = Record<string, unknown> & {
  status: string;
  deliveries: { kind: string; state: string; reason?: string }[];
};

/** Replicas of the program over one database of their own, and everything that they talk to. */
class Ceiling {
  private readonly running: VigilInProcess[] = [];

  private constructor(
    readonly world: StandIns,
    private readonly database: TestDatabase,
    readonly sql: Client,
  ) {}

  static async make(): Promise<Ceiling> {
    const [world, database] = await Promise.all([startStandIns(), createTestDatabase()]);
    const sql = new Client({ connectionString: database.url });
    await sql.connect();
    return new Ceiling(world, database, sql);
  }

  async remove(): Promise<void> {
    await this.stopAll();
    await this.world.stop();
    await this.sql.end();
    await this.database.drop();
  }

  async start(over: Readonly<Record<string, string>> = {}): Promise<VigilInProcess> {
    const vigil = await startVigilInProcess({ database_url: this.database.url, ...this.world.settings, ...over });
    this.running.push(vigil);
    return vigil;
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.running.splice(0).map((vigil) => vigil.stop()));
  }

  /** What the model cost so far, US dollars. */
  async spent(): Promise<number> {
    const sums = await this.sql.query<{ usd: string }>('SELECT COALESCE(sum(spent_usd), 0) AS usd FROM money_days');
    return Number(sums.rows[0]!.usd);
  }

  posts(count: number): Promise<unknown> {
    return until(`${count} messages in Slack`, () => this.world.slack.channel.length >= count);
  }
}

/** Each test has programs of its own, so they wait side by side. */
async function atCeiling(play: (ceiling: Ceiling) => Promise<void>): Promise<void> {
  const ceiling = await Ceiling.make();
  await play(ceiling).finally(() => ceiling.remove());
}

const post = async (vigil: VigilInProcess, fingerprint: string): Promise<string> =>
  (await vigil.post(webhookOf(fingerprint))).accepted[0]!;
const postMany = (vigil: VigilInProcess, count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => post(vigil, `f${i}`)));
const see = async (vigil: VigilInProcess, id: string): Promise<Seen> =>
  (await (await vigil.call(`/api/v1/triage/${id}`)).json()) as Seen;
const seen = (vigil: VigilInProcess, ids: readonly string[], is: (seen: Seen) => boolean): Promise<Seen[]> =>
  until('all triages are there', async () => {
    const all: Seen[] = [];
    for (const id of ids) {
      const one = await see(vigil, id);
      if (!is(one)) return undefined; // asking for the others too would cost what they need to get there
      all.push(one);
    }
    return all;
  });

describe('At its ceilings the whole program', () => {
  it.concurrent(
    'lets triages wait when the money of all replicas is spent, tells it once, and goes on when there is more (F52)',
    () =>
      atCeiling(async (ceiling) => {
        const { world, sql } = ceiling;
        const limit = { max_cost_usd_per_day: '0.1', max_concurrent_triages: '1' };
        const [one, two] = [await ceiling.start(limit), await ceiling.start(limit)];
        const ids = await postMany(one, 12);
        const all = await seen(two, ids, ({ status }) => ['finished', 'waiting'].includes(status));
        const waiting = all.filter(({ status }) => status === 'waiting');
        expect(waiting.length).toBeGreaterThan(0);
        expect(waiting.length).toBeLessThan(12);
        expect(await ceiling.spent()).toBeLessThanOrEqual(0.1 + 0.03); // the call of one replica does not see that of the other
        expect(await ceiling.spent()).toBeGreaterThan(0.02);
        const { rows } = await sql.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM deliveries WHERE kind = 'notice'`,
        );
        expect(rows).toEqual([{ n: 1 }]);
        await until('the notice is posted', () =>
          world.slack.channel.some(({ text }) => text?.includes("the day's money is spent")),
        );

        await ceiling.stopAll();
        const asked = world.anthropic.journal.length;
        const third = await ceiling.start(limit);
        await post(third, 'late');
        await until(
          'the late one waits',
          async () =>
            (await sql.query(`SELECT 1 FROM triages WHERE status = 'queued' OR status = 'running'`)).rows.length === 0,
        );
        expect(world.anthropic.journal).toHaveLength(asked);

        await ceiling.stopAll();
        const richer = await ceiling.start();
        await seen(richer, ids, ({ status, outcome }) => status === 'finished' && outcome === 'complete');
        const notices = world.slack.channel.filter(({ text }) => text?.includes('Vigil does not investigate'));
        expect(notices).toHaveLength(1);
      }),
    60_000,
  );

  it.concurrent(
    'lets a running triage wait with what it found, and goes on with it (F52)',
    () =>
      atCeiling(async (ceiling) => {
        const { world, sql } = ceiling;
        const vigil = await ceiling.start({ max_cost_usd_per_day: '1' });
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
      }),
    60_000,
  );

  it.concurrent.each<[string, (sent: number, sql: Client) => Promise<Answer>]>([
    [
      'money',
      async (_sent, sql) => {
        await sql.query(`INSERT INTO money_days VALUES ((now() AT TIME ZONE 'UTC')::date, 1)`);
        return calls(FAULTY_REPORT);
      },
    ],
    ['a model', (sent) => Promise.resolve(sent === 1 ? calls(FAULTY_REPORT) : { fault: 'status', status: 401 })],
  ])(
    'holds no report back that only lacks its corrections, for want of %s',
    (_what, script) =>
      atCeiling(async (ceiling) => {
        const { world, sql } = ceiling;
        const vigil = await ceiling.start({ max_cost_usd_per_day: '1' });
        let sent = 0;
        world.anthropic.play(() => script((sent += 1), sql));
        const id = await post(vigil, 'f1');
        const [ended] = await seen(vigil, [id], ({ status }) => status === 'finished' || status === 'waiting');
        expect(ended).toMatchObject({
          outcome: 'complete',
          attempts: 1,
          report: { headline: 'payments fails 97.3 %' },
        });
      }),
    60_000,
  );

  it.concurrent(
    'tells on-call once that the model does not answer, and what to look at, and stays ready (F26, F27)',
    () =>
      atCeiling(async (ceiling) => {
        const { world, sql } = ceiling;
        world.anthropic.play(() => ({ fault: 'status', status: 401 }));
        const vigil = await ceiling.start();
        const ids = await postMany(vigil, 3);
        await seen(vigil, ids, ({ status }) => status === 'waiting');
        await ceiling.posts(1);
        expect(JSON.stringify(world.slack.channel[0]!.blocks)).toMatch(
          /no answer from the model.*check claude-api-key/,
        );
        // Alerts are taken meanwhile: whoever sends them must not be turned away.
        expect((await fetch(`${vigil.adminUrl}/-/ready`)).status).toBe(200);
        world.anthropic.play(queryThenReport);
        await sql.query('UPDATE triages SET due_at = now()');
        const all = await seen(vigil, ids, ({ status }) => status === 'finished');
        expect(all.map(({ deliveries }) => deliveries.map(({ kind }) => kind))).toEqual([
          ['report'],
          ['report'],
          ['report'],
        ]);
        await ceiling.posts(4);
        expect(world.slack.channel).toHaveLength(4);
      }),
    60_000,
  );

  it.concurrent(
    'posts a digest above the hourly ceiling and loses no report (F52, GV-07)',
    () =>
      atCeiling(async (ceiling) => {
        const { world, sql } = ceiling;
        const vigil = await ceiling.start({ slack_messages_per_hour: '3' });
        const ids = await postMany(vigil, 9);
        await seen(vigil, ids, ({ status }) => status === 'finished');
        await ceiling.posts(2);
        // The first digest of an hour gathers for some seconds: they pass where they are kept.
        await sql.query(`UPDATE deliveries SET created_at = created_at - interval '10 s' WHERE state = 'pending'`);
        const all = await seen(vigil, ids, ({ deliveries }) => deliveries.some(({ state }) => state === 'delivered'));
        expect(
          all.flatMap(({ deliveries }) => deliveries).filter(({ reason }) => reason?.includes('digest')),
        ).toHaveLength(7);
        expect(world.slack.channel.map(({ text }) => text)).toEqual([
          expect.stringContaining('HighErrorRate'),
          expect.stringContaining('HighErrorRate'),
          expect.stringContaining('Digest: 7 reports'),
        ]);
        expect(JSON.stringify(world.slack.channel[2]!.blocks).match(/read it/g)).toHaveLength(7);
      }),
    60_000,
  );

  it.concurrent(
    'forgets what is older than retention-days by itself, and keeps the rest (F74, GV-35)',
    () =>
      atCeiling(async (ceiling) => {
        const { sql } = ceiling;
        const first = await ceiling.start();
        const [old, young] = await postMany(first, 2);
        await seen(first, [old!, young!], ({ deliveries }) => deliveries.some(({ state }) => state === 'delivered'));
        await ceiling.stopAll();
        await sql.query(`UPDATE triages SET completed_at = completed_at - interval '8 days' WHERE id = $1`, [old]);
        const second = await ceiling.start({ retention_days: '7' });
        await until('the old one is gone', async () => (await second.call(`/api/v1/triage/${old}`)).status === 404);
        expect(await see(second, young!)).toMatchObject({ status: 'finished' });
        expect((await sql.query('SELECT subject_id FROM deliveries')).rows).toEqual([{ subject_id: young }]);
      }),
    60_000,
  );
});
