import { says } from '../stand-ins/anthropic-answer.ts';
import { sabotage } from '../database/sabotage';
import { until } from '../until';
import { type StandIns, webhookOf } from './stand-ins';
import { startVigilWithWorld, type VigilWithWorld } from './vigil-with-world';

describe('The whole program', () => {
  let vigil: VigilWithWorld;
  let world: StandIns;

  beforeEach(async () => {
    vigil = await startVigilWithWorld({ lease_seconds: '3' });
    world = vigil.world;
  });
  afterEach(() => vigil.stop());

  const post = async (fingerprint: string): Promise<string> => (await vigil.post(webhookOf(fingerprint))).accepted[0]!;
  type Seen = Record<string, unknown> & { conversations: { turns: unknown[] }[] };

  it('takes an alert to a report, a message and a page', async () => {
    const id = await post('f1');
    const seen = await vigil.inStatus(id, 'finished');
    expect(seen).toMatchObject({ outcome: 'complete', ended_by: 'answer', tool_calls: 1 });
    const page = await fetch((seen.link as string).replace('localhost', '127.0.0.1'));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('payments is up');
    await until('the report is posted', () => world.slack.posts.length > 0);
    expect(world.slack.posts).toHaveLength(1);
  });

  it('ends a triage that crashed its worker three times, and frees its fingerprint (GV-02, F11)', async () => {
    world.anthropic.play(() => ({ fault: 'hang' }));
    const id = await post('f1');
    await vigil.inStatus(id, 'running');
    await vigil.sql.query(`UPDATE triages SET owner = 'gone', strikes = 2, lease_until = now() - interval '1 s'`);
    const seen = await vigil.inStatus(id, 'finished');
    expect(seen).toMatchObject({ outcome: 'error', ended_by: 'crashed' });
    await vigil.sql.query('TRUNCATE firings, triages CASCADE');
    expect(await post('f1')).not.toBe(id);
  });

  it('writes nothing more once another worker holds the triage (F12)', async () => {
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    world.anthropic.play(async () => {
      await held;
      return says('too late');
    });
    const id = await post('f1');
    await until('the model is asked', () => world.anthropic.journal.length > 0);
    await vigil.sql.query(
      `UPDATE triages SET owner = 'another', epoch = epoch + 1, lease_until = now() + interval '1 hour'`,
    );
    await until('the call is cut', () => world.anthropic.journal[0]!.answered === 'client closed');
    answer();
    expect((await vigil.see<Seen>(id)).conversations[0]!.turns).toHaveLength(1);
    expect((await vigil.sql.query('SELECT owner FROM triages')).rows).toEqual([{ owner: 'another' }]);
  });

  it('answers 503 when it could not store, and keeps nothing (GV-01, F18)', async () => {
    const mend = await sabotage(
      vigil.sql,
      'BEFORE INSERT ON triages',
      `RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100';`,
    );
    const answer = await vigil.call('/api/v1/alerts', { method: 'POST', body: webhookOf('f1') });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await answer.json()).toMatchObject({ code: 'db.unavailable' });
    expect((await vigil.sql.query('SELECT 1 FROM firings')).rows).toEqual([]);
    await mend();
    await post('f1');
  });
});
