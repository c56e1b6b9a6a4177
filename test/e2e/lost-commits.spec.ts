import { until } from '../until';
import { hurry } from './hurry';
import { webhookOf } from './stand-ins';
import type { CommitFate } from './tcp-gate';
import { startVigilBehindGate, type VigilBehindGate } from './vigil-behind-gate';
import type { AdmittedBody } from './vigil-in-process';

jest.setTimeout(60_000);

const FATES: readonly CommitFate[] = ['done', 'lost'];

/** The transactions of a triage's life in their order, by words of their own. */
const TRANSACTIONS = [
  "status = 'running', owner = $1", // its claim
  'INSERT INTO conversations',
  "VALUES ($1, $2, 'assistant'", // an answer of the model
  'INSERT INTO tool_calls',
  "VALUES ($1, $2, 'user'", // the results of its calls
  "SET status = 'finished', outcome = $4", // its end
  'UPDATE deliveries SET attempts = attempts + 1', // the claim of its message
  "state = 'delivered', delivered_at = now()",
];

describe('When the connection breaks at COMMIT', () => {
  let vigil: VigilBehindGate;
  beforeAll(async () => {
    vigil = await startVigilBehindGate();
  });
  afterAll(() => vigil.stop());

  it.each(FATES)(
    'of anything that a triage does, each once, it pays for no answer twice, and posts one report (the COMMIT is %s)',
    async (fate) => {
      const { anthropic, slack } = vigil.world;
      const [askedBefore, postedBefore] = [anthropic.journal.length, slack.posts.length];
      let isCut = false;
      void Promise.all(TRANSACTIONS.map((words) => vigil.gate.cutAtCommitOf(words, fate))).then(() => (isCut = true));
      const [id] = (await vigil.post(webhookOf(`triage-${fate}`))).accepted;
      await until('each was cut, and the report is delivered', async () => {
        await hurry(vigil.sql);
        const { rows } = await vigil.sql.query(
          `SELECT 1 FROM deliveries WHERE subject_id = $1 AND state = 'delivered'`,
          [id],
        );
        return isCut && rows.length === 1;
      });

      expect(anthropic.journal.length - askedBefore).toBe(2);
      expect(slack.posts.length - postedBefore).toBe(1);
      const { rows } = await vigil.sql.query(STORED, [id]);
      expect(rows).toEqual([{ outcome: 'complete', strikes: 0, gapless: true, results: 2, sums: true }]);
    },
  );

  // Last: their triages run on.
  it.each(FATES)(
    'of an alert, the sender is told to come again, and finds one triage (the COMMIT is %s)',
    async (fate) => {
      const fingerprint = `intake-${fate}`;
      const cut = vigil.gate.cutAtCommitOf('INSERT INTO firings', fate);
      const body = webhookOf(fingerprint);
      const refused = await vigil.call('/api/v1/alerts', { method: 'POST', body });
      expect(refused.status).toBe(503);
      await cut;
      const again = (await vigil.post(body)).alerts as AdmittedBody['alerts'];
      const { rows } = await vigil.sql.query('SELECT id FROM triages WHERE fingerprint = $1', [fingerprint]);
      expect(rows).toHaveLength(1);
      expect(again).toMatchObject([{ triage_id: (rows[0] as { id: string }).id }]);
      expect(again[0]!.decision === 'queued').toBe(fate === 'lost');
    },
  );
});

const STORED = `
  SELECT t.outcome, t.strikes, count(u.seq) = max(u.seq) + 1 AS gapless,
         (SELECT count(*)::int FROM tool_calls k WHERE k.conversation_id = c.id) AS results,
         t.output_tokens = sum(u.output_tokens) AND t.cost_usd = sum(u.cost_usd) AS sums
  FROM triages t JOIN conversations c ON c.triage_id = t.id JOIN turns u ON u.conversation_id = c.id
  WHERE t.id = $1 GROUP BY t.id, c.id`;
