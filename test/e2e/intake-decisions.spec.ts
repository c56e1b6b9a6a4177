import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintOf } from '../../src/alerts/fingerprint';
import { until } from '../until';
import { queryThenReport, webhookOf } from './stand-ins';
import type { AdmittedBody } from './vigil-in-process';
import { startVigilWithWorld, type VigilWithWorld } from './vigil-with-world';

const FIRST = '2026-11-23T19:05:34.825Z';
const SECOND = '2026-11-23T20:00:00Z';
const HOUR_MS = 3_600_000;
const fixture = (name: string): string =>
  readFileSync(join(__dirname, '../fixtures/alertmanager', `${name}.json`), 'utf8');
const decisions = ({ alerts }: AdmittedBody): string[] => alerts.map(({ decision }) => decision);

let vigil: VigilWithWorld;

const open = async (settings: Readonly<Record<string, string>>): Promise<void> => {
  vigil = await startVigilWithWorld(settings);
};
const close = (): Promise<void> => vigil.stop();
const post = (body: string): Promise<AdmittedBody> => vigil.post(body);
const alert = (fingerprint: string, over: Readonly<Record<string, unknown>> = {}): object =>
  (JSON.parse(webhookOf(fingerprint, over)) as { alerts: [object] }).alerts[0];
const bodyOf = (...alerts: unknown[]): string => JSON.stringify({ version: '4', alerts });
type Seen = Record<string, unknown> & { status: string; alerts: Record<string, unknown>[] };
const see = (id: string): Promise<Seen> => vigil.see<Seen>(id);
const inStatus = (id: string, status: string): Promise<Seen> => vigil.inStatus<Seen>(id, status);
/** Ends the unfinished triage of a fingerprint, `agoMs` before now. */
const settle = (fingerprint: string, outcome = 'complete', agoMs = 0): Promise<unknown> =>
  vigil.sql.query(
    `UPDATE triages SET status = 'finished', outcome = $2, ended_by = 'answer', wait_reason = NULL, owner = NULL,
       lease_until = NULL, completed_at = now() - $3 * interval '1 ms' WHERE fingerprint = $1 AND status <> 'finished'`,
    [fingerprint, outcome, agoMs],
  );
const queuedId = async (fingerprint: string, over: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  const admitted = await post(webhookOf(fingerprint, over));
  expect(decisions(admitted)).toEqual(['queued']);
  return admitted.accepted[0]!;
};

