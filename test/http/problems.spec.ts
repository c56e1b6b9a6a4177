import { gzipSync } from 'node:zlib';
import { bearer, MAX_BODY_BYTES, type ShellApp, startShellApp } from './shell-app';
import { rawRequest } from './raw-request';

let shell: ShellApp;
beforeAll(async () => (shell = await startShellApp()));
afterAll(() => shell.close());

const json = { ...bearer(), 'content-type': 'application/json' };

async function ask(path: string, init: RequestInit = {}): Promise<{ answer: Response; body: Record<string, unknown> }> {
  const answer = await fetch(shell.url + path, { headers: bearer(), ...init });
  return { answer, body: (await answer.json()) as Record<string, unknown> };
}

const post = (body: RequestInit['body'], headers: Record<string, string> = json): ReturnType<typeof ask> =>
  ask('/api/v1/things', { method: 'POST', headers, body });

describe('an error is answered as problem+json', () => {
  it('with exactly the members that the contract names', async () => {
    const { answer, body } = await ask('/nowhere', { headers: { 'x-request-id': 'abc-1' } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'There is no such path.',
      code: 'http.not_found',
      request_id: 'abc-1',
    });
  });

  it.each([
    ['rejected', 410, 'link.expired', 'The link has expired.'],
    ['unavailable', 503, 'database.down', 'The database is away.'],
    ['defect', 500, 'internal', expect.stringContaining('request id')],
    ['unknown', 500, 'internal', expect.stringContaining('request id')],
    ['framework', 500, 'internal', expect.stringContaining('request id')],
  ])('when it is %s, with %i and %s, and nothing of what failed inside (GV-18)', async (how, status, code, detail) => {
    const { answer, body } = await ask(`/api/v1/things/failing/${how}`);
    expect(answer.status).toBe(status);
    expect(body).toMatchObject({ status, code, detail });
    expect(JSON.stringify(body)).not.toMatch(/secret-host|\.ts|\bat\b.*\(/);
    expect(answer.headers.get('retry-after')).toBe(how === 'unavailable' ? '8' : null);
  });

  it('without reading a body where nobody needs a token', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(MAX_BODY_BYTES) });
    const headers = { 'content-type': 'application/json' };
    const { answer } = await ask('/open', { method: 'POST', headers, body });
    expect(answer.status).toBe(405);
    expect((await ask('/nowhere', { method: 'POST', headers, body: '{' })).answer.status).toBe(404);
  });

  it('with 405 and the methods that the path takes', async () => {
    const { answer, body } = await ask('/api/v1/things', { method: 'DELETE' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
    expect(body).toMatchObject({ code: 'http.method_not_allowed' });
  });

  it.each([
    ['{"a":', 'http.body_not_json'],
    ['"text"', 'http.body_not_json'],
    ['{"password":hunter2}', 'http.body_not_json'],
  ])('with 400 for the body %s, without repeating it', async (text, code) => {
    const { answer, body } = await post(text);
    expect(answer.status).toBe(400);
    expect(body).toMatchObject({ code });
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('with 400 and each invalid field', async () => {
    const { answer, body } = await ask('/api/v1/things?limit=201&extra=1');
    expect(answer.status).toBe(400);
    expect(body).toMatchObject({
      code: 'http.invalid_input',
      errors: expect.arrayContaining([
        'limit must not be greater than 200',
        '"extra" is not known here: there are limit',
      ]),
    });
  });

  it('with 400 for a path that is wrongly encoded', async () => {
    const { answer, body } = await ask('/api/v1/things/failing/%FF');
    expect([answer.status, body['code']]).toEqual([400, 'http.bad_path']);
  });

  it('with 413 before a body that is announced too large is sent', async () => {
    const head = `POST /api/v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer dev-token\r\nConnection: close\r\nContent-Length: 99999999\r\n\r\n`;
    expect((await rawRequest(shell.port, head)).head).toMatch(/^HTTP\/1\.1 413 [\s\S]*"http\.body_too_large"/);
  });

  it('with 413 for a body that turns out too large, also when it was compressed', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(MAX_BODY_BYTES) });
    const stream = new ReadableStream({
      start(controller): void {
        controller.enqueue(new TextEncoder().encode(large));
        controller.close();
      },
    });
    const chunked = await fetch(`${shell.url}/api/v1/things`, {
      method: 'POST',
      headers: json,
      body: stream,
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(413);
    expect((await post(gzipSync(large), { ...json, 'content-encoding': 'gzip' })).answer.status).toBe(413);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1'])(
    'with 415 for the content type %s',
    async (contentType) => {
      const { answer, body } = await post('{}', { ...bearer(), 'content-type': contentType });
      expect([answer.status, body['code']]).toEqual([415, 'http.not_json']);
    },
  );
});

it('takes a body without a content type as JSON', async () => {
  const head = `POST /api/v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer dev-token\r\nConnection: close\r\nContent-Length: 7\r\n\r\n{"a":1}`;
  expect((await rawRequest(shell.port, head)).head).toMatch(/^HTTP\/1\.1 202 [\s\S]*\{"took":\{"a":1\}\}$/);
});

describe('every answer', () => {
  it('carries the request id that was sent, when that is harmless', async () => {
    const { answer } = await ask('/api/v1/things?limit=1', { headers: { ...bearer(), 'x-request-id': 'am-1:2.3' } });
    expect(answer.headers.get('x-request-id')).toBe('am-1:2.3');
  });

  it.each(['', 'a b', 'x'.repeat(65), '"}{'])('carries an id of its own when %j was sent', async (id) => {
    const { answer } = await ask('/open', { headers: { 'x-request-id': id } });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9A-Z]{26}$/);
  });

  it('tells browsers to load nothing and says nothing about the server', async () => {
    const { headers } = (await ask('/open')).answer;
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('etag')).toBeNull();
  });
});

