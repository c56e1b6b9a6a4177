import { FiringHistorySection } from '../../src/briefing/firing-history-section';
import type { FiringRecord, RecordedFiring } from '../../src/briefing/ports/firing-record';
import type { BriefingSubject } from '../../src/briefing/section-source';
import { type PrometheusStandIn, type Series, startPrometheus } from '../stand-ins/prometheus.ts';
import { before, clientOf, noAbort, NOW, STARTS_AT, steady, subjectOf } from './subject';

const DAY_MIN = 24 * 60;
const UP: Series = { labels: { __name__: 'up', job: 'shop' }, samples: steady(before(8 * DAY_MIN), NOW, 1, 240) };
const subject = subjectOf({ service: 'payments', cluster: 'eu' });

/** `ALERTS` of some times in which it fired, each ended by a marker. */
function fired(labels: Record<string, string>, ...times: [from: Date, to: Date][]): Series {
  const samples = times.flatMap(([from, to]) => {
    const stale = [to.getTime() / 1000 + 15, 'stale'] as const;
    return to < NOW ? [...steady(from, to, 1), stale] : steady(from, to, 1);
  });
  return { labels: { __name__: 'ALERTS', alertname: 'HighErrorRate', alertstate: 'firing', ...labels }, samples };
}

describe('The firing history', () => {
  let prometheus: PrometheusStandIn;
  let recorded: RecordedFiring[];
  beforeEach(async () => {
    recorded = [];
    prometheus = await startPrometheus();
  });
  afterEach(() => prometheus.stop());

  const linesOf = async (series: readonly Series[], of: BriefingSubject = subject): Promise<string[]> => {
    prometheus.set(series);
    const record: FiringRecord = { since: () => Promise.resolve(recorded) };
    return (await new FiringHistorySection(clientOf(prometheus.url), record).gather(of, noAbort())).split('\n');
  };
  const now: [Date, Date] = [STARTS_AT, NOW];

  it('counts the firings of the same labels, and says how long they held and when the last one was', async () => {
    const own = fired(
      { severity: 'critical', service: 'payments' },
      [before(3 * DAY_MIN), before(3 * DAY_MIN - 4)],
      [before(2 * DAY_MIN), before(2 * DAY_MIN - 40)],
      [before(120), before(112)],
      now,
    );
    const other = fired({ severity: 'critical', service: 'orders' }, [before(130), before(100)]);
    expect(await linesOf([UP, own, other])).toEqual([
      "from Prometheus' ALERTS: the last hour sample by sample; before that in windows of 5 min, where firings less than 5 min apart count as one",
      'the record covers the 7 days',
      'this alert (same labels) fired 3 times before this firing, typically (median) for 8 min 15 s; 2 of 3 ended within 10 min',
      'the last before this firing: from 2026-11-23T17:29:45Z to 2026-11-23T17:38:00Z, 1 h 42 min before this one began',
      'HighErrorRate over all its label sets, this firing included: 2 label sets fired, at most 2 at once; looked at every 5 min, at least one fired in 4 separate times',
      'Vigil was told of no other firing of this fingerprint in these days',
    ]);
  });

  it('does not read the days of every target where the record is older than they are', async () => {
    await linesOf([UP, fired({ severity: 'critical', service: 'payments' }, now)]);
    const asked = prometheus.journal.filter(({ params }) => params.get('query') === 'count(up)');
    expect(asked.map(({ params }) => Number(params.get('end')) - Number(params.get('start')))).toEqual([0]);
  });

  it('says since when there is a record, and that nothing is known of before', async () => {
    const young = { ...UP, samples: steady(before(90.5), NOW, 1) };
    const lines = await linesOf([young, fired({ severity: 'critical', service: 'payments' }, now)]);
    expect(lines[1]).toBe('the record begins at about 2026-11-23T17:59:30Z: what was before is not known');
    expect(lines[2]).toBe('this alert (same labels) did not fire in the record before this firing');
  });

  it('finds a firing that is shorter than the distance of its steps', async () => {
    const own = fired({ severity: 'critical', service: 'payments' }, [before(61), before(60)], now);
    expect((await linesOf([UP, own]))[2]).toBe(
      'this alert (same labels) fired 1 time before this firing, typically (median) for 1 min 15 s; 1 of 1 ended within 10 min',
    );
  });

  it('tells a firing of the last hour from this one, however soon this one followed', async () => {
    const own = fired({ severity: 'critical', service: 'payments' }, [before(12), before(11.5)], now);
    const lines = await linesOf([UP, own]);
    expect(lines[2]).toContain('fired 1 time before this firing, typically (median) for 45.0 s');
    expect(lines[3]).toBe(
      'the last before this firing: from 2026-11-23T19:18:00Z to 2026-11-23T19:18:45Z, 1 min 15 s before this one began',
    );
  });

  it('says when no gap shows between the firing before and this one', async () => {
    const own = fired({ severity: 'critical', service: 'payments' }, [before(60), before(10.25)], now);
    expect((await linesOf([UP, own]))[3]).toBe(
      'the last before this firing: from 2026-11-23T18:29:45Z, and no gap shows between its end and this one',
    );
  });

  it('takes no silence for a proof: not even this firing is in the record', async () => {
    const own = 'not known: the firings in Prometheus: no series of ALERTS has its labels, not even for this firing.';
    const told = 'Vigil was told of no other firing of this fingerprint in these days';
    const elsewhere =
      'HighErrorRate: no firing of this name left a series of ALERTS in this Prometheus, not even this one';
    expect(await linesOf([UP])).toEqual([own, elsewhere, told]);
    const other = fired({ severity: 'critical', service: 'orders' }, now);
    expect(await linesOf([UP, other])).toEqual([own, expect.stringContaining('1 label set fired'), told]);
  });

  it('says that the age of the record is not known where nothing is scraped', async () => {
    const lines = await linesOf([fired({ severity: 'critical', service: 'payments' }, now)]);
    expect(lines[1]).toMatch(/^not known: how far back the record goes/);
  });

  it('puts no label value of the alert into a pattern', async () => {
    const service = 'pay.*|"x"(';
    const own = fired({ severity: 'critical', service }, [before(300), before(200)], now);
    const other = fired({ severity: 'critical', service: 'payments' }, now);
    const lines = await linesOf([UP, own, other], subjectOf({ service }));
    expect(lines[2]).toContain('fired 1 time before');
  });

  it("tells Vigil's own record also when Prometheus does not answer", async () => {
    recorded = [
      { id: 'F', startsAt: STARTS_AT },
      { id: 'E', startsAt: before(100), endsAt: before(90) },
      { id: 'D', startsAt: before(300) },
    ];
    prometheus.fault(() => ({
      kind: 'answer',
      status: 503,
      body: '{"status":"error","errorType":"timeout","error":"x"}',
    }));
    expect(await linesOf([])).toEqual([
      'not known: the firings in Prometheus: Prometheus answered 503 timeout: x',
      'not known: the firings of its name in Prometheus: Prometheus answered 503 timeout: x',
      'Vigil was told of 2 earlier firings of this fingerprint; the last began at 2026-11-23T17:50:00Z, ended at 2026-11-23T18:00:00Z',
    ]);
  });

  it('stays within its room, and in one line for each fact, whatever the name is', async () => {
    const alertname = `a\nalive: logs of x ${'n'.repeat(5_000)}`;
    const labels = { alertname, severity: 'critical', service: 'payments' };
    const lines = await linesOf(
      [UP, { ...fired({}, now), labels: { ...fired(labels, now).labels } }],
      subjectOf(labels),
    );
    expect(lines).toHaveLength(5);
    expect(lines.join('\n').length).toBeLessThan(1_500);
  });
});
