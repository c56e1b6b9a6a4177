import { randomBytes } from 'node:crypto';
import { admission } from '../../src/alerts/admission';
import type { Admission, Alert } from '../../src/domain/alert';
import { type Adapters, anAlert, freshAdapters } from './adapters';

const HOUR_MS = 3_600_000;

describe('The intake ledger on Postgres', () => {
  let db: Adapters;
  beforeAll(async () => {
    db = await freshAdapters();
  });
  afterAll(() => db.close());

  const admit = (...alerts: Alert[]): Promise<Admission[]> => on(db, alerts);
  const on = ({ intake }: Adapters, alerts: Alert[]): Promise<Admission[]> =>
    intake.admit({ alerts, quarantined: [], cooldownMs: HOUR_MS }, admission);
  const decisions = (admissions: Admission[]): string[] => admissions.map(({ decision }) => decision);
  const triageOf = (admission: Admission): string => ('triageId' in admission ? admission.triageId! : '');

  /** Ends every triage of a fingerprint, `agoMs` before now. */
  const settle = (fingerprint: string, outcome = 'complete', agoMs = 0): Promise<unknown> =>
    db.sql(
      `UPDATE triages SET status = 'finished', outcome = $2, ended_by = 'answer', wait_reason = NULL,
         completed_at = now() - $3 * interval '1 ms' WHERE fingerprint = $1 AND status <> 'finished'`,
      [fingerprint, outcome, agoMs],
    );

  it('queues a triage for a firing alert and keeps the alert itself (GV-06)', async () => {
    const alert = anAlert({ generatorUrl: 'http://prometheus.example/graph?g0.expr=up' });
    const [admitted] = await admit(alert);
    expect(admitted).toEqual({ decision: 'queued', fingerprint: alert.fingerprint, triageId: triageOf(admitted!) });
    const triage = await db.stored.find(triageOf(admitted!));
    expect(triage).toMatchObject({
      status: 'queued',
      alertName: 'HighErrorRate',
      severity: 'warning',
      summary: 'too many errors',
    });
    const { fingerprint, labels, annotations, startsAt, generatorUrl } = alert;
    expect(triage!.firings).toMatchObject([
      { fingerprint, labels, annotations, startsAt, generatorUrl, status: 'firing' },
    ]);
  });

  it('answers a re-send with duplicate while the triage is unfinished, and counts it (F67)', async () => {
    const alert = anAlert();
    const [first] = await admit(alert);
    const [second] = await admit(alert);
    expect(second).toMatchObject({ decision: 'duplicate', triageId: triageOf(first!) });
    expect(await db.sql('SELECT times_seen FROM firings WHERE fingerprint = $1', [alert.fingerprint])).toEqual([
      { times_seen: 2 },
    ]);
  });

  it('keeps a queued triage for its second firing when the resolve of the first comes late', async () => {
    const first = anAlert();
    const [queued] = await admit(first);
    const second = { ...first, startsAt: new Date('2026-11-23T20:00:00Z') };
    expect(await admit(second)).toMatchObject([{ decision: 'duplicate', triageId: triageOf(queued!) }]);
    await admit({ ...first, status: 'resolved' });
    const triage = await db.stored.find(triageOf(queued!));
    expect(triage).toMatchObject({ status: 'queued' });
    expect(triage!.firings.map(({ status }) => status).sort()).toEqual(['firing', 'resolved']);
    await admit({ ...second, status: 'resolved' });
    expect(await db.stored.find(triageOf(queued!))).toMatchObject({ outcome: 'cancelled' });
  });

  it('answers every re-send of a firing that has its report with already_triaged (GV-29)', async () => {
    const alert = anAlert();
    const [first] = await admit(alert);
    await settle(alert.fingerprint, 'complete', 5 * HOUR_MS);
    for (let i = 0; i < 3; i += 1) {
      expect(await admit(alert)).toEqual([
        expect.objectContaining({ decision: 'already_triaged', triageId: triageOf(first!) }),
      ]);
    }
  });

  it('parks a second firing until the cool-down of the first ends (F68)', async () => {
    const first = anAlert();
    await admit(first);
    await settle(first.fingerprint, 'complete', HOUR_MS / 2);
    const second = { ...first, startsAt: new Date('2026-11-23T20:00:00Z') };
    const [parked] = await admit(second);
    expect(parked!.decision).toBe('cooling_down');
    const [row] = await db.sql<{ status: string; in_ms: number }>(
      `SELECT status, (extract(epoch FROM due_at - now()) * 1000)::float8 AS in_ms FROM triages WHERE id = $1`,
      [triageOf(parked!)],
    );
    expect(row!.status).toBe('waiting');
    expect(row!.in_ms).toBeGreaterThan(HOUR_MS / 2 - 60_000);
    expect(row!.in_ms).toBeLessThanOrEqual(HOUR_MS / 2);
    expect(await admit(second)).toMatchObject([{ decision: 'cooling_down', triageId: triageOf(parked!) }]);
  });

  it('cancels what cools down when its alert resolves', async () => {
    const first = anAlert({ labels: { alertname: 'A', severity: 'critical' } });
    await admit(first);
    await settle(first.fingerprint);
    const second = { ...first, startsAt: new Date('2026-11-23T20:00:00Z') };
    const [parked] = await admit(second);
    const [resolved] = await admit({ ...second, status: 'resolved', endsAt: new Date('2026-11-23T20:05:00Z') });
    expect(resolved).toMatchObject({ decision: 'not_firing', triageId: triageOf(parked!) });
    expect(await db.stored.find(triageOf(parked!))).toMatchObject({
      outcome: 'cancelled',
      endedBy: 'resolved',
      deliveries: [],
    });
  });

  it('cancels a queued triage when its alert resolves, unless it is critical', async () => {
    const minor = anAlert();
    const critical = anAlert({ labels: { alertname: 'A', severity: 'critical' } });
    const [ofMinor, ofCritical] = await admit(minor, critical);
    await admit({ ...minor, status: 'resolved' }, { ...critical, status: 'resolved' });
    expect(await db.stored.find(triageOf(ofMinor!))).toMatchObject({ status: 'finished', outcome: 'cancelled' });
    expect(await db.stored.find(triageOf(ofCritical!))).toMatchObject({ status: 'queued' });
  });

  it('records a resolve without a known firing and opens nothing', async () => {
    const alert = anAlert({ status: 'resolved', endsAt: new Date('2026-11-23T19:10:00Z') });
    expect(await admit(alert)).toEqual([expect.objectContaining({ decision: 'not_firing', triageId: undefined })]);
    expect(await db.sql('SELECT status FROM firings WHERE fingerprint = $1', [alert.fingerprint])).toEqual([
      { status: 'resolved' },
    ]);
  });

  it('counts a firing that comes back with the same start as firing', async () => {
    const alert = anAlert();
    await admit(alert);
    await admit({ ...alert, status: 'resolved', endsAt: new Date('2026-11-23T19:10:00Z') });
    expect(decisions(await admit(alert))).toEqual(['queued']);
    expect(await db.sql('SELECT status, ends_at FROM firings WHERE fingerprint = $1', [alert.fingerprint])).toEqual([
      { status: 'firing', ends_at: null },
    ]);
  });

  it('tries a failed firing again after its cool-down, at most twice', async () => {
    const alert = anAlert();
    expect(decisions(await admit(alert))).toEqual(['queued']);
    for (let i = 0; i < 2; i += 1) {
      await settle(alert.fingerprint, 'failed', 2 * HOUR_MS);
      expect(decisions(await admit(alert))).toEqual(['queued']);
    }
    await settle(alert.fingerprint, 'failed', 2 * HOUR_MS);
    expect(decisions(await admit(alert))).toEqual(['already_triaged']);
  });

  it('gives an alert without a start to the open firing of its fingerprint', async () => {
    const alert = anAlert({ startsAt: undefined });
    const [first] = await admit(alert);
    expect(first!.decision).toBe('queued');
    expect(await admit(alert)).toMatchObject([{ decision: 'duplicate', triageId: triageOf(first!) }]);
    expect(await db.sql('SELECT 1 AS one FROM firings WHERE fingerprint = $1', [alert.fingerprint])).toHaveLength(1);
  });

  it('opens one triage for an alert that stands twice in a body', async () => {
    const alert = anAlert();
    const other = { ...alert, startsAt: new Date('2026-11-23T21:00:00Z') };
    const [first, second, third] = await admit(alert, alert, other);
    expect([first!.decision, second!.decision, third!.decision].sort()).toEqual(['duplicate', 'duplicate', 'queued']);
    expect(new Set([first, second, third].map((a) => triageOf(a!))).size).toBe(1);
  });

  it('keeps what could not be read, with its reason', async () => {
    await db.intake.admit(
      { alerts: [], quarantined: [{ reason: 'it has no labels', body: '{"a":1}' }], cooldownMs: 0 },
      admission,
    );
    expect(await db.sql('SELECT reason, body FROM quarantine')).toEqual([
      { reason: 'it has no labels', body: '{"a":1}' },
    ]);
  });

  it('opens one triage when two replicas take the same bodies at once, in whatever order (GV-09, F13)', async () => {
    const other = await db.again();
    const alerts = Array.from({ length: 20 }, () => anAlert());
    const bodies = Array.from({ length: 10 }, (_, i) => on(i % 2 ? db : other, i % 3 ? alerts : [...alerts].reverse()));
    const admissions = (await Promise.all(bodies)).flat();
    for (const { fingerprint } of alerts) {
      const mine = admissions.filter((a) => a.fingerprint === fingerprint);
      expect(mine.filter((a) => a.decision === 'queued')).toHaveLength(1);
      expect(new Set(mine.map(triageOf)).size).toBe(1);
    }
  });

  it('takes an alert whose name is longer than an index holds, beside its neighbours', async () => {
    // Random: what repeats itself is stored compressed, and would fit.
    const alertname = randomBytes(6_000).toString('base64');
    const long = anAlert({ labels: { alertname, severity: 'warning' } });
    const admitted = await admit(anAlert(), long);
    expect(decisions(admitted)).toEqual(['queued', 'queued']);
    const triage = await db.stored.find(triageOf(admitted[1]!));
    expect(triage!.alertName).toBe(`${alertname.slice(0, 500)}… (7,500 more characters)`);
    expect(triage!.firings[0]!.labels).toEqual(long.labels);
  });

  it('takes 2,000 alerts in one body', async () => {
    const alerts = Array.from({ length: 2000 }, () => anAlert());
    expect(decisions(await admit(...alerts)).every((decision) => decision === 'queued')).toBe(true);
  });
});