describe('What the webhook answers while every worker is busy', () => {
  beforeAll(async () => {
    await open({ max_concurrent_triages: '1' });
    vigil.world.anthropic.play(() => ({ fault: 'hang' }));
    await inStatus(await queuedId('busy'), 'running');
  });
  afterAll(close);

  it('is queued, with the id of the triage', async () => {
    const { accepted, alerts } = await post(webhookOf('a1'));
    expect(alerts).toEqual([{ fingerprint: 'a1', decision: 'queued', triage_id: accepted[0] }]);
    expect(await see(accepted[0]!)).toMatchObject({ status: 'queued', fingerprint: 'a1', severity: 'warning' });
  });

  it('is duplicate while a triage of the fingerprint is queued, running or waiting, whichever firing it is for', async () => {
    const queued = await queuedId('b1');
    const answer = (fingerprint: string, status: string, triage_id: string): AdmittedBody => ({
      accepted: [],
      alerts: [{ fingerprint, decision: 'duplicate', triage_id, reason: `a triage of this alert is ${status}` }],
    });
    expect(await post(webhookOf('b1'))).toEqual(answer('b1', 'queued', queued));
    expect(await post(webhookOf('b1', { startsAt: SECOND }))).toEqual(answer('b1', 'queued', queued));
    const running = (await post(webhookOf('busy'))).alerts[0]!.triage_id!;
    expect(await post(webhookOf('busy', { startsAt: SECOND }))).toEqual(answer('busy', 'running', running));
    await vigil.sql.query(
      `UPDATE triages SET status = 'waiting', wait_reason = 'money', due_at = now() + interval '1 h' WHERE id = $1`,
      [queued],
    );
    expect(await post(webhookOf('b1'))).toEqual(answer('b1', 'waiting', queued));
    expect((await see(queued)).alerts.map(({ starts_at }) => starts_at)).toEqual([FIRST, '2026-11-23T20:00:00.000Z']);
  });

  it('is already_triaged for every re-send of a firing that has its report (F67, GV-29)', async () => {
    const id = await queuedId('c1');
    await settle('c1', 'complete', 5 * HOUR_MS);
    for (let i = 0; i < 50; i += 1) {
      expect(await post(webhookOf('c1'))).toEqual({
        accepted: [],
        alerts: [
          { fingerprint: 'c1', decision: 'already_triaged', triage_id: id, reason: 'this firing has its report' },
        ],
      });
    }
    const { rows } = await vigil.sql.query(`SELECT times_seen FROM firings WHERE fingerprint = 'c1'`);
    expect(rows).toEqual([{ times_seen: 51 }]);
  });

  it('is cooling_down for another firing, until the cool-down of the first ends, however often it is sent (F68)', async () => {
    const former = await queuedId('d1');
    await settle('d1', 'complete', HOUR_MS / 2);
    const first = await post(webhookOf('d1', { startsAt: SECOND }));
    const [cooling] = first.alerts;
    expect(first).toEqual({
      accepted: [],
      alerts: [
        {
          fingerprint: 'd1',
          decision: 'cooling_down',
          triage_id: expect.any(String) as string,
          reason: `another firing of this alert was triaged a short while ago (${former}); this one is due when that has cooled down`,
        },
      ],
    });
    const { due_at: dueAt } = await see(cooling!.triage_id!);
    const inMs = Date.parse(dueAt as string) - Date.now();
    expect(inMs).toBeGreaterThan(HOUR_MS / 2 - 60_000);
    expect(inMs).toBeLessThanOrEqual(HOUR_MS / 2);

    await vigil.sql.query(`UPDATE triages SET created_at = created_at - interval '10 min' WHERE id = $1`, [
      cooling!.triage_id,
    ]);
    expect(await post(webhookOf('d1', { startsAt: SECOND }))).toEqual(first);
    expect(await post(webhookOf('d1', { startsAt: '2026-11-23T20:10:00Z' }))).toEqual(first);
    expect(await see(cooling!.triage_id!)).toMatchObject({ status: 'waiting', due_at: dueAt });
    expect((await vigil.sql.query(`SELECT 1 FROM triages WHERE fingerprint = 'd1'`)).rows).toHaveLength(2);
  });

  it('counts a triage that a resolve cancels among those that are finished, once (GV-27)', async () => {
    const finished = async (): Promise<number> => {
      const figures = await (await fetch(`${vigil.adminUrl}/metrics`)).text();
      return Number(/^vigil_triages_total\{outcome="cancelled"\} (\d+)$/m.exec(figures)![1]);
    };
    const before = await finished();
    await post(bodyOf(alert('e0'), alert('e0', { startsAt: SECOND }), alert('e0-other')));
    const resolved = { status: 'resolved' };
    await post(bodyOf(alert('e0', resolved), alert('e0', { ...resolved, startsAt: SECOND })));
    await post(webhookOf('e0', resolved));
    expect(await finished()).toBe(before + 1);
  });

  it('cancels what cools down when it resolves, critical or not, and a new firing cools down again (F68)', async () => {
    const critical = { labels: { alertname: 'A', severity: 'critical' } };
    await queuedId('e1', critical);
    await settle('e1');
    const cooling = (await post(webhookOf('e1', { ...critical, startsAt: SECOND }))).alerts[0]!.triage_id!;
    expect(await post(webhookOf('e1', { ...critical, startsAt: SECOND, status: 'resolved' }))).toEqual({
      accepted: [],
      alerts: [
        {
          fingerprint: 'e1',
          decision: 'not_firing',
          triage_id: cooling,
          reason: 'it resolved before its triage had started: the triage is cancelled',
        },
      ],
    });
    expect(await see(cooling)).toMatchObject({ status: 'finished', outcome: 'cancelled', ended_by: 'resolved' });
    const again = await post(webhookOf('e1', { ...critical, startsAt: SECOND }));
    expect(decisions(again)).toEqual(['cooling_down']);
    expect(again.alerts[0]!.triage_id).not.toBe(cooling);
  });

  it.each(['failed', 'error'])(
    'tries a firing that %s again after the cool-down only, at most twice',
    async (outcome) => {
      const fingerprint = `again-${outcome}`;
      let id = await queuedId(fingerprint);
      for (let retry = 0; retry < 2; retry += 1) {
        await settle(fingerprint, outcome);
        const parked = await post(webhookOf(fingerprint));
        expect(parked.alerts).toMatchObject([
          {
            decision: 'cooling_down',
            reason: `its last triage ended as ${outcome} a short while ago (${id}); it is tried again after the cool-down`,
          },
        ]);
        id = parked.alerts[0]!.triage_id!;
        expect(await post(webhookOf(fingerprint))).toEqual(parked);
      }
      await settle(fingerprint, outcome);
      expect((await post(webhookOf(fingerprint))).alerts).toEqual([
        {
          fingerprint,
          decision: 'already_triaged',
          triage_id: id,
          reason: 'its triage failed 3 times; it is not tried again',
        },
      ]);
      expect((await vigil.sql.query('SELECT 1 FROM triages WHERE fingerprint = $1', [fingerprint])).rows).toHaveLength(
        3,
      );
    },
  );

  it('is not_firing for a resolve: it cancels a queued triage unless that is critical (F66)', async () => {
    const critical = { labels: { alertname: 'A', severity: 'critical' } };
    const [minor, major] = [await queuedId('f1'), await queuedId('f2', critical)];
    const ended = { status: 'resolved', endsAt: '2026-11-23T19:10:00Z' };
    const resolves = bodyOf(alert('f1', ended), alert('f2', { ...critical, ...ended }));
    expect((await post(resolves)).alerts).toEqual([
      {
        fingerprint: 'f1',
        decision: 'not_firing',
        triage_id: minor,
        reason: 'it resolved before its triage had started: the triage is cancelled',
      },
      {
        fingerprint: 'f2',
        decision: 'not_firing',
        triage_id: major,
        reason: 'it is resolved: recorded, not investigated',
      },
    ]);
    expect(await see(minor)).toMatchObject({ outcome: 'cancelled', ended_by: 'resolved', deliveries: [] });
    expect(await see(major)).toMatchObject({
      status: 'queued',
      alerts: [{ status: 'resolved', ends_at: '2026-11-23T19:10:00.000Z' }],
    });
    // A second resolve changes nothing: one firing, one row.
    await post(resolves);
    expect(await see(minor)).toMatchObject({ outcome: 'cancelled' });
    const { rows } = await vigil.sql.query(`SELECT status, times_seen FROM firings WHERE fingerprint = 'f1'`);
    expect(rows).toEqual([{ status: 'resolved', times_seen: 3 }]);
  });

  it('records a resolve whose firing it has never seen, and queues the firing that comes after it (F67)', async () => {
    const first = await post(webhookOf('g1', { status: 'resolved' }));
    const reason = 'it is resolved: recorded, not investigated';
    expect(first).toEqual({ accepted: [], alerts: [{ fingerprint: 'g1', decision: 'not_firing', reason }] });
    await queuedId('g1');
    expect((await vigil.sql.query(`SELECT status FROM firings WHERE fingerprint = 'g1'`)).rows).toEqual([
      { status: 'firing' },
    ]);
  });

  it('counts a firing that is sent as firing again after its own resolve as firing', async () => {
    const first = await queuedId('h1');
    await post(webhookOf('h1', { status: 'resolved', endsAt: '2026-11-23T19:10:00Z' }));
    const second = await queuedId('h1');
    expect(second).not.toBe(first);
    expect((await see(second)).alerts).toEqual([expect.not.objectContaining({ ends_at: expect.anything() })]);
  });

  it('answers an alert without a fingerprint with the one of its labels, and without a start by its open firing', async () => {
    const labels = { alertname: 'NoName', instance: 'web-1' };
    const bare = bodyOf({ status: 'firing', labels });
    const fingerprint = fingerprintOf(labels);
    const { accepted, alerts } = await post(bare);
    expect(alerts).toEqual([{ fingerprint, decision: 'queued', triage_id: accepted[0] }]);
    const { alerts: seen } = await see(accepted[0]!);
    expect(Math.abs(Date.parse(seen[0]!.starts_at as string) - Date.now())).toBeLessThan(10_000);
    expect(decisions(await post(bare))).toEqual(['duplicate']);
    expect(decisions(await post(bodyOf({ status: 'resolved', labels })))).toEqual(['not_firing']);
    expect(await see(accepted[0]!)).toMatchObject({ outcome: 'cancelled', alerts: [{ status: 'resolved' }] });
  });

  it('has one entry for each alert, in the order of the body, whatever becomes of it (GV-53)', async () => {
    await queuedId('i2');
    const { accepted, alerts } = await post(
      bodyOf(
        alert('i1'),
        7,
        alert('i2'),
        alert('i3', { status: 'resolved' }),
        alert('i4', { status: '?' }),
        alert('i1'),
      ),
    );
    expect(alerts).toMatchObject([
      { fingerprint: 'i1', decision: 'queued', triage_id: accepted[0] },
      { decision: 'quarantined', reason: 'it is not an object' },
      { fingerprint: 'i2', decision: 'duplicate' },
      { fingerprint: 'i3', decision: 'not_firing' },
      { fingerprint: 'i4', decision: 'quarantined', reason: 'its status is neither "firing" nor "resolved"' },
      { fingerprint: 'i1', decision: 'duplicate', triage_id: accepted[0], reason: 'a triage of this alert is queued' },
    ]);
    expect(accepted).toHaveLength(1);
    expect(alerts[1]).not.toHaveProperty('fingerprint');
    expect((await vigil.sql.query('SELECT reason, body FROM quarantine')).rows).toContainEqual({
      reason: 'it is not an object',
      body: '7',
    });
  });

  it('links every firing of a body to the one triage of its fingerprint', async () => {
    const { accepted, alerts } = await post(bodyOf(alert('j1'), alert('j1', { startsAt: SECOND })));
    expect(alerts.map(({ triage_id }) => triage_id)).toEqual([accepted[0], accepted[0]]);
    await post(webhookOf('j1', { status: 'resolved' }));
    expect(await see(accepted[0]!)).toMatchObject({ status: 'queued', alerts: [{}, {}] });
  });

  it('takes the last word of a body about one firing', async () => {
    const firing = alert('k1');
    const resolved = alert('k1', { status: 'resolved' });
    expect(decisions(await post(bodyOf(firing, resolved)))).toEqual(['not_firing', 'not_firing']);
    expect(decisions(await post(bodyOf(resolved, firing)))).toEqual(['not_firing', 'queued']);
  });

  it('takes an empty list of alerts', async () => {
    expect(await post('{"version":"4","alerts":[]}')).toEqual({ accepted: [], alerts: [] });
  });
});

