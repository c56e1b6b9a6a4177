import type { Answer } from '../stand-ins/anthropic-answer.ts';
import { toolResults } from '../stand-ins/anthropic-request.ts';
import { held } from '../held';
import { until } from '../until';
import { queryThenReport, webhookOf } from '../e2e/stand-ins';
import { startVigilBehindGate, type VigilBehindGate } from '../e2e/vigil-behind-gate';
import type { AdmittedBody } from '../e2e/vigil-in-process';

jest.setTimeout(60_000);

/** After this Alertmanager gives up on an answer. */
const PATIENCE_MS = 10_000;

describe('The program, when its database neither answers nor goes away', () => {
  let vigil: VigilBehindGate;
  const answers = held();
  beforeAll(async () => {
    vigil = await startVigilBehindGate(async (request): Promise<Answer> => {
      await answers.wait;
      return queryThenReport(request);
    });
  });
  afterAll(() => vigil.stop());

  const send = (body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    vigil.call('/api/v1/alerts', { method: 'POST', body, headers });
  const post = async (fingerprint: string): Promise<{ status: number; ms: number; body: AdmittedBody }> => {
    const begunMs = performance.now();
    const answer = await send(webhookOf(fingerprint));
    return { status: answer.status, ms: performance.now() - begunMs, body: (await answer.json()) as AdmittedBody };
  };
  /** Each belongs to a trace of its own: so each wants a connection of its own. */
  const crowd = (): Promise<number[]> =>
    Promise.all(
      Array.from({ length: 16 }, async (_, i) => {
        const traceparent = `00-${String(i + 1).padStart(32, '0')}-00000000000000ab-01`;
        return (await send(webhookOf(`crowd-${i}`, { status: 'resolved' }), { traceparent })).status;
      }),
    );
  const EACH_STORED = Array<number>(16).fill(202);
  const statusOf = async (path: string): Promise<number> => (await vigil.call(path)).status;

  it('refuses alerts in time, says which part fails, keeps what was paid for, and goes on by itself with new connections', async () => {
    for (const name of ['one', 'two', 'three']) expect((await post(name)).status).toBe(202);
    expect(await crowd()).toEqual(EACH_STORED); // the pool is full of connections
    await until('the model is asked for all', () => vigil.world.anthropic.journal.length === 3);
    vigil.gate.fallSilent();
    answers.release(); // three answers that cannot be recorded

    const [one, other, ready] = await Promise.all([post('during'), post('also-during'), statusOf('/-/ready')]);
    expect([one.status, other.status, ready]).toEqual([503, 503, 503]);
    expect(Math.max(one.ms, other.ms)).toBeLessThan(PATIENCE_MS - 1_000);
    expect(await (await vigil.call('/-/ready')).json()).toEqual({ status: 'failing', failing: ['database'] });
    expect(await statusOf('/-/healthy')).toBe(200);
    const again = await post('during'); // by now over connections that are new, and as silent
    expect(again.status).toBe(503);
    expect(again.ms).toBeLessThan(PATIENCE_MS - 1_000);

    vigil.gate.speak();
    await until('it is ready', async () => (await statusOf('/-/ready')) === 200);
    expect(await crowd()).toEqual(EACH_STORED); // none of them finds a connection of the silence
    expect((await post('during')).body.alerts).toMatchObject([{ decision: 'queued' }]);
    await until('all triages are finished', async () => {
      const { rows } = await vigil.sql.query(`SELECT 1 FROM triages WHERE outcome IS DISTINCT FROM 'complete'`);
      return rows.length === 0;
    });
    const asked = vigil.world.anthropic.journal.map((entry) => toolResults(entry.body!).length);
    expect(asked.filter((results) => results === 0)).toHaveLength(4);
    expect(asked.filter((results) => results === 1)).toHaveLength(4);
  });
});
