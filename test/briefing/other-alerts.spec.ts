import { OtherAlertsSection } from '../../src/briefing/other-alerts-section';
import type { BriefingSubject } from '../../src/briefing/section-source';
import { AlertmanagerClient } from '../../src/tools/alertmanager/alertmanager-client';
import { startBackend, type BackendAnswer, type BackendStandIn } from '../stand-ins/backend-stand-in.ts';
import { type PrometheusStandIn, startPrometheus } from '../stand-ins/prometheus.ts';
import { captured, capturedBody } from '../tools/captured';
import { clientOf, noAbort, NOW, steady, STARTS_AT, subjectOf } from './subject';

interface Held {
  readonly labels: Record<string, string>;
  readonly minutesBefore?: number;
}

/** As Alertmanager shows it. */
const held = ({ labels, minutesBefore = 0 }: Held, i: number): object => ({
  fingerprint: `f-${i}`,
  labels,
  annotations: {},
  startsAt: new Date(STARTS_AT.getTime() - minutesBefore * 60_000).toISOString(),
  status: { state: 'active', silencedBy: [], inhibitedBy: [] },
});

describe('The other alerts', () => {
  let prometheus: PrometheusStandIn;
  let alertmanager: BackendStandIn;
  let answer: (path: string) => BackendAnswer;
  beforeEach(async () => {
    answer = () => json([]);
    alertmanager = await startBackend(({ path }) => answer(path));
    prometheus = await startPrometheus();
  });
  afterEach(async () => {
    await Promise.all([alertmanager.stop(), prometheus.stop()]);
  });

  const json = (body: unknown): BackendAnswer => ({
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify(body),
  });
  const fromFile = (name: string): BackendAnswer => {
    const file = captured(name);
    return { status: file.status, contentType: file.content_type!, body: capturedBody(file) };
  };
  const told = async (subject: BriefingSubject, withAlertmanager = true): Promise<string[]> => {
    const client = withAlertmanager ? new AlertmanagerClient({ endpoint: alertmanager.url }) : undefined;
    const section = new OtherAlertsSection(clientOf(prometheus.url), client);
    const text = await section.gather(subject, noAbort());
    expect(text.length).toBeLessThanOrEqual(section.maxChars);
    return text.split('\n');
  };

  it('are those that Alertmanager holds without this one, what is silenced and inhibited among them', async () => {
    answer = (path) => fromFile(`alertmanager-api/${path.endsWith('/silences') ? 'silences' : 'alerts'}`);
    const labels = { alertname: 'HighErrorRate', env: 'lab', service: 'orders', severity: 'critical' };
    const startsAt = new Date('2026-11-24T06:01:00Z');
    const lines = await told(subjectOf(labels, { fingerprint: '472423713d588962', startsAt }));
    expect(lines).toEqual([
      'source: Alertmanager (firing, silenced, inhibited): 3 other alerts; 1 shares labels with this one',
      // its inhibitor is this very alert
      '- HighLatency {severity="warning"}, shares {service="orders"}: firing, inhibited by HighErrorRate, since 2026-11-24T06:02:00Z, 1 min after this one began',
      'others, by name: 1 HighLatency, 1 TargetDown; 1 of these began within 10 min of this one',
    ]);
    const payments = await told(subjectOf({ alertname: 'X', job: 'payments' }));
    expect(payments[1]).toContain('firing, silenced by kim (payments-1 is being moved), since 2026-11-24T05:00:00Z');
  });

  it('of one name do not hide those of other names', async () => {
    const pods = Array.from({ length: 50 }, (_, i): Held => ({
      labels: { alertname: 'Pod', job: 'shop', pod: `p${i}` },
    }));
    const others: Held[] = [
      { labels: { alertname: 'Zone', job: 'shop' }, minutesBefore: 30 },
      { labels: { alertname: 'Watchdog' } },
    ];
    answer = () => json([...pods, ...others].map(held));
    const lines = await told(subjectOf({ service: 'payments', job: 'shop' }));
    expect(lines[0]).toContain('52 other alerts; 51 share labels with this one');
    expect(lines.slice(1, 5).map((line) => line.split(', shares')[0])).toEqual([
      '- Pod {pod="p0"}',
      '- Pod {pod="p1"}',
      '- Zone',
      '- Pod {pod="p10"}',
    ]);
    expect(lines.at(-1)).toMatch(/^others, by name: \d+ Pod, 1 Watchdog;/);
  });

  it('stand in the order of what they share, then of how close they began', async () => {
    const alerts: Held[] = [
      { labels: { alertname: 'Far', service: 'payments' }, minutesBefore: 600 },
      { labels: { alertname: 'Near', service: 'payments' }, minutesBefore: -2 },
      { labels: { alertname: 'Both', service: 'payments', instance: 'a', severity: 'info' }, minutesBefore: 60 },
      { labels: { alertname: 'HighErrorRate', severity: 'critical', service: 'orders' } },
      { labels: { alertname: 'Watchdog' } },
      { labels: { alertname: 'HighErrorRate', severity: 'critical', service: 'users' } },
    ];
    answer = () => json(alerts.map(held));
    const lines = await told(subjectOf({ service: 'payments', instance: 'a', severity: 'critical' }));
    expect(lines.map((line) => line.split(/[ ,]+/).slice(0, 2).join(' '))).toEqual([
      'source: Alertmanager',
      '- Both',
      '- Near',
      '- Far',
      'others by',
    ]);
    expect(lines[2]).toBe(
      '- Near, shares {service="payments"}: firing since 2026-11-23T19:22:00Z, 2 min after this one began',
    );
    expect(lines.at(-1)).toBe(
      'others, by name: 2 HighErrorRate, 1 Watchdog; 3 of these began within 10 min of this one',
    );
  });

  it('are not related by a label that every alert has', async () => {
    const names = ['A', 'B', 'C', 'D'];
    answer = () => json(names.map((alertname) => ({ labels: { alertname, env: 'prod' } })).map(held));
    const lines = await told(subjectOf({ env: 'prod', service: 'payments' }));
    expect(lines[0]).toContain('4 other alerts; 0 share labels with this one');
  });

  it('of a storm are counted, within the room of the section', async () => {
    const storm = Array.from({ length: 3_000 }, (_, i) => ({
      labels: { alertname: `NodeDown${i % 40}`, cluster: 'eu', service: i % 2 ? 'payments' : 'x', node: `n\n${i}` },
    }));
    answer = () => json(storm.map(held));
    const lines = await told(subjectOf({ service: 'payments', cluster: 'eu' }));
    expect(lines[0]).toContain('3,000 other alerts; 1,500 share labels');
    expect(lines.length).toBeLessThan(15);
    expect(lines.slice(1, -1).every((line) => line.startsWith('- NodeDown'))).toBe(true);
    expect(lines.at(-1)).toMatch(
      /^others, by name: .* of 32 other names; 2,\d\d\d of these began within 10 min of this one$/,
    );
  });

  it('are none when Alertmanager holds no other', async () => {
    expect(await told(subjectOf({}))).toEqual([
      'source: Alertmanager (firing, silenced, inhibited)',
      'no other alert is held now',
    ]);
  });

  describe('from Prometheus', () => {
    const subject = subjectOf(
      { alertname: 'DatabasePoolExhausted', database: 'orders-db', service: 'orders', cluster: 'added on the way' },
      { startsAt: new Date('2026-11-24T14:37:51.047Z') },
    );

    it('are what its rules hold, pending ones too, by when their expressions began to hold', async () => {
      const { data } = captured('prometheus-2.42/alerts').body as { data: { alerts: object[] } };
      await prometheus.stop();
      prometheus = await startPrometheus({ alerts: data.alerts });
      expect(await told(subject, false)).toEqual([
        'source: Prometheus (firing, pending; since when their expressions hold): 2 other alerts; 0 share labels with this one',
        'others, by name: 1 HighErrorRate, 1 HighLatency; 2 of these began within 10 min of this one',
      ]);
      const gateway = subjectOf({ alertname: 'HighErrorRate', service: 'gateway' });
      expect((await told(gateway, false))[1]).toBe(
        '- HighLatency {severity="warning"}, shares {service="gateway"}: pending since 2026-11-24T14:37:50.047Z, 0 ms before this one began',
      );
    });

    it('are the series of ALERTS where the server evaluates no rules', async () => {
      const series = (labels: Record<string, string>) => ({
        labels: { __name__: 'ALERTS', ...labels },
        samples: steady(STARTS_AT, NOW, 1),
      });
      prometheus.set([
        series({ alertname: 'DatabasePoolExhausted', alertstate: 'firing', database: 'orders-db', service: 'orders' }),
        series({ alertname: 'HighLatency', alertstate: 'pending', service: 'orders' }),
      ]);
      expect(await told(subject, false)).toEqual([
        "source: Prometheus' ALERTS (firing, pending; since when is not known): 1 other alert; 1 shares labels with this one",
        '- HighLatency, shares {service="orders"}: pending now, since when is not known',
      ]);
    });

    it.each([
      ['is refused', () => alertmanager.stop(), 'Alertmanager gave no answer: the connection was refused.'],
      ['hangs', () => Promise.resolve(alertmanager.fault(() => ({ kind: 'hang' }))), 'this took longer than 1.2 s.'],
    ])('are asked when Alertmanager %s, and that is said', async (_what, goAway, reason) => {
      await goAway();
      expect(await told(subject)).toEqual([
        `not known: what Alertmanager holds, silences among it: ${reason}`,
        "source: Prometheus' ALERTS (firing, pending; since when is not known)",
        'no other alert is held now',
      ]);
    });
  });
});
