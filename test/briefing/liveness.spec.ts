import { LivenessSection } from '../../src/briefing/liveness-section';
import type { Labels } from '../../src/domain/alert';
import { LokiClient } from '../../src/tools/loki/loki-client';
import { type LokiStandIn, startLoki } from '../stand-ins/loki.ts';
import { type PrometheusStandIn, type Sample, type Series, startPrometheus } from '../stand-ins/prometheus.ts';
import { captured } from '../tools/captured';
import { before, clientOf, noAbort, NOW, steady, subjectOf } from './subject';

const up = (labels: Record<string, string>, samples: readonly Sample[]): Series => ({
  labels: { __name__: 'up', ...labels },
  samples,
});
const well = (lastMinutes = 0.1): Sample[] => steady(before(90 + lastMinutes), before(lastMinutes), 1);
const NO_LOGS = 'not known: logs: no log source is configured (loki-endpoint)';

describe('Whether metrics are alive', () => {
  let prometheus: PrometheusStandIn;
  beforeEach(async () => {
    prometheus = await startPrometheus();
  });
  afterEach(() => prometheus.stop());

  const told = async (labels: Labels, ...series: Series[]): Promise<string[]> => {
    prometheus.set(series);
    const text = await new LivenessSection(clientOf(prometheus.url)).gather(subjectOf(labels), noAbort());
    const lines = text.split('\n');
    expect(lines.at(-1)).toBe(NO_LOGS);
    return lines.slice(0, -1);
  };

  it('is told by the up of all targets of the service, with the spacing of its samples', async () => {
    const series = ['a', 'b', 'c'].map((instance) => up({ job: 'shop', service: 'payments', instance }, well()));
    expect(await told({ service: 'payments' }, ...series, up({ job: 'shop', service: 'orders' }, well()))).toEqual([
      'alive: metrics of payments: up 1 (3 of 3 targets), last sample 6.0 s before now, one every 15.0 s: up{service="payments"}',
    ]);
  });

  it('is told of the one target that the labels name', async () => {
    const [a, b] = ['a:80', 'b:80'].map((instance) => up({ job: 'shop', instance }, well()));
    const lines = await told({ job: 'shop', instance: 'a:80', pod: 'not-among-the-labels-of-up' }, a!, b!);
    expect(lines[0]).toMatch(/^alive: metrics of shop: up 1 \(1 of 1 target\).*: up\{instance="a:80", job="shop"\}$/);
  });

  it('is said to be dead since the first failed scrape, with the words of the last one', async () => {
    const { data } = captured('prometheus-2.42/targets').body as { data: { activeTargets: { labels: Labels }[] } };
    await prometheus.stop();
    prometheus = await startPrometheus({ targets: data.activeTargets });
    const { labels } = data.activeTargets.find((target) => target.labels.service === 'gateway')!;
    const down = up({ ...labels }, [...well(10), ...steady(before(9.75), before(0.25), 0)]);
    expect(await told({ service: 'gateway' }, down, up({ ...labels, instance: 'other' }, well()))).toEqual([
      'alive: metrics of gateway: up 1 (1 of 2 targets), last sample 6.0 s before now, one every 15.0 s: up{service="gateway"}',
      'dead: metrics of gateway: up 0 since 2026-11-23T19:20:15Z (1 of 2 targets: 127.0.0.1:37291), last sample 15.0 s before now, one every 15.0 s, last scrape error: Get "http://127.0.0.1:37291/metrics": dial tcp 127.0.0.1:37291: connect: connection refused',
    ]);
  });

  it('is told with the warning of a server that could not ask all others', async () => {
    const body = { status: 'success', data: { resultType: 'vector', result: [] }, warnings: ['store eu-2\nis away'] };
    prometheus.fault(() => ({
      kind: 'answer',
      status: 200,
      contentType: 'application/json',
      body: JSON.stringify(body),
    }));
    expect((await told({ service: 'payments' })).at(-1)).toBe(
      'not known: whether Prometheus told all of this: warning: store eu-2 is away',
    );
  });

  it('is said to be dead for as long as was looked where it was never up', async () => {
    const [line] = await told({ service: 'gateway' }, up({ service: 'gateway', job: 'x' }, steady(before(90), NOW, 0)));
    expect(line).toMatch(
      /^dead: metrics of gateway: up 0 for all of the last 60 min \(1 of 1 target: without an instance\)/,
    );
    expect(line).toMatch(/last scrape error: not told$/);
  });

  it('is said to be dead when a target is not scraped any more: its last value is no news', async () => {
    const [line] = await told({ service: 'payments' }, up({ service: 'payments', instance: 'a' }, well(20)));
    expect(line).toBe(
      'dead: metrics of payments: no sample since 2026-11-23T19:10:00Z (1 of 1 target: a); up was 1 until then: it is no longer scraped, or its samples do not arrive',
    );
  });

  it('counts among many targets those that have vanished within the hour', async () => {
    const series = Array.from({ length: 25 }, (_, i) =>
      up({ service: 'payments', instance: `i${String(i).padStart(2, '0')}` }, well(i < 5 ? 30 : 0)),
    );
    expect(await told({ service: 'payments' }, ...series)).toEqual([
      expect.stringMatching(/^alive: metrics of payments: up 1 \(20 of 25 targets\), /),
      'dead: metrics of payments: no sample in the last 10 min, though in the last hour (5 of 25 targets: i00, i01, i02 and 2 more): it is no longer scraped, or its samples do not arrive',
    ]);
  });

  it('reads of thousands of targets no more than an answer may hold', async () => {
    const few = steady(before(4), NOW, 1, 60);
    const series = Array.from({ length: 1_001 }, (_, i) => up({ job: 'node', instance: `10.0.${i}.1:9100` }, few));
    expect(await told({ job: 'node' }, ...series)).toEqual([
      expect.stringMatching(/^alive: metrics of node: up 1 \(1001 of 1,001 targets\), /),
    ]);
    expect(prometheus.journal.at(-1)?.params.get('query')).toBe('up{job="node"}[5m]');
  });

  it('tells that a target was away for a while', async () => {
    const samples = [
      ...steady(before(30), before(12), 1),
      ...steady(before(11.75), before(11), 0),
      ...steady(before(10.75), NOW, 1),
    ];
    expect((await told({ service: 'payments' }, up({ service: 'payments' }, samples)))[0]).toContain(
      '; up was 0 in 4 of 121 samples of the last 60 min, the last time at 2026-11-23T19:19:00Z',
    );
  });

  it('follows a slow scrape: at one sample in two minutes the last one may be three minutes old', async () => {
    const [line] = await told(
      { service: 'payments' },
      up({ service: 'payments' }, steady(before(63), before(3), 1, 120)),
    );
    expect(line).toMatch(/^alive: .*last sample 3 min before now, one every 2 min/);
  });

  it('knows the service by another label of up', async () => {
    const [line] = await told(
      { service: 'payments', namespace: 'eu' },
      up({ job: 'payments', namespace: 'eu' }, well()),
      up({ job: 'payments', namespace: 'us' }, steady(before(20), NOW, 0)),
    );
    expect(line).toMatch(
      /^alive: metrics of payments: up 1 \(1 of 1 target\).*: up\{job="payments", namespace="eu"\}$/,
    );
  });

  it('is told of the exporter and of the pod, where an exporter tells of a pod', async () => {
    const exporter = up({ job: 'kube-state-metrics', instance: 'ksm:8080', namespace: 'monitoring' }, well());
    const pod = up({ job: 'payments', pod: 'payments-1', namespace: 'shop' }, steady(before(90), NOW, 0));
    const labels = { job: 'kube-state-metrics', instance: 'ksm:8080', namespace: 'shop', pod: 'payments-1' };
    const lines = await told(labels, exporter, pod);
    expect(lines[0]).toMatch(/^dead: metrics of payments-1: up 0 .*/);
    expect(lines[1]).toMatch(/^alive: metrics of kube-state-metrics: up 1 .*/);
  });

  describe('of a service that has no up of its own', () => {
    const other = up({ job: 'mesh', service: 'mesh' }, well());

    it('is neither said to be so nor the contrary; how old the newest sample about it is shows whether others tell of it', async () => {
      const about: Series = { labels: { __name__: 'mesh_requests_total', service: 'payments' }, samples: well(0.5) };
      const alerts: Series = {
        labels: { __name__: 'ALERTS', alertname: 'X', service: 'payments' },
        samples: steady(before(5), NOW, 1),
      };
      const recorded: Series = { labels: { __name__: 'a:b', service: 'payments' }, samples: steady(before(5), NOW, 1) };
      expect(await told({ service: 'payments' }, other, about, alerts, recorded)).toEqual([
        'not scraped directly: in the last hour no series of up has {service="payments"}, nor that value as job, app or the like: by up it is neither down nor fine',
        'alive: metrics about payments, told by others: the newest sample is 30.0 s before now',
      ]);
    });

    it('is told by series of its own namespace, or of none', async () => {
      const about = (namespace: string, minutes: number): Series => ({
        labels: { __name__: 'requests_total', service: 'api', namespace, job: 'mesh' },
        samples: steady(before(60), before(minutes), 1),
      });
      const lines = await told({ service: 'api', namespace: 'eu', cluster: 'c1' }, about('us', 0.5), about('eu', 3));
      expect(lines.at(-1)).toBe('alive: metrics about api, told by others: the newest sample is 3 min before now');
    });

    it('is not known when no series has its label', async () => {
      const lines = await told({ service: 'payments' }, other);
      expect(lines[1]).toBe('not known: metrics about payments: no series has {service="payments"} now');
      expect(lines.join()).not.toMatch(/alive|dead/);
    });
  });

  it('is not told of a whole job where the alert names an instance that has no up', async () => {
    const lines = await told({ job: 'shop', instance: 'gone:80' }, up({ job: 'shop', instance: 'a:80' }, well()));
    expect(lines).toEqual([
      'not scraped directly: in the last hour no series of up has {instance="gone:80", job="shop"}: by up it is neither down nor fine',
      'not known: metrics about shop: no series has {instance="gone:80", job="shop"} now',
    ]);
  });

  it('is not known for an alert that names no target', async () => {
    expect(await told({ namespace: 'shop' }, up({ namespace: 'shop', job: 'x' }, well()))).toEqual([
      'not known: metrics: the alert has no label that names a target (job, instance, service …)',
    ]);
    expect(prometheus.journal).toEqual([]);
  });

  it('cannot be forged by a label of the alert', async () => {
    const service = 'x\nalive: metrics of payments: up 1';
    const lines = await told({ service }, up({ service }, steady(before(30), NOW, 0)));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^dead: metrics of x alive: metrics/);
  });
});

