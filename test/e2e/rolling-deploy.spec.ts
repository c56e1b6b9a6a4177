import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { calls } from '../stand-ins/anthropic-answer.ts';
import { type ParsedRequest, toolResults } from '../stand-ins/anthropic-request.ts';
import { until } from '../until';
import { queryThenReport, type StandIns, startStandIns, webhookOf } from './stand-ins';
import { startVigilInProcess, type VigilInProcess } from './vigil-in-process';

interface Seen {
  readonly status: string;
  readonly outcome?: string;
  readonly attempts: number;
  readonly model?: string;
}

let database: TestDatabase;
let sql: Client;
let world: StandIns;
const running: VigilInProcess[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  sql = new Client({ connectionString: database.url });
  await sql.connect();
  world = await startStandIns();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((vigil) => vigil.stop()));
  await Promise.all([sql.end(), world.stop()]);
  await database.drop();
});

const start = async (over: Readonly<Record<string, string>> = {}): Promise<VigilInProcess> => {
  const vigil = await startVigilInProcess({
    database_url: database.url,
    ...world.settings,
    drain_seconds: '0',
    ...over,
  });
  running.push(vigil);
  return vigil;
};
const stop = (): Promise<void> => running.pop()!.stop();
const finished = (vigil: VigilInProcess, id: string): Promise<Seen> =>
  until(`triage ${id} is finished`, async () => {
    const seen = (await (await vigil.call(`/api/v1/triage/${id}`)).json()) as Seen;
    return seen.status === 'finished' && seen;
  });

/** Without the cache marks, which move. */
const fixed = ({ system, tools, model }: ParsedRequest): string =>
  JSON.stringify([model, system, tools], (name, member: unknown) => (name === 'cache_control' ? undefined : member));

it('A triage that an older release began goes on as it began: its model, its prompt, its tools, and of a tool that is gone it is told (F62)', async () => {
  const old = await start({ claude_model: 'claude-opus-4-6', loki_endpoint: 'http://127.0.0.1:9' });
  world.anthropic.play(() => ({ fault: 'hang' }));
  const id = (await old.post(webhookOf('deploy'))).accepted[0]!;
  await until('the model is asked', () => world.anthropic.journal.length > 0);
  await stop();
  // The older release had another prompt, a tool that is gone since, and one that this one does not know at all.
  const { rowCount } = await sql.query(
    `UPDATE conversations SET prompt_version = 'older',
       system_prompt = 'You are an older Vigil.',
       prefix = replace(prefix, '"name":"list_targets"', '"name":"list_scrapes"')`,
  );
  expect(rowCount).toBe(1);

  const logs = { name: 'query_logs', input: { query: '{service="payments"}' } };
  const asks = calls({ name: 'list_scrapes', input: {} }, logs);
  world.anthropic.play((request) => (toolResults(request).length === 0 ? asks : queryThenReport(request)));
  const now = await start({ claude_model: 'claude-sonnet-5-5' });
  expect(await finished(now, id)).toMatchObject({ outcome: 'complete', attempts: 2, model: 'claude-opus-4-6' });

  const bodies = world.anthropic.journal.map(({ body }) => body!);
  const resumed = bodies.slice(1);
  expect(new Set(resumed.map(fixed)).size).toBe(1);
  for (const { tools, model } of resumed) {
    expect(model).toBe('claude-opus-4-6');
    expect(tools!.map(({ name }) => name)).toEqual(expect.arrayContaining(['list_scrapes', 'query_logs']));
    expect(tools!.map(({ name }) => name)).not.toContain('list_targets');
  }

  const results = toolResults(bodies.at(-1)!);
  expect(results.slice(0, 2).map(({ name }) => name)).toEqual(['list_scrapes', 'query_logs']);
  for (const result of results.slice(0, 2)) {
    expect(result).toMatchObject({ isError: true });
    expect(result.text).toMatch(/no tool of this name now[^]*retired[^]*query_metrics/);
  }

  // What begins now begins with what is configured now.
  world.anthropic.play(queryThenReport);
  expect(await finished(now, (await now.post(webhookOf('new'))).accepted[0]!)).toMatchObject({
    outcome: 'complete',
    model: 'claude-sonnet-5-5',
  });
  const { tools } = world.anthropic.journal.at(-1)!.body!;
  expect(tools!.map(({ name }) => name)).not.toContain('query_logs');
});

it('This release serves on a schema that the next one has widened: a column, a table and a migration more (F64)', async () => {
  await sql.query(`
    ALTER TABLE triages ADD COLUMN next_release text, ADD COLUMN next_count integer NOT NULL DEFAULT 0;
    ALTER TABLE firings ADD COLUMN next_release text;
    ALTER TABLE conversations ADD COLUMN next_release text;
    ALTER TABLE turns ADD COLUMN next_release text;
    ALTER TABLE tool_calls ADD COLUMN next_release text;
    ALTER TABLE deliveries ADD COLUMN next_release text;
    CREATE TABLE next_release (triage_id text PRIMARY KEY REFERENCES triages ON DELETE CASCADE);
    INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'NextRelease9999999999999')`);
  const vigil = await start();
  const id = (await vigil.post(webhookOf('wider'))).accepted[0]!;
  await sql.query('INSERT INTO next_release VALUES ($1)', [id]);
  expect(await finished(vigil, id)).toMatchObject({ outcome: 'complete', attempts: 1 });
  await until('the report is recorded as delivered', async () => {
    const { rows } = await sql.query(`SELECT 1 FROM deliveries WHERE subject_id = $1 AND state = 'delivered'`, [id]);
    return rows.length > 0;
  });
  expect((await vigil.post(webhookOf('wider'))).alerts).toMatchObject([{ decision: 'already_triaged' }]);
  expect((await vigil.call('/api/v1/triage')).status).toBe(200);
});