describe('What Alertmanager really sends', () => {
  beforeAll(async () => {
    await open({ max_concurrent_triages: '1' });
    vigil.world.anthropic.play(() => ({ fault: 'hang' }));
    await inStatus(await queuedId('busy'), 'running');
  });
  afterAll(close);

  /** In the order in which they came; two of them are cut by max_alerts. */
  const BODIES: [string, string[]][] = [
    ['am025-firing-single', ['queued']],
    ['am025-resolved-single', ['not_firing']],
    ['am025-firing-two-series-one-group', ['queued', 'queued']],
    ['am025-firing-and-resolved-mixed', ['not_firing', 'queued', 'queued']],
    ['am025-truncated-firing', ['duplicate']],
    ['am025-truncated-says-resolved-while-others-fire', ['not_firing']],
    ['am025-target-down-no-service-label', ['queued']],
  ];

  it.each(BODIES)('is taken whole: %s', async (name, expected) => {
    expect(decisions(await post(fixture(name)))).toEqual(expected);
  });

  it('is recognised when it is listed again, a resolved alert too', async () => {
    const again = BODIES.map(([name, first]) => [name, first.map((d) => (d === 'queued' ? 'duplicate' : d))] as const);
    for (const [name, expected] of again)
      expect([name, decisions(await post(fixture(name)))]).toEqual([name, expected]);
    const { rows } = await vigil.sql.query(`SELECT count(*)::int AS open FROM triages WHERE status <> 'finished'`);
    expect(rows).toEqual([{ open: 7 }]);
  });

  it('closes nothing by the status of the group, cut or not', async () => {
    const { alerts } = await post(webhookOf('group-1').replace('"status":"firing"', '"status":"resolved"'));
    expect(alerts).toMatchObject([{ decision: 'queued' }]);
  });

  it('keeps how many alerts were cut off with the triage that it opens, counts them and says so (F69, GV-14)', async () => {
    const truncated = { ...(JSON.parse(webhookOf('cut-1')) as object), truncatedAlerts: 37 };
    const { accepted } = await post(JSON.stringify(truncated));
    const seen = await see(accepted[0]!);
    expect(seen).toMatchObject({ truncated_alerts: 37 });
    expect(await see(await queuedId('whole-1'))).not.toHaveProperty('truncated_alerts');
    const page = await (await fetch((seen.link as string).replace('localhost', '127.0.0.1'))).text();
    expect(page).toContain('Alertmanager left out 37 further alerts of this group (max_alerts)');
    const figures = await (await fetch(`${vigil.adminUrl}/metrics`)).text();
    // Four bodies of the fixtures said 1 each.
    expect(figures).toMatch(/^vigil_alerts_truncated_total 41$/m);
  });
});

