import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTlsFront } from '../stand-ins/tls-front.ts';
import { CANARIES, examined, troublesIn } from './installation';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** @returns its URL */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers everything in one way. */
const always =
  (status: number, body: object | string, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_request, response) => {
    const type = typeof body === 'string' ? 'text/plain' : 'application/json';
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
const vector = (result: object[]): RequestListener =>
  always(200, { status: 'success', data: { resultType: 'vector', result } });
const SERIES = { metric: {}, value: [1, '3'] };

/** A port at which nobody listens. */
async function closedPort(): Promise<string> {
  const url = await serve(always(200, ''));
  await stops.pop()!();
  return url;
}

/** An installation in which all else is well, and its database is not there. */
async function troubles(given: Readonly<Record<string, string>>): Promise<{ names: string[]; text: string }> {
  const findings = await examined({
    claude_api_key: 'canary-token',
    claude_base_url: given.claude_base_url ?? (await serve(always(200, {}))),
    prometheus_endpoint: given.prometheus_endpoint ?? (await serve(vector([SERIES]))),
    database_url: 'postgres://u:canary-webhook@127.0.0.1:1/v',
    ...given,
  });
  const text = JSON.stringify(findings);
  for (const canary of CANARIES) expect(text).not.toContain(canary);
  return { names: troublesIn(findings).filter((name) => name !== 'bad database-unreachable'), text };
}

describe('The doctor asks the model’s API for nothing that costs money, and tells', () => {
  const ofModel = { error: { type: 'not_found_error', message: 'model: claude-opus-9' }, type: 'error' };
  it.each([
    ['a key that is taken', always(200, {}), [], 'takes the key and knows'],
    ['a gateway that lists no models', always(404, 'no such page'), [], 'can be reached'],
    ['a model that is not known', always(404, ofModel), ['bad model-refuses'], 'does not know the model'],
    ['a key that is not', always(401, { error: 'canary-token' }), ['bad model-refuses'], 'does not know the key (401)'],
    ['a redirect', always(302, '', { location: '/login' }), ['bad model-refuses'], '(302)'],
    ['an overload', always(529, {}), ['look model-struggles'], '(529)'],
  ])('%s', async (_state, answer, names, words) => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(`${request.method} ${request.url} ${String(request.headers['x-api-key'])}`);
      answer(request, response);
    });
    const found = await troubles({ claude_base_url: url });
    expect(found.names).toEqual(names);
    expect(found.text).toContain(words);
    expect(asked).toEqual(['GET /v1/models/claude-sonnet-5-5 canary-token']);
  });
});

describe('The doctor tells apart', () => {
  it('a refused connection, an unknown name, a certificate, credentials and an empty answer', async () => {
    const tls = await startTlsFront(await serve(always(200, {})));
    stops.push(() => tls.stop());
    const refused = await closedPort();
    const first = await troubles({
      claude_base_url: refused,
      prometheus_endpoint: refused,
      loki_endpoint: `https://localhost:${tls.port}`,
      alertmanager_endpoint: 'http://nowhere.invalid',
      slack_webhook_url: `${refused}/services/canary-webhook`,
    });
    expect(first.names).toEqual([
      'bad model-unreachable',
      ...Array.from({ length: 3 }, () => 'bad backend-unreachable'),
      'bad slack-unreachable',
    ]);
    expect(first.text).toContain('Prometheus gave no answer: the connection was refused.');
    expect(first.text).toContain('Loki gave no answer: its certificate is not accepted');
    expect(first.text).toMatch(/Alertmanager gave no answer: its name (is not known|could not be looked up)\./);

    const second = await troubles({
      prometheus_endpoint: await serve(vector([])),
      loki_endpoint: await serve(always(401, 'no org id')),
      alertmanager_endpoint: await serve(always(403, 'Authorization: canary-bearer')),
    });
    expect(second.names).toEqual(['look backend-empty', 'bad backend-unreachable', 'bad backend-unreachable']);
    expect(second.text).toContain('Set loki-tenant-id');
    expect(second.text).toContain('Alertmanager refuses the credentials (403).');
    expect(second.text).not.toContain('No other query');
  });

  it('those who never answer, all within one limit', async () => {
    const hangs = await serve(() => undefined);
    const startedMs = performance.now();
    const found = await troubles({
      claude_base_url: hangs,
      prometheus_endpoint: hangs,
      loki_endpoint: hangs,
      alertmanager_endpoint: hangs,
      slack_webhook_url: `${hangs}/services/x`,
      admin_address: '127.0.0.1',
      admin_port: new URL(hangs).port,
    });
    expect(found.names).toEqual([
      'bad not-running',
      'bad model-unreachable',
      ...Array.from({ length: 3 }, () => 'bad backend-unreachable'),
      'bad slack-unreachable',
    ]);
    expect(performance.now() - startedMs).toBeLessThan(12_000);
  });
});

describe('At the ops port the doctor finds', () => {
  it.each([
    ['a Vigil that is ready', always(200, { status: 'ready' }), []],
    ['one that starts', always(503, { status: 'starting' }), ['look starting-or-draining']],
    ['one without its database', always(503, { status: 'failing', failing: ['database'] }), ['bad not-ready']],
    ['another program', always(200, '<html>'), ['bad port-of-another']],
  ])('%s', async (_state, answer, names) => {
    const { port } = new URL(await serve(answer));
    expect((await troubles({ admin_port: port })).names).toEqual(names);
  });
});