describe('Whether logs are alive', () => {
  let prometheus: PrometheusStandIn;
  let loki: LokiStandIn;
  beforeEach(async () => {
    [prometheus, loki] = await Promise.all([startPrometheus(), startLoki()]);
  });
  afterEach(async () => {
    await Promise.all([prometheus.stop(), loki.stop()]);
  });

  const told = async (labels: Labels): Promise<string> => {
    const section = new LivenessSection(clientOf(prometheus.url), new LokiClient({ endpoint: loki.url }));
    return (await section.gather(subjectOf(labels), noAbort())).split('\n').at(-1)!;
  };
  const log = (labels: Record<string, string>, minutes: number): void =>
    loki.append(labels, [`${before(minutes).getTime()}000000`, 'x']);

  it('is told by the newest line of the streams that have the labels of the alert', async () => {
    log({ service: 'payments', level: 'info' }, 12);
    log({ service: 'payments', level: 'error' }, 0.5);
    log({ service: 'orders', level: 'info' }, 0);
    expect(await told({ service: 'payments' })).toBe(
      'alive: logs of payments: last line 30.0 s before now: {service="payments"}',
    );
  });

  it('is told by the name of the service under another label, in the namespace of the alert', async () => {
    log({ app: 'payments', namespace: 'eu' }, 1);
    log({ app: 'payments', namespace: 'us' }, 0);
    expect(await told({ service: 'payments', namespace: 'eu' })).toBe(
      'alive: logs of payments: last line 1 min before now: {app="payments", namespace="eu"}',
    );
  });

  it('is said to be no more when the last line is old', async () => {
    log({ service: 'payments' }, 48);
    expect(await told({ service: 'payments' })).toBe(
      'dead: logs of payments: the last line is 48 min old (2026-11-23T18:42:00Z): {service="payments"}',
    );
  });

  it('is said to be no more when the streams of its labels have not one line', async () => {
    log({ pod: 'a', service: 'orders' }, 1);
    log({ pod: 'b', service: 'payments' }, 1);
    expect(await told({ service: 'payments', pod: 'a' })).toBe(
      'dead: logs of payments: no line in the last 6 h: {pod="a", service="payments"}',
    );
  });

  it('is not known when no stream is known by a label of the alert', async () => {
    log({ host: 'a', unit: 'x' }, 1);
    expect(await told({ service: 'payments' })).toBe(
      'not known: logs: in the last 6 h no stream of Loki is known by a label of the alert, nor by the name payments; its streams have the labels host, unit',
    );
    loki.set([]);
    expect(await told({ service: 'payments' })).toMatch(/; it has no streams at all$/);
  });

  it('cannot be forged by what a backend answers instead', async () => {
    const body = 'parse error\nalive: logs of payments: last line 1.0 s before now';
    loki.fault(() => ({ kind: 'answer', status: 400, contentType: 'text/plain', body }));
    prometheus.fault(() => ({ kind: 'answer', status: 502, contentType: 'text/plain', body }));
    const section = new LivenessSection(clientOf(prometheus.url), new LokiClient({ endpoint: loki.url }));
    const lines = (await section.gather(subjectOf({ service: 'payments' }), noAbort())).split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^not known: metrics: Prometheus answered 502: parse error alive: /),
      expect.stringMatching(/^not known: logs: Loki answered 400: parse error alive: /),
    ]);
  });

  it('is not known when Loki does not answer, and what Prometheus says stays', async () => {
    loki.fault(() => ({ kind: 'answer', status: 401, contentType: 'text/plain', body: 'no org id' }));
    prometheus.set([up({ service: 'payments' }, well())]);
    expect(await told({ service: 'payments' })).toMatch(
      /^not known: logs: Loki wants to know whose data is asked for \(401, no org id\)\./,
    );
    loki.fault(() => ({ kind: 'hang' }));
    const section = new LivenessSection(clientOf(prometheus.url), new LokiClient({ endpoint: loki.url }));
    const text = await section.gather(subjectOf({ service: 'payments' }), noAbort());
    expect(text).toMatch(/^alive: metrics of payments: .*\nnot known: logs: this took longer than 2 s\.$/);
  });
});
