import { admission } from '../../src/alerts/admission';
import type { IntakeRequest } from '../../src/alerts/ports/intake-ledger';
import type { Admission, Alert } from '../../src/domain/alert';
import { GroupedIntakeLedger } from '../../src/persistence/grouped-intake-ledger';
import { type Adapters, anAlert, freshAdapters } from './adapters';
import { holdTransaction, waitingForLocks } from './held-transaction';

describe('The intake that shares its transactions', () => {
  let db: Adapters;
  let intake: GroupedIntakeLedger;
  beforeAll(async () => {
    db = await freshAdapters();
    intake = new GroupedIntakeLedger(db.intake);
  });
  afterAll(() => db.close());

  const admit = (alerts: readonly Alert[], more: Partial<IntakeRequest> = {}): Promise<Admission[]> =>
    intake.admit({ alerts, quarantined: [], cooldownMs: 3_600_000, ...more }, admission);
  const decisions = (admissions: readonly Admission[]): string[] => admissions.map(({ decision }) => decision);

  /** The transaction that stored the firing of each alert. */
  async function transactionsOf(alerts: readonly Alert[]): Promise<unknown[]> {
    const rows = await db.sql<{ xmin: string }>(
      `SELECT f.xmin::text FROM unnest($1::text[]) WITH ORDINALITY AS a (fingerprint, ord)
       JOIN firings f USING (fingerprint) ORDER BY a.ord`,
      [alerts.map(({ fingerprint }) => fingerprint)],
    );
    return rows.map(({ xmin }) => xmin);
  }

  it('stores bodies that arrive together in one transaction, and gives each its own answer', async () => {
    const bodies = [[anAlert(), anAlert()], [anAlert({ status: 'resolved' })], [anAlert()]];
    const answers = await Promise.all(bodies.map((body) => admit(body)));
    expect(answers.map(decisions)).toEqual([['queued', 'queued'], ['not_firing'], ['queued']]);
    expect(answers.map((answer) => answer.map(({ fingerprint }) => fingerprint))).toEqual(
      bodies.map((body) => body.map(({ fingerprint }) => fingerprint)),
    );
    expect(new Set(await transactionsOf(bodies.flat())).size).toBe(1);
  });

  it.each([
    ['with a start', {}],
    ['without one', { startsAt: undefined }],
  ])(
    'lets re-sends of an alert %s share one: queued once, duplicates the others, and all are counted',
    async (_, over) => {
      const alert = anAlert(over);
      const beside = anAlert();
      const bodies = [[anAlert()], [alert], [alert, beside], [alert]];
      const answers = await Promise.all(bodies.map((body) => admit(body)));
      expect(answers.map(decisions)).toEqual([['queued'], ['queued'], ['duplicate', 'queued'], ['duplicate']]);
      const triageIds = answers.flatMap((answer) =>
        answer.flatMap((a) => (a.fingerprint === alert.fingerprint && 'triageId' in a ? [a.triageId] : [])),
      );
      expect(triageIds).toHaveLength(3);
      expect(new Set(triageIds).size).toBe(1);
      expect(new Set(await transactionsOf([...bodies[0]!, alert, beside])).size).toBe(1);
      expect(await db.sql('SELECT times_seen FROM firings WHERE fingerprint = $1', [alert.fingerprint])).toEqual([
        { times_seen: 3 },
      ]);
    },
  );

  it('does not let another firing of an alert share one: it comes after the first', async () => {
    const alert = anAlert();
    const later = { ...alert, startsAt: new Date('2026-11-23T20:05:34.825Z') };
    const answers = await Promise.all([admit([anAlert()]), admit([alert]), admit([later])]);
    expect(answers.map(decisions)).toEqual([['queued'], ['queued'], ['duplicate']]);
    const rows = await db.sql('SELECT xmin FROM firings WHERE fingerprint = $1', [alert.fingerprint]);
    expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(2);
  });

  it('says that an alert resolved, and cancels its triage, once', async () => {
    const alert = anAlert();
    const resolved: Alert = { ...alert, status: 'resolved' };
    await admit([alert]);
    const answers = await Promise.all([admit([anAlert()]), admit([resolved]), admit([resolved])]);
    const cancelled = answers.flat().filter((a) => a.decision === 'not_firing' && a.cancelled);
    expect(cancelled).toHaveLength(1);
  });

  it('does not let a resolve overtake the alert that it resolves', async () => {
    const alert = anAlert({ labels: { alertname: 'HighErrorRate', severity: 'critical' } });
    const answers = await Promise.all([admit([anAlert()]), admit([alert]), admit([{ ...alert, status: 'resolved' }])]);
    expect(answers.map(decisions)).toEqual([['queued'], ['queued'], ['not_firing']]);
  });

  it('stores the neighbours of a body that cannot be stored', async () => {
    const impossible = anAlert({ labels: { alertname: 'a\u0000b' } });
    const answers = await Promise.allSettled([
      admit([anAlert()]),
      admit([anAlert()]),
      admit([impossible]),
      admit([anAlert()]),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('keeps what each body could not read, and answers a body without alerts', async () => {
    const quarantined = (reason: string) => ({ quarantined: [{ reason, body: '{}' }] });
    const answers = await Promise.all([
      admit([anAlert()]),
      admit([], quarantined('one')),
      admit([anAlert()], quarantined('two')),
    ]);
    expect(answers.map(decisions)).toEqual([['queued'], [], ['queued']]);
    expect(await db.sql('SELECT reason FROM quarantine ORDER BY reason')).toEqual([
      { reason: 'one' },
      { reason: 'two' },
    ]);
  });

  it('keeps the trace and the cut of each body of a transaction with the triages of that body', async () => {
    const [plain, traced, cut] = [anAlert(), anAlert(), anAlert()];
    await Promise.all([
      admit([anAlert()]),
      admit([plain]),
      admit([traced], { traceContext: '00-1-2-01' }),
      admit([cut], { truncatedAlerts: 3 }),
    ]);
    const fingerprints = [plain, traced, cut].map(({ fingerprint }) => fingerprint);
    const triages = await db.sql(
      'SELECT trace_context, truncated_alerts FROM triages WHERE fingerprint = ANY ($1) ORDER BY id',
      [fingerprints],
    );
    expect(triages).toHaveLength(3);
    expect(triages).toEqual(
      expect.arrayContaining([
        { trace_context: null, truncated_alerts: null },
        { trace_context: '00-1-2-01', truncated_alerts: null },
        { trace_context: null, truncated_alerts: 3 },
      ]),
    );
    expect(new Set(await transactionsOf([plain, traced, cut])).size).toBe(1);
  });

  it('goes on without a transaction that is held, and answers all bodies when it is let go', async () => {
    const held = anAlert();
    await admit([held]);
    const lock = await holdTransaction(db.url, 'SELECT 1 FROM firings WHERE fingerprint = $1 FOR UPDATE', [
      held.fingerprint,
    ]);
    const waits = admit([held]);
    await waitingForLocks(db, 1);
    expect(decisions(await admit([anAlert()]))).toEqual(['queued']);
    await lock.end();
    expect(decisions(await waits)).toEqual(['duplicate']);
  });
});
