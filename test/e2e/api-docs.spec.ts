import { calls, type Reply, says } from '../stand-ins/anthropic-answer.ts';
import { type ParsedRequest, toolResults } from '../stand-ins/anthropic-request.ts';
import { faultsOf, type OpenApi, type Operation, placesOf, type Schema } from '../http/schema-check';
import { until } from '../until';
import { startVigilWithWorld, type VigilWithWorld } from './vigil-with-world';

/** A triage that has a bit of everything that the description's example shows. */
function investigate(request: ParsedRequest): Reply {
  const [result] = toolResults(request);
  if (!result) {
    const query = calls({ name: 'query_metrics', input: { query: 'up', time: 'now' } });
    return { ...query, content: [...says('Which services are up?').content, ...query.content] };
  }
  return calls({
    name: 'submit_report',
    input: {
      headline: 'payments fails since 9f3c2e1',
      what_is_happening: 'It fails.',
      root_cause: { statement: 'The deploy.', component: 'payments', change: '9f3c2e1', confidence: 'high' },
      affected: ['checkout'],
      evidence: [
        { claim: 'it is up', source: 'r1', quote: result.text.split('\n').at(-2)! },
        { claim: 'it fails 97 % of its requests', source: 'r1', quote: 'a line that stands nowhere' },
      ],
      ruled_out: ['inventory'],
      actions: [{ action: 'Roll back', urgency: 'now' }],
      could_not_check: ['the code'],
      flags: [],
    },
  });
}

