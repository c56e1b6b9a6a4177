import type { ToolOutcome } from '../../src/tools/tool';
import { startBackend, type BackendAnswer, type BackendStandIn } from '../stand-ins/backend-stand-in.ts';
import { captured, capturedBody } from './captured';
import { ASKER, insideOf, toolboxFor } from './tool-bench';

/** What a real Alertmanager 0.25 answered: four alerts, one silenced, one inhibited. */
function answerOf(name: string): BackendAnswer {
  const answer = captured(`alertmanager-api/${name}`);
  const body = typeof answer.body === 'string' ? JSON.stringify(answer.body) : capturedBody(answer);
  return { status: answer.status, contentType: answer.content_type ?? '', body };
}

describe('list_alerts', () => {
  let alertmanager: BackendStandIn;
  let alerts: string;
  let silences: string;

  beforeEach(async () => {
    [alerts, silences] = ['alerts', 'silences'];
    alertmanager = await startBackend(({ path }) => answerOf(path.endsWith('/silences') ? silences : alerts));
  });
  afterEach(() => alertmanager.stop());

  const ask = (input: unknown, endpoint = alertmanager.url): Promise<ToolOutcome> =>
    toolboxFor({ prometheus: { endpoint }, alertmanager: { endpoint } }).run(
      { name: 'list_alerts', input, handle: 'r1' },
      ASKER,
      AbortSignal.timeout(10_000),
    );

  it('tells what fires, what is silenced by whom and why, and what is inhibited by which alert', async () => {
    const outcome = await ask({});
    expect(outcome.status).toBe('ok');
    expect(insideOf(outcome.text).split('\n')).toEqual([
      'query: every alert',
      'result: 4 alerts, 2 of them firing unmuted',
      'common labels: {env="lab"}',
      '2026-11-24T06:01:00.000Z firing HighErrorRate {service="orders", severity="critical"}: orders answers 31% of its requests with 5xx',
      '2026-11-24T06:03:00.000Z firing HighLatency {service="gateway", severity="warning"}',
      '2026-11-24T05:00:00.000Z silenced by kim until 2026-11-25T06:00:00.000Z (payments-1 is being moved) TargetDown {instance="payments-1:8080", job="payments", severity="warning"}: payments-1:8080 is down',
      '2026-11-24T06:02:00.000Z inhibited by HighErrorRate HighLatency {service="orders", severity="warning"}: p99 of orders is 2.1 s',
    ]);
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
    expect((await ask({})).text).toContain('05:00:00.000Z silenced TargetDown');
  });

  it('tells "found nothing" from a failure', async () => {
    alertmanager.fault(() => ({ kind: 'answer', status: 200, contentType: 'application/json', body: '[]' }));
    expect((await ask({ query: 'service="x"' })).status).toBe('no_data');
    const { url } = alertmanager;
    await alertmanager.stop();
    const outcome = await ask({}, url);
    expect(outcome.status).toBe('failed');
    expect(outcome.text).toContain('Alertmanager gave no answer: the connection was refused.');
    alertmanager = await startBackend(() => answerOf('alerts'));
  });

  it('says what it left out of a storm', async () => {
    const many = Array.from({ length: 400 }, (_, i) => ({
      fingerprint: `f${i}`,
      labels: { alertname: 'NodeDown', instance: `node-${i}` },
      annotations: { summary: 'x'.repeat(300) },
      startsAt: '2026-11-24T06:01:00.000Z',
      status: { state: 'active', silencedBy: [], inhibitedBy: [] },
    }));
    const body = JSON.stringify(many);
    alertmanager.fault(() => ({ kind: 'answer', status: 200, contentType: 'application/json', body }));
    const text = insideOf((await ask({})).text);
    expect(text.length).toBeLessThanOrEqual(12_000);
    expect(text).toMatch(/^result: 400 alerts, 400 of them firing unmuted$/m);
    expect(text).toMatch(/left out to save room: the last \d+; narrow the query$/);
  });

  it('is offered only where an Alertmanager is configured', () => {
    const { url: endpoint } = alertmanager;
    const names = toolboxFor({ prometheus: { endpoint } })
      .specs()
      .map(({ name }) => name);
    expect(names).not.toContain('list_alerts');
  });
});
