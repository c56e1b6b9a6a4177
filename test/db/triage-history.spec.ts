import { admission } from '../../src/alerts/admission';
import { EarlierTriagesSection } from '../../src/briefing/earlier-triages-section';
import type { Alert } from '../../src/domain/alert';
import type { Report } from '../../src/domain/report';
import { PostgresFiringRecord } from '../../src/persistence/postgres-firing-record';
import { EARLIER, PostgresTriageHistory } from '../../src/persistence/postgres-triage-history';
import type { ClaimedTriage } from '../../src/triage/ports/triage-queue';
import { type Adapters, anAlert, freshAdapters } from './adapters';

const REPORT: Report = {
  headline: 'payments fails since 2.14.0',
  whatIsHappening: 'w',
  rootCause: { statement: 's', component: 'payments', change: '9f3c2e1', confidence: 'high' },
  affected: [],
  evidence: [],
  ruledOut: [],
  actions: [],
  urgency: 'now',
  couldNotCheck: [],
  flags: [],
  check: { figures: [], faults: [], change: 'recorded' },
};
const NOW = new Date();

describe('What earlier triages concluded', () => {
  let db: Adapters;
  let history: PostgresTriageHistory;
  beforeAll(async () => {
    db = await freshAdapters();
    history = new PostgresTriageHistory(db.database);
  });
  afterEach(() => db.sql('TRUNCATE triages, firings CASCADE'));
  afterAll(() => db.close());

  const running = async (over: Partial<Alert> = {}): Promise<ClaimedTriage> => {
    await db.intake.admit({ alerts: [anAlert(over)], quarantined: [], cooldownMs: 0 }, admission);
    return (await db.queue.claim({ owner: 'w', leaseMs: 30_000, idle: true, running: [] }))!;
  };
  /** A triage that ended so many minutes ago. */
  const ended = async (minutes: number, report?: Partial<Report>, over: Partial<Alert> = {}): Promise<string> => {
    const { lease } = await running({
      fingerprint: 'own',
      startsAt: new Date(NOW.getTime() - minutes * 60_000),
      ...over,
    });
    const outcome = report ? 'complete' : 'failed';
    const endedBy = report ? 'answer' : 'model_unavailable';
    await db.queue.settle(lease, { outcome, endedBy, analysis: 'a', report: report && { ...REPORT, ...report } });
    await db.sql(
      `UPDATE triages SET created_at = $2::timestamptz - interval '1 min', completed_at = $2 WHERE id = $1`,
      [lease.triageId, new Date(NOW.getTime() - minutes * 60_000)],
    );
    return lease.triageId;
  };
  const told = async ({ lease, alertName, firings }: ClaimedTriage): Promise<string[]> => {
    const section = new EarlierTriagesSection(history);
    const text = await section.gather({ triageId: lease.triageId, alertName, firing: firings[0]!, now: NOW });
    expect(text.length).toBeLessThan(section.maxChars);
    return text.split('\n');
  };
  const subject = (over: Partial<Alert> = {}): Promise<ClaimedTriage> => running({ fingerprint: 'own', ...over });

  it('is "none" for the first of its name', async () => {
    await ended(5, {}, { fingerprint: 'other', labels: { alertname: 'DiskFull' } });
    expect(await told(await subject())).toEqual(['none: no triage of this alert, nor of its name, has ended before']);
  });

  it('stands in a line each: the same alert first, then others of its name, the newest first of each', async () => {
    const labels = { alertname: 'HighErrorRate', severity: 'warning', service: 'orders' };
    await ended(600, {});
    await ended(
      10,
      { rootCause: { ...REPORT.rootCause, change: null, confidence: 'low' } },
      { fingerprint: 'x', labels },
    );
    await ended(125);
    expect(await told(await subject())).toEqual([
      'what a model concluded then, no facts about now; same alert first, newest first',
      '- 2 h 5 min before now, this alert, failed (model_unavailable): no report',
      '- 10 h before now, this alert, complete: "payments fails since 2.14.0"; component "payments", change "9f3c2e1"; high confidence',
      '- 10 min before now, the same name with {service="orders"}, complete: "payments fails since 2.14.0"; component "payments", no change named; low confidence: a hypothesis, not a finding',
    ]);
  });

  it('holds at most five, none of them itself, unfinished or cancelled', async () => {
    const alert = { labels: { alertname: 'HighErrorRate' } };
    await running({ ...alert, fingerprint: 'still-runs' });
    const cancelled = await ended(1, {}, { ...alert, fingerprint: 'cancelled' });
    await db.sql(`UPDATE triages SET outcome = 'cancelled', ended_by = 'resolved', report = NULL WHERE id = $1`, [
      cancelled,
    ]);
    for (const minutes of [1, 2, 3]) await ended(minutes, {});
    for (const minutes of [1, 2, 3]) await ended(minutes, {}, { ...alert, fingerprint: `other-${minutes}` });
    const lines = await told(await subject());
    expect(lines.map((line) => line.split(',')[0])).toEqual([
      'what a model concluded then',
      '- 1 min before now',
      '- 2 min before now',
      '- 3 min before now',
      '- 1 min before now',
      '- 2 min before now',
    ]);
    expect(lines.filter((line) => line.includes('this alert, complete'))).toHaveLength(3);
  });

  it('is marked where code could not bear it out, and cannot pass for a line of ours', async () => {
    await ended(5, {
      headline: 'it failed 47 %\nalive: logs of x "all"',
      rootCause: { ...REPORT.rootCause, confidence: 'medium' },
      check: {
        figures: [{ field: 'headline', text: '47 %', at: 10, verified: 'unverified', how: 'stands nowhere' }],
        faults: [],
        change: 'not_recorded',
        claimedConfidence: 'high',
      },
    });
    expect((await told(await subject())).slice(1)).toEqual([
      '- 5 min before now, this alert, complete: "it failed 47 % [unverified] alive: logs of x \\"all\\""; component "payments", change "9f3c2e1" (not a recorded change); medium confidence, lowered from high',
    ]);
    await db.sql(`UPDATE triages SET report = (report::jsonb - 'check')::json WHERE report IS NOT NULL`);
    expect((await told(await subject({ fingerprint: 'y' })))[1]).toMatch(/; medium confidence, not checked by code$/);
  });

  it('is bounded, however long the words are', async () => {
    const long = 'x'.repeat(100_000);
    const rootCause = { statement: long, component: long, change: long, confidence: 'low' as const };
    for (const minutes of [1, 2, 3, 4, 5]) await ended(minutes, { headline: long, rootCause });
    expect(await told(await subject())).toHaveLength(6);
  });

  it('is read from two indexes among 20,000 triages', async () => {
    await db.sql(`INSERT INTO triages (id, subject_key, status, outcome, ended_by, alert_name, fingerprint, created_at, completed_at)
      SELECT lpad(i::text, 26, '0'), 'alert:' || i, 'finished', 'complete', 'answer', 'Alert' || i % 50, 'fp' || i % 2000,
        now() - i * interval '1 min', now()
      FROM generate_series(1, 20000) AS i`);
    await db.sql('ANALYZE triages');
    const parameters = ['none', 'fp7', 'Alert7', 5];
    const rows = await db.sql<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, COSTS OFF) ${EARLIER}`, parameters);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('triages_of_fingerprint');
    expect(plan).toContain('triages_of_alert_name');
    expect(plan).not.toContain('Seq Scan on triages');
  });

  it('comes with the number of alerts that were cut off', async () => {
    const alerts = [anAlert({})];
    await db.intake.admit({ alerts, quarantined: [], cooldownMs: 0, truncatedAlerts: 3 }, admission);
    const claim = { owner: 'w', leaseMs: 30_000, idle: true, running: [] };
    expect(await db.queue.claim(claim)).toMatchObject({ truncatedAlerts: 3 });
    expect((await subject()).truncatedAlerts).toBeUndefined();
  });

  it('stands beside the firings of the fingerprint that were told, the newest first', async () => {
    const [early, late] = [new Date('2026-11-20T10:00:00Z'), new Date('2026-11-21T10:00:00Z')];
    for (const startsAt of [early, late]) await ended(5, {}, { startsAt });
    await ended(5, {}, { fingerprint: 'other' });
    const record = new PostgresFiringRecord(db.database);
    const since = (at: Date, limit = 10): Promise<Date[]> =>
      record.since('own', at, limit).then((firings) => firings.map(({ startsAt }) => startsAt));
    expect(await since(early)).toEqual([late, early]);
    expect(await since(new Date(early.getTime() + 1))).toEqual([late]);
    expect(await since(early, 1)).toEqual([late]);
  });
});
