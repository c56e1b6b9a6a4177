import { admission } from '../../src/alerts/admission';
import type { Conversation } from '../../src/domain/conversation';
import { LeaseLost } from '../../src/domain/errors';
import { slackMessage } from '../../src/notification/slack/slack-message';
import { triagePage } from '../../src/triage/page/triage-page';
import { reportMarkdown } from '../../src/triage/report-markdown';
import type { Lease } from '../../src/triage/ports/triage-queue';
import { type Adapters, anAlert, freshAdapters } from './adapters';
import { sampleReport } from '../notification/sample-triage';
import { holdTransaction, waitingForLocks } from './held-transaction';
import { anAnswer, openConversation } from './recorded';

const CALL = { turnSeq: 1, position: 0, handle: 'r1', vendorId: 'id', name: 'query_metrics', input: { query: 'up' } };
const RESULT = { ...CALL, status: 'ok', text: 'up 1', bytes: 4, durationMs: 3, refusal: undefined } as const;

describe('What is stored of a triage', () => {
  let db: Adapters;
  beforeEach(async () => {
    db = await freshAdapters();
  });
  afterEach(() => db.close());

  const admit = async (alert = anAlert()) =>
    (await db.intake.admit({ alerts: [alert], quarantined: [], cooldownMs: 0 }, admission))[0]!;
  const open = async (): Promise<{ lease: Lease; conversation: Conversation }> => {
    await admit();
    const { lease } = (await db.queue.claim({ owner: 'w', leaseMs: 30_000, idle: true, running: [] }))!;
    return { lease, conversation: await openConversation(db, lease) };
  };
  /** Whatever is written into the table from now on is refused. */
  const refuseInserts = async (table: string): Promise<void> => {
    await db.sql(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$`,
    );
    await db.sql(`CREATE TRIGGER refuse BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse()`);
  };

  it('is read back as it was recorded, whichever field one looks at (GV-74)', async () => {
    const { lease, conversation } = await open();
    const answered = await db.log.recordAssistantTurn(lease, conversation, anAnswer());
    const recorded = await db.log.recordToolCall(lease, answered, RESULT);
    const [loaded] = (await db.stored.find(lease.triageId))!.conversations;
    expect(loaded).toMatchObject(recorded);
    expect(loaded!.turns).toEqual(recorded.turns);
    expect(loaded!.toolCalls).toEqual(recorded.toolCalls);
  });

  it('is what it was at one moment: one that is settled while it is read is read as running, and owes no message', async () => {
    const { lease } = await open();
    const held = await holdTransaction(db.url, 'LOCK TABLE turns IN ACCESS EXCLUSIVE MODE', []);
    const reading = db.stored.find(lease.triageId);
    await waitingForLocks(db, 1); // it has read the triage, and not yet what belongs to it
    await db.queue.settle(lease, { outcome: 'complete', endedBy: 'answer', analysis: 'because' });
    await held.end();
    expect(await reading).toMatchObject({ status: 'running', deliveries: [] });
    expect(await db.stored.find(lease.triageId)).toMatchObject({
      status: 'finished',
      deliveries: [{ state: 'pending' }],
    });
  });

  it('holds an answer once where it was recorded, and the one who recorded it did not hear so', async () => {
    const { lease, conversation } = await open();
    const answer = anAnswer({ responseId: 'msg_1' });
    const heard = await db.log.recordAssistantTurn(lease, conversation, answer);
    const before = await db.sql('SELECT * FROM triages');
    expect(await db.log.recordAssistantTurn(lease, conversation, answer)).toEqual(heard);
    expect(await db.sql('SELECT * FROM triages')).toEqual(before); // its cost is counted once
    const another = anAnswer({ responseId: 'msg_2' });
    await expect(db.log.recordAssistantTurn(lease, conversation, another)).rejects.toThrow(LeaseLost);
  });

  it('can be read where every column that may be empty is empty, and its alert is still admitted (GV-49)', async () => {
    const alert = anAlert();
    const admitted = await admit(alert);
    const triageId = 'triageId' in admitted ? admitted.triageId! : '';
    const nullable = await db.sql<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'triages' AND is_nullable = 'YES'`,
    );
    await db.sql(`UPDATE triages SET ${nullable.map(({ name }) => `${name} = NULL`).join(', ')}`);
    await db.sql(`UPDATE firings SET ends_at = NULL, generator_url = NULL`);
    await db.sql(
      `INSERT INTO conversations (id, triage_id, purpose, provider, model, prompt_version, system_prompt, prefix)
      VALUES ('c', $1, 'investigation', 'p', 'm', 'v', 's', '{}')`,
      [triageId],
    );
    await db.sql(`INSERT INTO turns (conversation_id, seq, role, wire, blocks, stop_reason)
      VALUES ('c', 0, 'user', 'o', '[]', NULL), ('c', 1, 'assistant', 'a', '[]', 'end_turn')`);
    expect(await db.stored.find(triageId)).toMatchObject({
      id: triageId,
      status: 'queued',
      conversations: [{ turns: [{ role: 'user' }, { role: 'assistant', costUsd: null, usage: { inputTokens: 0 } }] }],
    });
    expect(await admit(alert)).toMatchObject({ decision: 'duplicate', triageId });
  });

  it('has a report that every reader can show, also one that an older version stored', async () => {
    const { lease } = await open();
    const { urgency: _, check: __, ...old } = sampleReport as typeof sampleReport & { check?: unknown };
    await db.sql('UPDATE triages SET report = $2 WHERE id = $1', [lease.triageId, JSON.stringify(old)]);
    const triage = (await db.stored.find(lease.triageId))!;
    expect(triage.report).toMatchObject({ headline: sampleReport.headline, urgency: 'now' });
    const finished = { ...triage, status: 'finished' as const, outcome: 'complete' as const };
    const message = JSON.stringify(
      slackMessage(finished, { page: 'http://v/t/1', viewers: { prometheusUrl: 'http://p' } }),
    );
    for (const shown of [triagePage(finished), reportMarkdown(triage.report!), message]) {
      expect(shown).toContain('Act now');
      expect(shown).not.toContain('undefined');
    }
  });

  it('is an answer with its calls and its sums, or nothing of it (GV-50)', async () => {
    const { lease, conversation } = await open();
    const before = await db.sql('SELECT * FROM triages');
    await refuseInserts('turns');
    await expect(db.log.recordAssistantTurn(lease, conversation, anAnswer())).rejects.toThrow('refused');
    expect(await db.sql('SELECT * FROM triages')).toEqual(before);
    expect(await db.money.spentUsd()).toBe(0);
  });

  it("is a call's result with all that belongs to it, or nothing of it (GV-50)", async () => {
    const { lease, conversation } = await open();
    const answered = await db.log.recordAssistantTurn(lease, conversation, anAnswer());
    await refuseInserts('full_results');
    await expect(db.log.recordToolCall(lease, answered, RESULT, 'the whole')).rejects.toThrow('refused');
    expect((await db.log.load(lease.triageId))!.toolCalls).toEqual([]);
  });
});