describe('A firing', () => {
  beforeAll(() => open({}));
  afterAll(close);
  afterEach(() => vigil.world.anthropic.play(queryThenReport));

  it('that cools down becomes due by itself, and is investigated (F68)', async () => {
    const former = await queuedId('due-1');
    await inStatus(former, 'finished');
    const cooling = (await post(webhookOf('due-1', { startsAt: SECOND }))).alerts[0]!;
    expect(cooling.decision).toBe('cooling_down');
    await vigil.sql.query(`UPDATE triages SET completed_at = completed_at - interval '1 h' WHERE id = $1`, [former]);
    await vigil.sql.query(`UPDATE triages SET due_at = due_at - interval '1 h' WHERE id = $1`, [cooling.triage_id]);
    expect(await inStatus(cooling.triage_id!, 'finished')).toMatchObject({ outcome: 'complete', attempts: 1 });
    expect(decisions(await post(webhookOf('due-1', { startsAt: SECOND })))).toEqual(['already_triaged']);
  });

  it('whose triage runs is recorded as resolved; the triage goes on as it was, and message and page say so (F66)', async () => {
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const before = vigil.world.anthropic.journal.length;
    vigil.world.anthropic.play(async (request) => {
      await held;
      return queryThenReport(request);
    });
    const id = await queuedId('run-1');
    await inStatus(id, 'running');
    const resolve = webhookOf('run-1', { status: 'resolved', endsAt: '2026-11-23T19:10:00Z' });
    expect((await post(resolve)).alerts).toMatchObject([{ decision: 'not_firing', triage_id: id }]);
    expect(await see(id)).toMatchObject({ status: 'running', alerts: [{ status: 'resolved' }] });
    answer();
    expect(await inStatus(id, 'finished')).toMatchObject({ outcome: 'complete' });
    const message = await until('the report is posted', () =>
      vigil.world.slack.posts.map((posted) => JSON.stringify(posted)).find((text) => text.includes(id)),
    );
    expect(message).toContain('The alert has resolved meanwhile');
    const page = await (await fetch(vigil.url + (await vigil.link(id)))).text();
    expect(page).toContain('The alert has resolved.');
    // The conversation is not touched: no later request says anything of it.
    const sent = vigil.world.anthropic.journal.slice(before);
    expect(sent).toHaveLength(2);
    expect(JSON.stringify(sent)).not.toMatch(/has resolved|status: resolved/);
  });

  it('whose triage fails keeps its name, severity and summary, and its failure is told (GV-10)', async () => {
    vigil.world.anthropic.play(() => ({ fault: 'status', status: 400, message: 'no' }));
    const id = await queuedId('fails-1');
    expect(await inStatus(id, 'finished')).toMatchObject({
      outcome: 'failed',
      alert_name: 'HighErrorRate',
      severity: 'warning',
      summary: 'too many errors',
    });
    await until('the failure is posted', () =>
      vigil.world.slack.posts.some((posted) => JSON.stringify(posted).includes(id)),
    );
  });

  it('of a cut group is told with what was left out (F69)', async () => {
    const truncated = { ...(JSON.parse(webhookOf('cut-2')) as object), truncatedAlerts: 2 };
    const id = (await post(JSON.stringify(truncated))).accepted[0]!;
    await inStatus(id, 'finished');
    const message = await until('the report is posted', () =>
      vigil.world.slack.posts.map((posted) => JSON.stringify(posted)).find((text) => text.includes(id)),
    );
    expect(message).toContain('Alertmanager left out 2 further alerts of this group (max_alerts)');
  });
});
