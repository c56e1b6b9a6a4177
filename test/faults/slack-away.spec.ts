import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { sabotage } from '../database/sabotage';
import { noSessionLeft, waitingStatements } from '../database/sessions';
import { type StandIns, startStandIns, webhookOf } from '../e2e/stand-ins';
import { startVigilProcess, type VigilProcess } from '../e2e/vigil-process';
import { until } from '../until';

const REPORTS = 6;

describe('Reports that are owed to Slack', () => {
  let world: StandIns;
  let database: TestDatabase;
  let sql: Client;
  let vigil: VigilProcess;
  beforeEach(async () => {
    world = await startStandIns();
    database = await createTestDatabase();
    sql = new Client({ connectionString: database.url });
    await sql.connect();
  });
  afterEach(async () => {
    await vigil.signal('SIGKILL');
    await world.stop();
    await sql.end();
    await database.drop();
  });

  const start = (over: Readonly<Record<string, string>> = {}): Promise<VigilProcess> =>
    startVigilProcess({
      ...world.settings,
      database_url: database.url,
      lease_seconds: '2',
      drain_seconds: '0',
      ...over,
    });
  const investigate = async (): Promise<void> => {
    for (let i = 0; i < REPORTS; i += 1) {
      await vigil.call('/api/v1/alerts', { method: 'POST', body: webhookOf(`owed-${i}`) });
    }
    await until('all triages have ended', async () => (await count(`triages WHERE status = 'finished'`)) === REPORTS);
  };
  const count = async (what: string): Promise<number> =>
    (await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${what}`)).rows[0]!.n;
  const delivered = (): Promise<true> =>
    until('all are delivered', async () => (await count(`deliveries WHERE state = 'delivered'`)) === REPORTS);
  const subjects = async (): Promise<string[]> =>
    (await sql.query<{ subject_id: string }>('SELECT subject_id FROM deliveries ORDER BY position')).rows.map(
      ({ subject_id }) => subject_id,
    );
  /** The triages whose links stand in a message, in its order. */
  const toldBy = (message: unknown): string[] =>
    [...JSON.stringify(message).matchAll(/\/t\/([0-9A-Z]{26})/g)].map(([, id]) => id!);
  const told = (): string[] => world.slack.channel.flatMap((message) => [...new Set(toldBy(message))]);

  it.each(['server_error', 'reset'] as const)(
    'are each told once and in their order after an hour of %s, and the triages end meanwhile (F47)',
    async (trouble) => {
      world.slack.answer(() => trouble);
      vigil = await start();
      await investigate();
      for (let hour = 1; hour <= 3; hour += 1) {
        const tried = world.slack.posts.length;
        await sql.query(`UPDATE deliveries SET due_at = now(), created_at = created_at - interval '20 minutes'`);
        await until('it is tried again', () => world.slack.posts.length > tried);
      }
      expect(told()).toEqual([]);
      world.slack.answer();
      await sql.query(`UPDATE deliveries SET due_at = now()`);
      await delivered();
      expect(told()).toEqual(await subjects());
    },
  );

  it("in a digest are told once more at most, and all of them, after kill -9 between Slack's ok and the record (P5)", async () => {
    world.slack.answer(() => 'server_error');
    vigil = await start({ slack_messages_per_hour: '1' });
    await investigate();
    const mend = await sabotage(
      sql,
      'BEFORE UPDATE ON deliveries FOR EACH ROW',
      `IF NEW.state = 'delivered' THEN PERFORM pg_sleep(3); END IF; RETURN NEW;`,
    );
    world.slack.answer();
    await sql.query(`UPDATE deliveries SET due_at = now(), created_at = created_at - interval '1 minute'`);
    await until('the digest is in the channel', () => world.slack.channel.length === 1);
    await until('its record is under way', async () => (await waitingStatements(sql, 'PgSleep')).length > 0);
    await vigil.signal('SIGKILL');
    await noSessionLeft(sql);
    expect(await count(`deliveries WHERE state = 'pending'`)).toBe(REPORTS);

    await mend();
    await sql.query(`UPDATE deliveries SET lease_until = now() - interval '1 s'`);
    vigil = await start({ slack_messages_per_hour: '1' });
    await delivered();
    expect(world.slack.channel).toHaveLength(2);
    for (const message of world.slack.channel) expect(new Set(toldBy(message))).toEqual(new Set(await subjects()));
  });

  it('stay owed, with the reason, while slack-webhook-url is not set, and are told when it is again', async () => {
    world.slack.answer(() => 'server_error');
    vigil = await start();
    await investigate();
    await vigil.signal('SIGKILL');
    world.slack.answer();
    vigil = await start({ slack_webhook_url: '' });
    // The one that was just tried is the killed process' until its lease ends.
    const line = await until('it is said', () => vigil.log.find((each) => each.includes('"deliveries":')));
    expect(line).toContain('Set slack-webhook-url');
    expect(
      await count(`deliveries WHERE reason LIKE 'the channel is not configured now: kept%'`),
    ).toBeGreaterThanOrEqual(REPORTS - 1);
    await vigil.signal('SIGKILL');
    await sql.query('UPDATE deliveries SET due_at = now(), lease_until = NULL');
    vigil = await start();
    await delivered();
    expect(told()).toEqual(await subjects());
  });
});
