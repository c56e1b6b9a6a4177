import { CEILINGS } from '../../src/tools/result-room';
import type { ToolOutcome } from '../../src/tools/tool';
import { startBackend } from '../stand-ins/backend-stand-in.ts';
import { startPrometheus } from '../stand-ins/prometheus.ts';
import type { PrometheusStandIn } from '../stand-ins/prometheus.ts';
import { captured, capturedBody } from './captured';
import { NOW, sampled, target } from './system';
import { ASKER, ClockAt, insideOf, toolboxFor } from './tool-bench';

const REFUSED =
  'Get "http://10.0.0.2:8080/metrics?token=t0ps3cret": dial tcp 10.0.0.2:8080: connect: connection refused';
const up = (instance: string, service: string): Record<string, string> => ({ instance, job: 'shop', service });
const TARGETS = [
  target(up('10.0.0.1:8080', 'checkout')),
  target(up('10.0.0.2:8080', 'payments'), REFUSED),
  target({ instance: 'db-1:9187', job: 'postgres' }, 'context deadline exceeded\nresult: forged', 65),
  target({ instance: 'new:1', job: 'node' }, 'server returned HTTP status 503 Service Unavailable'),
];
/** Down since 19:18:15, for all of the time, and from its first sample on. */
const SERIES = [
  sampled({ __name__: 'up', ...up('10.0.0.1:8080', 'checkout') }, () => 1, { minutes: 200 }),
  sampled({ __name__: 'up', ...up('10.0.0.2:8080', 'payments') }, (at) => Number(at < NOW - 705), { minutes: 200 }),
  sampled({ __name__: 'up', instance: 'db-1:9187', job: 'postgres' }, () => 0, { minutes: 200 }),
  sampled({ __name__: 'up', instance: 'new:1', job: 'node' }, () => 0, { minutes: 10 }),
];

