import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { type Answer, calls } from '../stand-ins/anthropic-answer.ts';
import { type ParsedRequest, toolResults } from '../stand-ins/anthropic-request.ts';
import { until } from '../until';
import { type StandIns, startStandIns, webhookOf } from './stand-ins';
import { startVigilProcess, type VigilProcess } from './vigil-process';

const LEASE_SECONDS = 2;
/** Deep in the diff of the change that is farthest from the alert: no list that is fitted shows it. */
const NEEDLE = '+  poolSize: 3 // was 30';
const LISTS = 12;

interface Content {
  readonly type: string;
  readonly handle?: string;
  readonly name?: string;
  readonly text?: string;
  readonly bytes?: number;
}
interface Seen {
  readonly status: string;
  readonly outcome?: string;
  readonly attempts: number;
  readonly report?: {
    readonly evidence: readonly { readonly verified: string }[];
    readonly root_cause: { readonly change: string };
  };
  readonly conversations: readonly { readonly turns: readonly { readonly content: readonly Content[] }[] }[];
}

describe('A triage with many huge results', () => {
  let database: TestDatabase;
  let world: StandIns;
  const processes: VigilProcess[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    world = await startStandIns(huge);
  });
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((vigil) => vigil.signal('SIGKILL')));
    await world.stop();
    await database.drop();
  });

  /** Four lists a turn, then the line that none of them shows, then a report that quotes it. */
  function huge(request: ParsedRequest): Answer {
    const results = toolResults(request);
    if (results.length < LISTS) {
      return calls(...[0, 1, 2, 3].map((i) => ({ name: 'list_changes', input: { limit: 80 + results.length + i } })));
    }
    if (results.length === LISTS) return calls({ name: 'read_result', input: { handle: 'r2', query: 'poolsize' } });
    const change = /id "(farthest)"/.exec(results.at(-1)!.text)?.[1];
    return calls({ name: 'submit_report', input: reportOf(change ?? 'not read') });
  }

  const start = async (): Promise<VigilProcess> => {
    const own = { database_url: database.url, lease_seconds: String(LEASE_SECONDS), max_input_tokens: '5000000' };
    const vigil = await startVigilProcess({ ...world.settings, ...own });
    processes.push(vigil);
    return vigil;
  };
  const post = async (vigil: VigilProcess, path: string, body: string): Promise<unknown> => {
    const answer = await vigil.call(path, { method: 'POST', body });
    expect(answer.status).toBe(202);
    return answer.json();
  };
  /** @returns the id of the triage */
  const investigate = async (vigil: VigilProcess): Promise<string> => {
    const now = Date.now();
    const changes = Array.from({ length: 60 }, (_, i) => ({
      source: 'ci',
      id: i === 59 ? 'farthest' : `c${i}`,
      kind: 'deploy',
      service: `service-${i}`,
      at: new Date(now - (i + 1) * 60_000).toISOString(),
      title: `Deploy service-${i}`,
      details: `--- a/${i}.js\n+++ b/${i}.js\n${'-  old: 1\n+  new: 2\n'.repeat(400)}${i === 59 ? NEEDLE : '+  poor: 1'}\n`,
    }));
    await post(vigil, '/api/v1/changes', JSON.stringify(changes));
    const alert = webhookOf('f1', { startsAt: new Date(now).toISOString() });
    const { accepted } = (await post(vigil, '/api/v1/alerts', alert)) as { accepted: string[] };
    return accepted[0]!;
  };
  const finished = (vigil: VigilProcess, id: string): Promise<Seen> =>
    until('the triage is finished', async () => {
      const seen = (await (await vigil.call(`/api/v1/triage/${id}`)).json()) as Seen;
      return seen.status === 'finished' && seen;
    });

  const expectFitted = (seen: Seen): void => {
    expect(world.anthropic.faults).toEqual([]);
    expect(seen.outcome).toBe('complete');
    const content = seen.conversations[0]!.turns.flatMap((turn) => turn.content);
    const results = content.filter(({ type, handle }) => type === 'tool_result' && handle?.startsWith('r'));
    expect(results).toHaveLength(LISTS + 1);
    const chars = results.map(({ text }) => text!.length);
    // the lists of a turn share what is left; each has its floor, a fence, and the line that says that room is short
    expect(chars.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(64_000 + results.length * 400);
    expect(Math.max(...chars)).toBeLessThanOrEqual(8_400);
    expect(results.slice(0, 4).every(({ text }) => !text!.includes('shorter than usual'))).toBe(true);
    expect(results.slice(8, 12).every(({ text }) => text!.includes('shorter than usual'))).toBe(true);
    for (const { text, bytes } of results.slice(0, LISTS)) {
      expect(text).not.toContain(NEEDLE);
      expect(text).toMatch(/left out, the farthest from the start: \d+ changes/);
      expect(text).not.toContain('more characters)\n');
      expect(bytes).toBeGreaterThan(400_000);
    }
    expect(results.at(-1)!.text).toContain(`    | ${NEEDLE}`);
    expect(seen.report).toMatchObject({ evidence: [{ verified: 'quoted' }], root_cause: { change: 'farthest' } });
  };

  it('stays within the room of its conversation, and reaches a line that was fitted away', async () => {
    const vigil = await start();
    expectFitted(await finished(vigil, await investigate(vigil)));
  }, 60_000);

  it('does so too when its process is killed after the lists (kill -9)', async () => {
    let sent = 0;
    world.anthropic.play((request) => {
      const isFirst = toolResults(request).length === LISTS && (sent += 1) === 1;
      return isFirst ? { fault: 'hang' } : huge(request);
    });
    const first = await start();
    const id = await investigate(first);
    await until('the request with all lists hangs', () => sent === 1);
    const second = await start();
    await first.signal('SIGKILL');
    const seen = await finished(second, id);
    expect(seen.attempts).toBe(2);
    expectFitted(seen);
  }, 60_000);
});

function reportOf(change: string): object {
  return {
    headline: 'a pool is too small',
    what_is_happening: 'Calls wait.',
    root_cause: { statement: 'A deploy made the pool smaller.', component: 'service-59', change, confidence: 'low' },
    affected: [],
    evidence: [{ claim: 'The deploy set poolSize to 3', source: 'r13', quote: NEEDLE }],
    ruled_out: [],
    actions: [{ action: 'Roll back', urgency: 'now' }],
    could_not_check: [],
    flags: [],
  };
}
