import { Client } from 'pg';
import { type TestDatabase, createTestDatabase } from '../database/create-test-database';
import { calls } from '../stand-ins/anthropic-answer.ts';
import { violations } from '../invariants/invariants.ts';
import { toolResults } from '../stand-ins/anthropic-request.ts';
import { until } from '../until';
import { askedByModel, FAULTY_REPORT, queryThenReport, type StandIns, startStandIns, webhookOf } from './stand-ins';
import { startVigilProcess, type VigilProcess } from './vigil-process';

const LEASE_SECONDS = 2;

interface Seen {
  status: string;
  outcome?: string;
  attempts: number;
  tool_calls: number;
  conversations: { turns: { seq: number; role: string; content: { type: string; handle?: string }[] }[] }[];
}

describe('A triage whose process ends', () => {
  let database: TestDatabase;
  let world: StandIns;
  const processes: VigilProcess[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    // The first who sends the results gets no answer. A process that ends may be followed before it is gone.
    let sent = 0;
    world = await startStandIns((request) => {
      const isFirst = toolResults(request).length > 0 && (sent += 1) === 1;
      return isFirst ? { fault: 'hang' } : queryThenReport(request);
    });
  });
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((vigil) => vigil.signal('SIGKILL')));
    await world.stop();
    await database.drop();
  });

  const start = async (over: Readonly<Record<string, string>> = {}): Promise<VigilProcess> => {
    const settings = { ...world.settings, database_url: database.url, lease_seconds: String(LEASE_SECONDS), ...over };
    const vigil = await startVigilProcess(settings);
    processes.push(vigil);
    return vigil;
  };
  const post = async (vigil: VigilProcess): Promise<string> => {
    const answer = await vigil.call('/api/v1/alerts', { method: 'POST', body: webhookOf('f1') });
    expect(answer.status).toBe(202);
    return ((await answer.json()) as { accepted: string[] }).accepted[0]!;
  };
  const finished = (vigil: VigilProcess, id: string): Promise<Seen> =>
    until('the triage is finished', async () => {
      const seen = (await (await vigil.call(`/api/v1/triage/${id}`)).json()) as Seen;
      return seen.status === 'finished' && seen;
    });
  /** Requests by the number of results they held: how often each turn was asked for. */
  const asked = (): number[] => world.anthropic.journal.map((entry) => toolResults(entry.body!).length);

  const expectWhole = (seen: Seen): void => {
    expect(seen).toMatchObject({ outcome: 'complete', tool_calls: 1 });
    const { turns } = seen.conversations[0]!;
    expect(turns.map((turn) => [turn.seq, turn.role])).toEqual([
      [0, 'user'],
      [1, 'assistant'],
      [2, 'user'],
      [3, 'assistant'],
      [4, 'user'],
    ]);
    const handles = (type: string): unknown[] =>
      turns.flatMap((t) => t.content.filter((b) => b.type === type).map((b) => b.handle));
    expect(handles('tool_result')).toEqual(handles('tool_use'));
    expect(world.anthropic.faults).toEqual([]);
    expect(askedByModel(world.prometheus)).toHaveLength(1);
    // what the opening message tells was asked for once: the record begins there
    const beginnings = world.prometheus.journal.filter(({ params }) => params.get('query') === 'count(up)');
    expect(beginnings.filter(({ params }) => params.get('step') === '3600')).toHaveLength(1);
  };

  it('by kill -9 is taken over after the lease; no recorded answer is asked for again (F4, GV-02)', async () => {
    const first = await start();
    const second = await start();
    const id = await post(first);
    await until('the second request hangs', () => asked().includes(1));
    const runner = first.log.some((line) => line.includes('triage started')) ? first : second;
    const other = runner === first ? second : first;

    await runner.signal('SIGKILL');
    const killedMs = performance.now();
    const seen = await finished(other, id);

    expect(performance.now() - killedMs).toBeLessThan((LEASE_SECONDS + 3) * 1000);
    expect(seen.attempts).toBe(2);
    expect(asked()).toEqual([0, 1, 1]);
    expectWhole(seen);
    await until('the report is posted', () => world.slack.posts.length > 0);
    expect(world.slack.posts).toHaveLength(1);
    const sql = new Client({ connectionString: database.url });
    await sql.connect();
    const { anthropic: model, slack } = world;
    expect(await violations(sql, { model, slack, leaseSeconds: LEASE_SECONDS, secrets: ['dev-token'] })).toEqual([]);
    await sql.end();
  });

  it('while its report goes back for its faults goes on where it was: the next report stands', async () => {
    let sent = 0;
    world.anthropic.play((request) => {
      const isFirst = toolResults(request).length > 0 && (sent += 1) === 1;
      return isFirst ? { fault: 'hang' } : calls(FAULTY_REPORT);
    });
    const first = await start();
    const id = await post(first);
    await until('the request with the faults hangs', () => asked().includes(1));
    const second = await start();
    await first.signal('SIGKILL');
    const seen = await finished(second, id);
    expect(asked()).toEqual([0, 1, 1]);
    expect(seen).toMatchObject({ outcome: 'complete', attempts: 2, report: { headline: 'payments fails 97.3 %' } });
    const results = seen.conversations[0]!.turns.flatMap(({ content }) =>
      content.filter((b) => b.type === 'tool_result'),
    );
    expect(results).toMatchObject([
      { handle: 's1', status: 'failed' },
      { handle: 's2', status: 'ok' },
    ]);
  });

  it('by SIGTERM is handed over when the drain is over, without waiting for the lease (F59)', async () => {
    const settings = { lease_seconds: '30', drain_seconds: '1' };
    const first = await start(settings);
    const id = await post(first);
    await until('the second request hangs', () => asked().includes(1));
    const second = await start(settings);

    const code = await first.signal('SIGTERM');
    const endedMs = performance.now();
    expect(code).toBe(0);

    const seen = await finished(second, id);
    expect(performance.now() - endedMs).toBeLessThan(5_000);
    expectWhole(seen);
  });
});