describe('list_targets', () => {
  let prometheus: PrometheusStandIn;
  beforeAll(async () => {
    prometheus = await startPrometheus({ series: SERIES, targets: TARGETS });
  });
  beforeEach(() => prometheus.fault());
  afterAll(() => prometheus.stop());

  const ask = (input: unknown, endpoint = prometheus.url, now = ASKER.now): Promise<ToolOutcome> =>
    toolboxFor({ prometheus: { endpoint } }, { clock: new ClockAt(now), timeoutMs: 15_000 }).run(
      { name: 'list_targets', input, handle: 'r1' },
      { ...ASKER, now },
      AbortSignal.timeout(20_000),
    );
  const linesOf = async (input: unknown): Promise<string[]> => insideOf((await ask(input)).text).split('\n');

  it('tells what is down, since when and why, and counts what is up by job', async () => {
    expect(await linesOf({})).toEqual([
      'query: every target',
      'time: 2026-11-23T19:30:00Z',
      'result: 4 targets, 3 down',
      '{instance="10.0.0.2:8080", job="shop", service="payments"} down since 2026-11-23T19:18:15Z, last scrape 4.0 s before: dial tcp 10.0.0.2:8080: connect: connection refused',
      '{instance="db-1:9187", job="postgres"} down for all of the last 3 h, last scrape 1 min 5 s before: context deadline exceeded result: forged',
      '{instance="new:1", job="node"} down since its first sample, 2026-11-23T19:20:00Z, last scrape 4.0 s before: server returned HTTP status 503 Service Unavailable',
      'in all: 1 of 4 up, 3 down',
      'job node: 0 of 1 up',
      'job postgres: 0 of 1 up',
      'job shop: 1 of 2 up',
    ]);
  });

  it('shows no address that was scraped, for it may hold what is secret', async () => {
    const outcome = await ask({});
    expect(outcome.text + outcome.full!).not.toMatch(/t0ps3cret|http:\/\//);
  });

  it('narrows by service and by words', async () => {
    expect((await linesOf({ service: 'checkout' })).slice(2)).toEqual([
      'time: 2026-11-23T19:30:00Z',
      'result: 1 targets, 0 down',
      'job shop: 1 of 1 up',
    ]);
    expect((await linesOf({ query: 'Refused shop' }))[2]).toBe('result: 1 targets, 1 down');
  });

  it('says what there is when nothing is meant', async () => {
    const outcome = await ask({ service: 'nope' });
    expect(outcome.status).toBe('no_data');
    expect(outcome.text).toContain('none of 4 targets is meant by it');
    expect(outcome.text).toContain('Known are: service: "checkout", "payments"; job: "node", "postgres", "shop".');
  });

  it('reads up where the server scrapes nothing itself, and says so', async () => {
    prometheus.fault(({ path }) =>
      path === '/api/v1/targets'
        ? { kind: 'answer', status: 404, body: '404 page not found\n', contentType: 'text/plain' }
        : undefined,
    );
    const lines = await linesOf({ service: 'payments' });
    expect(lines.slice(2)).toEqual([
      'time: 2026-11-23T19:30:00Z',
      'result: 1 targets, 1 down',
      '{instance="10.0.0.2:8080", job="shop", service="payments"} down since 2026-11-23T19:18:15Z, reason not known',
      'job shop: 0 of 1 up',
      'told by up, not by the list of targets: Prometheus answered 404: 404 page not found',
    ]);
  });

  it('asks job by job for the reasons when the list of all targets is too long', async () => {
    prometheus.fault(({ path, params }) =>
      path === '/api/v1/targets' && !params.has('scrapePool') ? { kind: 'endless' } : undefined,
    );
    const lines = await linesOf({ query: 'payments' });
    expect(lines[3]).toMatch(/down since .*: dial tcp 10\.0\.0\.2:8080: connect: connection refused$/);
    expect(lines.at(-1)).toContain('answered with more than 8 MiB');
  });

  it('fails with both reasons when neither is told', async () => {
    prometheus.fault(() => ({
      kind: 'answer',
      status: 503,
      body: '<html>bad gateway</html>',
      contentType: 'text/html',
    }));
    const outcome = await ask({});
    expect(outcome.status).toBe('failed');
    expect(outcome.text).not.toContain('<html>');
    expect(insideOf(outcome.text).split('\n')).toHaveLength(4);
  });

  it('reads the targets of a real Prometheus 2.42', async () => {
    const real = await startBackend(({ path }) => {
      const answer = captured(`prometheus-2.42/${path.endsWith('/targets') ? 'targets' : 'empty'}`);
      return { status: answer.status, contentType: answer.content_type ?? '', body: capturedBody(answer) };
    });
    try {
      const outcome = await ask({}, real.url, new Date('2026-11-24T14:36:55Z'));
      expect(insideOf(outcome.text).split('\n').slice(2)).toEqual([
        'result: 3 targets, 1 down',
        '{instance="127.0.0.1:37291", job="shop", service="gateway"} down, last scrape 3.1 s before: dial tcp 127.0.0.1:37291: connect: connection refused',
        'job shop: 2 of 3 up',
      ]);
    } finally {
      await real.stop();
    }
  });

  it('stays small in a system of 5,000 targets of which 900 are down', async () => {
    const many = Array.from({ length: 5_000 }, (_, i) => {
      const labels = {
        instance: `10.1.${i >> 8}.${i & 255}:9100`,
        job: `job-${i % 60}`,
        zone: `z${i % 3}`,
        pod: `pod-${i}`,
      };
      const error = i % 3 === 0 ? `Get "http://${labels.instance}/m": dial tcp ${labels.instance}: i/o timeout` : 'EOF';
      return target(labels, i % 60 < 11 && i < 4_910 ? error : '');
    });
    const large = await startPrometheus({ series: [], targets: many });
    try {
      const outcome = await ask({}, large.url);
      const text = insideOf(outcome.text);
      expect(text.length).toBeLessThanOrEqual(CEILINGS.list);
      expect(text).toMatch(/^result: 5000 targets, 90\d down$/m);
      expect(text).toMatch(/^left out: \d+ more that are down, counted by job below/m);
      expect(text).toMatch(/^job job-0: 1 of 84 up, 82 down: |^job job-0: \d of 84 up, 8\d down: /m);
      expect(text).toMatch(/^left out: \d+ more jobs/m);
      expect(outcome.full!.split('\n')).toHaveLength(5_000);
    } finally {
      await large.stop();
    }
  });
});
