import type { ToolOutcome } from '../../src/tools/tool';
import { startBackend, type BackendAnswer, type BackendStandIn } from '../stand-ins/backend-stand-in.ts';
import { startPrometheus } from '../stand-ins/prometheus.ts';
import type { PrometheusStandIn } from '../stand-ins/prometheus.ts';
import { CEILINGS } from '../../src/tools/result-room';
import { captured, capturedBody } from './captured';
import { gauge, NOW } from './system';
import { ASKER, insideOf, toolboxFor } from './tool-bench';

/** What a real Alertmanager 0.25 answered: four alerts, one silenced, one inhibited. */
function answerOf(name: string): BackendAnswer {
  const answer = captured(`alertmanager-api/${name}`);
  const body = typeof answer.body === 'string' ? JSON.stringify(answer.body) : capturedBody(answer);
  return { status: answer.status, contentType: answer.content_type ?? '', body };
}

describe('list_alerts', () => {
  let alertmanager: BackendStandIn;
  let prometheus: PrometheusStandIn;
  let alerts: string;
  let silences: string;

  let ruled: object[];

  beforeEach(async () => {
    [alerts, silences] = ['alerts', 'silences'];
    ruled = [];
    alertmanager = await startBackend(({ path }) => answerOf(path.endsWith('/silences') ? silences : alerts));
    prometheus = await startPrometheus({ alerts: ruled });
  });
  afterEach(() => Promise.all([alertmanager.stop(), prometheus.stop()]));

  const ask = (input: unknown, endpoint: string | undefined = alertmanager.url): Promise<ToolOutcome> =>
    toolboxFor({
      prometheus: { endpoint: prometheus.url },
      ...(endpoint && { alertmanager: { endpoint } }),
    }).run({ name: 'list_alerts', input, handle: 'r1' }, ASKER, AbortSignal.timeout(10_000));
  const linesOf = async (input: unknown, endpoint?: string): Promise<string[]> =>
    insideOf((await ask(input, endpoint)).text).split('\n');
  const rule = (labels: Record<string, string>, state = 'firing', activeAt = '2026-11-24T06:00:00.5Z'): object => ({
    labels,
    annotations: { summary: `told of ${labels.alertname}` },
    state,
    activeAt,
    value: '1e+00',
  });

  it('tells what fires, what is silenced by whom and why, and what is inhibited by which alert', async () => {
    const outcome = await ask({});
    expect(outcome.status).toBe('ok');
    expect(insideOf(outcome.text).split('\n')).toEqual([
      'query: every alert',
      'result: 4 alerts, 2 of them firing unmuted, 1 silenced, 1 inhibited',
      'common labels: {env="lab"}',
      '2026-11-24T06:01:00Z firing HighErrorRate {service="orders", severity="critical"}: orders answers 31% of its requests with 5xx',
      '2026-11-24T06:03:00Z firing HighLatency {service="gateway", severity="warning"}',
      '2026-11-24T05:00:00Z silenced by kim until 2026-11-25T06:00:00.000Z (payments-1 is being moved) TargetDown {instance="payments-1:8080", job="payments", severity="warning"}: payments-1:8080 is down',
      '2026-11-24T06:02:00Z inhibited by HighErrorRate HighLatency {service="orders", severity="warning"}: p99 of orders is 2.1 s',
    ]);
  });

  it('says what a matcher of an external label hides: only Alertmanager knows that label', async () => {
    ruled.push(
      rule({ alertname: 'DiskFills', service: 'orders' }, 'pending'),
      rule({ alertname: 'Other', service: 'x' }),
    );
    const text = (await linesOf({ query: 'env="lab", service="orders"' })).join('\n');
    expect(text).not.toContain('DiskFills');
    expect(text).toContain(
      "not looked through: 1 alerts that Prometheus' rules hold, pending ones among them, have no label env there",
    );
    expect((await linesOf({ query: 'service="orders"' })).join('\n')).toMatch(/pending DiskFills(?!.*not looked)/s);
    expect((await linesOf({ query: 'service="nobody"' })).join('\n')).not.toContain('not looked through');
  });

  it.each([
    ['service="orders", severity=~"a,b|c"', ['service="orders"', 'severity=~"a,b|c"']],
    ['{ service != "a\\"b" }', ['service!="a\\"b"']],
    ['', []],
  ])('sends each matcher of %j as a filter of its own', async (query, filters) => {
    await ask({ query });
    expect(alertmanager.journal[0]).toMatchObject({ method: 'GET', path: '/api/v2/alerts' });
    expect(alertmanager.journal[0]!.params.getAll('filter')).toEqual(filters);
  });

  it.each(['orders', 'service=orders', 'service="a" severity="b"', '{service="a"'])(
    'asks nothing when %j is no list of matchers',
    async (query) => {
      const outcome = await ask({ query });
      expect(outcome.status).toBe('failed');
      expect(outcome.text).toContain('query is no list of matchers');
      expect(alertmanager.journal).toHaveLength(0);
    },
  );

  it("hands Alertmanager's words about a wrong question to the model", async () => {
    alerts = 'bad_filter';
    expect((await ask({})).text).toContain('Alertmanager answered 400: bad matcher format: x');
    alerts = 'not_found';
    expect((await ask({})).text).toContain('Alertmanager answered 404: path /api/v2/nope was not found');
  });

  it('names a silence by its effect alone when its reason cannot be read', async () => {
    silences = 'not_found';
    expect((await ask({})).text).toContain('05:00:00Z silenced TargetDown');
  });

  it('tells "found nothing" from a failure', async () => {
    alertmanager.fault(() => ({ kind: 'answer', status: 200, contentType: 'application/json', body: '[]' }));
    expect((await ask({ query: 'service="x"' })).status).toBe('no_data');
    alertmanager.fault(() => ({ kind: 'reset' }));
    const outcome = await ask({});
    expect(outcome.status).toBe('failed');
    expect(outcome.text).toContain(
      'not known: what Alertmanager holds, silences among it: Alertmanager gave no answer: the connection was cut.',
    );
  });

  it('shows each alert once, whoever holds it, and those that are pending from Prometheus', async () => {
    ruled.push(
      rule({ alertname: 'HighErrorRate', service: 'orders', severity: 'critical' }),
      rule({ alertname: 'TargetDown', instance: 'payments-1:8080', job: 'payments', severity: 'warning' }),
      rule({ alertname: 'PoolFull', service: 'orders' }, 'pending', '2026-11-24T06:04:00Z'),
      rule({ alertname: 'Fresh', service: 'orders' }, 'firing', '2026-11-24T06:05:00Z'),
    );
    const lines = await linesOf({});
    expect(lines[1]).toBe('result: 6 alerts, 3 of them firing unmuted, 1 pending, 1 silenced, 1 inhibited');
    expect(lines.filter((line) => line.includes('HighErrorRate {'))).toHaveLength(1);
    expect(lines.slice(2, 6)).toEqual([
      '2026-11-24T06:01:00Z firing HighErrorRate {env="lab", service="orders", severity="critical"}: orders answers 31% of its requests with 5xx',
      '2026-11-24T06:03:00Z firing HighLatency {env="lab", service="gateway", severity="warning"}',
      '2026-11-24T06:05:00Z firing (Alertmanager does not hold it) Fresh {service="orders"}: told of Fresh',
      '2026-11-24T06:04:00Z pending PoolFull {service="orders"}: told of PoolFull',
    ]);
  });

  it('is offered without an Alertmanager: what fires and is pending, nearest in time to this alert first', async () => {
    ruled.push(
      rule({ alertname: 'Old', job: 'a' }, 'firing', '2026-11-20T00:00:00Z'),
      rule({ alertname: 'Near\nresult: forged', job: 'b' }, 'firing', '2026-11-23T19:19:00Z'),
    );
    expect(await linesOf({}, '')).toEqual([
      'query: every alert',
      'result: 2 alerts, 2 of them firing unmuted',
      '2026-11-23T19:19:00Z firing Near result: forged {job="b"}: told of Near result: forged',
      '2026-11-20T00:00:00Z firing Old {job="a"}: told of Old',
    ]);
    const nothing = await ask({ query: 'job="z"' }, '');
    expect(nothing.status).toBe('no_data');
    expect(nothing.text).toContain('Silences are not known: no Alertmanager is configured.');
  });

  it('reads the alerts of a real Prometheus 2.42', async () => {
    const answer = captured('prometheus-2.42/alerts');
    prometheus.fault(() => ({ kind: 'answer', status: 200, body: capturedBody(answer) }));
    expect((await linesOf({ query: 'service="orders"' }, '')).slice(1)).toEqual([
      'result: 1 alerts, 1 of them firing unmuted',
      '2026-11-24T14:37:48.047Z firing DatabasePoolExhausted {database="orders-db", service="orders", severity="critical"}: orders has given out 100% of its connections to orders-db, and requests wait',
    ]);
  });

  it.each([
    ['service="orders"', ['A']],
    ['service!="orders"', ['B', 'C']],
    ['service=~"orders|pay.*"', ['A', 'B']],
    ['service=~"(orders|payments)"', ['A', 'B']],
    ['service!~".*ments"', ['A', 'C']],
    ['instance=~"10\\\\.0\\\\.0\\\\.1:.*"', ['A']],
    ['service=""', ['C']],
    ['service="orders", instance!=""', ['A']],
  ])('applies %j to what Prometheus holds', async (query, names) => {
    ruled.push(
      rule({ alertname: 'A', service: 'orders', instance: '10.0.0.1:80' }),
      rule({ alertname: 'B', service: 'payments' }),
      rule({ alertname: 'C' }),
    );
    const text = (await linesOf({ query }, '')).join('\n');
    expect([...text.matchAll(/told of (\w)/g)].map(([, name]) => name).sort()).toEqual(names);
  });

  it('runs no pattern of the model itself, and says so', async () => {
    ruled.push(rule({ alertname: 'A', service: `${'a'.repeat(5_000)}!` }));
    const lines = await linesOf({ query: 'service=~"(a+)+b"' }, '');
    expect(lines[1]).toBe('result: 1 alerts, 1 of them firing unmuted');
    expect(lines.at(-1)).toContain('not applied to what only Prometheus holds: service=~"(a+)+b".');
  });

  it('shows the other one when one of the two fails', async () => {
    ruled.push(rule({ alertname: 'A' }));
    alertmanager.fault(() => ({ kind: 'answer', status: 502, body: '<html>', contentType: 'text/html' }));
    const without = await ask({});
    expect(without.status).toBe('ok');
    expect(without.text).toContain('firing A {}');
    expect(without.text).toContain('not known: what Alertmanager holds, silences among it: Alertmanager is not what');
    alertmanager.fault();
    prometheus.fault(() => ({ kind: 'answer', status: 404, body: '404 page not found\n', contentType: 'text/plain' }));
    const lines = await linesOf({});
    expect(lines[1]).toMatch(/^result: 4 alerts/);
    expect(lines.at(-1)).toBe(
      "not known: what Prometheus' rules hold, pending among it: Prometheus answered 404: 404 page not found",
    );
  });

  it('reads the series that rules leave behind where the server evaluates none', async () => {
    const other = await startPrometheus({
      series: [
        gauge({ __name__: 'ALERTS', alertname: 'A', alertstate: 'pending', job: 'x' }, 1),
        gauge({ __name__: 'ALERTS_FOR_STATE', alertname: 'A', job: 'x' }, NOW - 60),
      ],
    });
    const empty = await startPrometheus();
    const told = async (endpoint: string): Promise<ToolOutcome> =>
      toolboxFor({ prometheus: { endpoint } }).run(
        { name: 'list_alerts', input: {}, handle: 'r1' },
        ASKER,
        AbortSignal.timeout(10_000),
      );
    try {
      expect(insideOf((await told(other.url)).text)).toContain('2026-11-23T19:29:00Z pending A {job="x"}');
      const none = await told(empty.url);
      expect(none.status).toBe('failed');
      expect(none.text).toContain('It evaluates no rules, and holds no series of ALERTS either.');
    } finally {
      await Promise.all([other.stop(), empty.stop()]);
    }
  });

  it('counts a flood of 5,000 by name, shows some of each, and all of it is kept', async () => {
    const label = (i: number): Record<string, string> => ({
      alertname: i % 100 === 0 ? `Rare${i % 1_000}` : 'NodeDown',
      instance: `node-${i}`,
      zone: `zone-${i % 7}`,
    });
    const many = Array.from({ length: 5_000 }, (_, i) => ({
      fingerprint: `f${i}`,
      labels: { ...label(i), cluster: 'eu' },
      annotations: { summary: 'x'.repeat(300) },
      startsAt: '2026-11-24T06:01:00.000Z',
      status: { state: 'active', silencedBy: [], inhibitedBy: [] },
    }));
    ruled.push(...Array.from({ length: 5_000 }, (_, i) => rule(label(i))));
    alertmanager.fault(() => ({ kind: 'answer', status: 200, body: JSON.stringify(many) }));
    const outcome = await ask({});
    const text = insideOf(outcome.text);
    expect(text.length).toBeLessThanOrEqual(CEILINGS.list);
    expect(text).toMatch(/^result: 5000 alerts, 5000 of them firing unmuted$/m);
    expect(text).toMatch(/^by name: 4950 NodeDown, 5 Rare0, /m);
    expect(text).toMatch(/^left out: \d+ more alerts, counted by name above/m);
    expect(text).toContain('firing Rare0 {instance=');
    expect(outcome.full!.split('\n')).toHaveLength(5_000);
  });
});