describe('the log', () => {
  async function lineOf(id: string): Promise<Record<string, unknown>> {
    for (const deadline = Date.now() + 2000; Date.now() < deadline;) {
      const lines = shell.logLines().filter((line) => line['request_id'] === id);
      if (lines.length > 1) throw new Error(`more than one line: ${JSON.stringify(lines)}`);
      if (lines[0]) return lines[0];
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error(`no log line of request ${id}`);
  }

  it('has one line a request, with no query in it', async () => {
    await ask('/api/v1/things?limit=7&k=the-key', { headers: { ...bearer(), 'x-request-id': 'logged-1' } });
    const line = await lineOf('logged-1');
    expect(line).toMatchObject({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      level: 'info',
      msg: 'request',
      method: 'GET',
      route: '/api/v1/things',
      path: '/api/v1/things',
      status: 400,
      duration_ms: expect.any(Number),
      code: 'http.invalid_input',
      caller: 'api-token',
    });
    expect(JSON.stringify(line)).not.toMatch(/the-key|dev-token/);
  });

  it.each([
    ['rejected', 'info'],
    ['unavailable', 'warn'],
    ['unknown', 'error'],
  ])('tells of a request that is %s as %s, with the error where it is not the caller’s', async (how, level) => {
    const id = `logged-${how}`;
    await ask(`/api/v1/things/failing/${how}`, { headers: { ...bearer(), 'x-request-id': id } });
    const line = await lineOf(id);
    expect(line).toMatchObject({ level, msg: 'request' });
    expect('err' in line).toBe(how !== 'rejected');
    expect(JSON.stringify(line).includes('"stack"')).toBe(how === 'unknown');
  });

  it('tells of a request that the token gate refused', async () => {
    await ask('/api/v1/things', { headers: { ...bearer('wrong-secret'), 'x-request-id': 'refused-1' } });
    const line = await lineOf('refused-1');
    expect(line).toMatchObject({ status: 401, code: 'auth.token_required' });
    expect(JSON.stringify(shell.logLines())).not.toContain('wrong-secret');
  });
});

it('describes the API with the token and its refusals', async () => {
  const { body } = await ask('/docs-json');
  expect(body).toMatchObject({
    info: { title: 'Vigil' },
    components: { securitySchemes: { bearer: { scheme: 'bearer' } } },
  });
  const paths = body['paths'] as Record<string, Record<string, { security?: unknown; responses: object }>>;
  expect(paths['/api/v1/things']?.['post']).toMatchObject({
    security: [{ bearer: [] }],
    responses: { 401: {}, 403: {} },
  });
  expect(paths['/open']?.['get']?.security).toBeUndefined();
  expect((await fetch(`${shell.url}/docs`)).headers.get('content-type')).toContain('text/html');
});