describe('The description of the API', () => {
  let vigil: VigilWithWorld;
  let document: OpenApi;
  beforeAll(async () => {
    vigil = await startVigilWithWorld();
    vigil.world.anthropic.play(investigate);
    document = (await (await fetch(`${vigil.url}/docs-json`)).json()) as OpenApi;
  });
  afterAll(() => vigil.stop());

  const operations = (): (Operation & { path: string; method: string })[] =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method })),
    );
  const answerOf = (
    path: string,
    method: string,
    status: number,
    type = 'application/json',
  ): { schema?: Schema; example?: unknown } => document.paths[path]![method]!.responses[status]!.content![type]!;
  /** A real answer holds what the description says, and the example has the same places as the answer. */
  const expectDescribed = (real: unknown, described: { schema?: Schema; example?: unknown }): void => {
    expect(faultsOf(real, described.schema!, document)).toEqual([]);
    expect(faultsOf(described.example, described.schema!, document)).toEqual([]);
    const places = (value: unknown): string[] =>
      [...new Set(placesOf(value))].filter((place) => !ANYTHING.test(place)).sort();
    expect(places(real)).toEqual(places(described.example));
  };
  /** What a caller or the model fills with names of its own. */
  const ANYTHING = /\.(labels|annotations|input)\./;

  it('is OpenAPI 3, with every reference leading somewhere and every operation named once', () => {
    expect(document.openapi).toMatch(/^3\.0\./);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target!);
    expect(references.length).toBeGreaterThan(20);
    for (const target of references) {
      expect(Object.keys(document.components.schemas)).toContain(target.replace('#/components/schemas/', ''));
    }
    const names = operations().map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { path, summary, parameters = [], responses } of operations()) {
      expect([path, summary]).toEqual([path, expect.any(String)]);
      const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => `{${name}}`);
      expect(inPath).toEqual(path.match(/\{\w+\}/g) ?? []);
      for (const { description } of Object.values(responses)) expect([path, description]).not.toEqual([path, '']);
    }
  });

  it('has every route of the program but its own, and no other', async () => {
    const served = (await vigil.routes()).filter((route) => !/ \/docs|\*/.test(route));
    expect(
      operations()
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    ).toEqual(served.map((route) => route.replace(/:(\w+)/g, '{$1}')).sort());
  });

  it('tells for each route under /api/v1 that it needs the token, and how it refuses', () => {
    expect(document.components.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } });
    for (const { path, security, responses } of operations()) {
      const needsToken = path.startsWith('/api/v1/');
      expect([path, security]).toEqual([path, needsToken ? [{ bearer: [] }] : undefined]);
      if (!needsToken) continue;
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '403', '503']));
      for (const [status, { content }] of Object.entries(responses).filter(([code]) => Number(code) >= 400)) {
        const problem = content!['application/problem+json']!;
        expect(problem.schema).toEqual({ $ref: '#/components/schemas/ProblemBody' });
        expect(faultsOf(problem.example, problem.schema!, document)).toEqual([]);
        expect(problem.example).toMatchObject({ status: Number(status) });
      }
    }
  });

  it("has the contract's words for status, outcome, ended_by and decision", () => {
    const { TriageAnswer, AdmittedAlert } = document.components.schemas;
    expect(TriageAnswer!.properties).toMatchObject({
      status: { enum: ['queued', 'running', 'waiting', 'finished'] },
      outcome: { enum: ['complete', 'partial', 'failed', 'error', 'cancelled'] },
      ended_by: {
        enum: [
          'answer',
          'tool_budget',
          'token_budget',
          'deadline',
          'context_full',
          'refusal',
          'model_unavailable',
          'crashed',
          'resolved',
        ],
      },
    });
    expect(AdmittedAlert!.properties!.decision!.enum!.slice().sort()).toEqual(
      ['queued', 'duplicate', 'already_triaged', 'cooling_down', 'not_firing', 'quarantined'].sort(),
    );
  });

  it('shows what the program really takes and answers: its own webhook example, posted, becomes its own triage example', async () => {
    const { schema, examples } = document.paths['/api/v1/alerts']!.post!.requestBody!.content['application/json']!;
    const body = examples!.alertmanager!.value as { alerts: object[] };
    // The schema names what is read; a sender's other fields are tolerated.
    expect(faultsOf(body, schema!, document)).toEqual([
      '$.receiver is not described',
      '$.status is not described',
      '$.groupKey is not described',
    ]);

    const admitted = await vigil.post({ ...body, alerts: [...body.alerts, ...body.alerts] });
    expectDescribed(admitted, answerOf('/api/v1/alerts', 'post', 202));

    const id = admitted.accepted[0]!;
    await vigil.inStatus(id, 'finished');
    const triage = await until('the report is delivered', async () => {
      const seen = await vigil.get<{ deliveries: { state: string }[] }>(`/api/v1/triage/${id}`);
      return seen.deliveries[0]?.state === 'delivered' ? seen : undefined;
    });
    expectDescribed(triage, answerOf('/api/v1/triage/{id}', 'get', 200));

    await vigil.post({ alerts: [{ status: 'firing', labels: { alertname: 'Another' } }] });
    const list = await vigil.get(`/api/v1/triage?limit=1&alertname=HighErrorRate`);
    const more = await vigil.get<{ next_cursor: unknown }>(`/api/v1/triage?limit=1`);
    expectDescribed({ ...list, next_cursor: more.next_cursor }, answerOf('/api/v1/triage', 'get', 200));
  });

  it('shows how changes are told and listed: its own examples, posted, become its own answers', async () => {
    const { schema, examples } = document.paths['/api/v1/changes']!.post!.requestBody!.content['application/json']!;
    const [deploy, several] = ['deploy', 'several'].map((name) => examples![name]!.value);
    const post = async (body: unknown): Promise<unknown> => {
      expect(faultsOf(body, schema!, document)).toEqual([]);
      const answer = await vigil.call('/api/v1/changes', { method: 'POST', body: JSON.stringify(body) });
      expect(answer.status).toBe(202);
      return answer.json();
    };
    const { example } = answerOf('/api/v1/changes', 'post', 202);
    const posted = await post(deploy);
    expectDescribed(posted, answerOf('/api/v1/changes', 'post', 202));
    expect(posted).toEqual(example);

    expect(faultsOf(await post(several), answerOf('/api/v1/changes', 'post', 202).schema!, document)).toEqual([]);
    const list = await vigil.get(`/api/v1/changes?kind=deploy`);
    const more = await vigil.get<{ next_cursor: unknown }>(`/api/v1/changes?limit=1`);
    expectDescribed({ ...list, next_cursor: more.next_cursor }, answerOf('/api/v1/changes', 'get', 200));
  });

  it('describes triages in every state', async () => {
    const { schema } = answerOf('/api/v1/triage/{id}', 'get', 200);
    vigil.world.anthropic.play(() => ({ fault: 'status', status: 401 }));
    const { accepted } = await vigil.post({ alerts: [{ status: 'firing', labels: { alertname: 'Waits' } }] });
    const seen = await until('it waits', async () => {
      const now = await vigil.get(`/api/v1/triage/${accepted[0]}`);
      expect(faultsOf(now, schema!, document)).toEqual([]);
      return now.status === 'waiting' ? now : undefined;
    });
    expect(seen).toHaveProperty('due_at');
    vigil.world.anthropic.play(investigate);
  });

  it.each<[string, RequestInit, string, string, number]>([
    ['/api/v1/triage/x', { headers: { authorization: 'no' } }, '/api/v1/triage/{id}', 'get', 401],
    ['/api/v1/triage/x', {}, '/api/v1/triage/{id}', 'get', 404],
    ['/api/v1/triage?limit=0', {}, '/api/v1/triage', 'get', 400],
    ['/api/v1/alerts', { method: 'POST', body: '{}' }, '/api/v1/alerts', 'post', 400],
    ['/api/v1/changes?limit=0', {}, '/api/v1/changes', 'get', 400],
    [
      '/api/v1/changes',
      {
        method: 'POST',
        body: '[{"kind":"flag","at":"2026-11-23T19:02:00Z","title":"on"},{"kind":"flag","at":"2026-11-23T19:02:00Z"}]',
      },
      '/api/v1/changes',
      'post',
      400,
    ],
    [
      '/api/v1/alerts',
      { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } },
      '/api/v1/alerts',
      'post',
      415,
    ],
  ])('shows %s refused (%#) word for word', async (path, init, described, method, status) => {
    const answer = await vigil.call(path, {
      ...init,
      headers: { 'x-request-id': '01KAS6Q3M8W1T5Z0V4R9XJ2CNB', ...init.headers },
    });
    const problem = await answer.json();
    const { schema, example } = answerOf(described, method, status, 'application/problem+json');
    expect([answer.status, faultsOf(problem, schema!, document)]).toEqual([status, []]);
    expect(problem).toEqual(example);
  });

  it('is served with nothing that reaches out, under a policy that lets only its own scripts run', async () => {
    const page = await fetch(`${vigil.url}/docs`);
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'; script-src 'self'; ");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe/);
    const html = await page.text();
    expect(html).not.toMatch(/<script(?![^>]* src="\.\/docs\/)/);
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    const init = await fetch(`${vigil.url}/docs/swagger-ui-init.js`);
    expect(await init.text()).toContain('"validatorUrl": null');
    for (const answer of [page, init]) expect(answer.headers.get('x-request-id')).toMatch(/^[0-9A-Z]{26}$/);
  });

  it('is not there without the setting', async () => {
    const closed = await startVigilWithWorld({ swagger: 'false' });
    try {
      for (const path of ['/docs', '/docs/', '/docs-json', '/docs/swagger-ui-init.js', '/docs/swagger-ui.css']) {
        const answer = await fetch(closed.url + path);
        expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
          path,
          404,
          'application/problem+json; charset=utf-8',
        ]);
      }
    } finally {
      await closed.stop();
    }
  });
});
