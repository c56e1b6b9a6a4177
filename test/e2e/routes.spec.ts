import { request, type IncomingHttpHeaders } from 'node:http';
import { Client } from 'pg';
import { startVigilWithWorld, type VigilWithWorld } from './vigil-with-world';
import { TOKEN } from './vigil-process';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];
const BEARER = { authorization: `Bearer ${TOKEN}` };

/** What the methods that a path has come to here: nothing is posted, and no triage has this id. */
const ANSWERED: Readonly<Record<string, number>> = {
  'POST /api/v1/alerts': 400,
  'POST /api/v1/changes': 400,
  'GET /api/v1/triage/01KAS6Q3M8W1T5Z0V4R9XJ2CNB': 404,
  'HEAD /api/v1/triage/01KAS6Q3M8W1T5Z0V4R9XJ2CNB': 404,
  'GET /t/01KAS6Q3M8W1T5Z0V4R9XJ2CNB': 403,
  'HEAD /t/01KAS6Q3M8W1T5Z0V4R9XJ2CNB': 403,
  'GET /docs/LICENSE': 404,
  'HEAD /docs/LICENSE': 404,
};

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('Every route with every method', () => {
  let vigil: VigilWithWorld;
  /** The methods of each path, as Express has them. */
  const methodsOf = new Map<string, string[]>();
  beforeAll(async () => {
    vigil = await startVigilWithWorld();
    for (const route of await vigil.routes()) {
      const [method = '', path = ''] = route.split(' ');
      if (path.includes('*')) continue;
      const known = path.replace(/:\w+/, '01KAS6Q3M8W1T5Z0V4R9XJ2CNB');
      methodsOf.set(known, [...(methodsOf.get(known) ?? []), method.toUpperCase()]);
    }
  });
  afterAll(() => vigil.stop());

  /** Node's own client: `fetch` forbids some methods, and mends paths. */
  const ask = (method: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: vigil.port, method, path, headers }, (answer) => {
        let body = '';
        answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, body }));
      });
      sent.on('error', reject).end();
    });
  const problemOf = ({ body }: Answer): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;
  const paths = (): string[] => [...methodsOf.keys()];

  it('is known here', () => {
    expect(paths()).toEqual(
      expect.arrayContaining([
        '/api/v1/alerts',
        '/api/v1/changes',
        '/api/v1/triage',
        '/-/healthy',
        '/-/ready',
        '/docs',
        '/docs-json',
      ]),
    );
  });

  it('is refused under /api/v1 without the token, with one and the same answer (GV-60)', async () => {
    const bodies = new Set<string>();
    const guarded = [...paths().filter((path) => path.startsWith('/api/')), '/api/v1/nothing', '/api/v1'];
    for (const path of guarded) {
      for (const method of METHODS) {
        for (const authorization of ['', 'Bearer wrong']) {
          const answer = await ask(method, path, { authorization, 'x-request-id': 'same' });
          expect([path, method, answer.status, answer.headers['www-authenticate']]).toEqual([
            path,
            method,
            401,
            'Bearer',
          ]);
          if (method !== 'HEAD') bodies.add(answer.body);
        }
      }
    }
    expect(bodies.size).toBe(1);
  });

  it('answers the methods that it has, and names them to all others', async () => {
    for (const [path, own] of methodsOf) {
      const allowed = [...own, ...(own.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort();
      for (const method of METHODS) {
        const answer = await ask(method, path, BEARER);
        const seen = { path, method, status: answer.status, allow: answer.headers.allow };
        if (method === 'OPTIONS') {
          expect(seen).toEqual({ path, method, status: 204, allow: allowed.join(', ') });
        } else if (allowed.includes(method)) {
          expect(seen).toEqual({ path, method, status: ANSWERED[`${method} ${path}`] ?? 200, allow: undefined });
        } else {
          expect(seen).toEqual({ path, method, status: 405, allow: allowed.join(', ') });
          if (method !== 'HEAD')
            expect(problemOf(answer)).toMatchObject({ code: 'http.method_not_allowed', status: 405 });
        }
        if (method === 'HEAD') expect(answer.body).toBe('');
        expect([path, method, answer.headers['x-request-id']]).toEqual([
          path,
          method,
          expect.stringMatching(/^[0-9A-Z]{26}$/),
        ]);
        expect([path, answer.headers['x-content-type-options']]).toEqual([path, 'nosniff']);
        expect([path, answer.headers['x-powered-by']]).toEqual([path, undefined]);
      }
    }
  });

  it('answers HEAD with the headers of GET', async () => {
    for (const [path] of [...methodsOf].filter(([, own]) => own.includes('GET'))) {
      const [get, head] = [await ask('GET', path, BEARER), await ask('HEAD', path, BEARER)];
      const kept = ({ status, headers }: Answer): unknown[] => [
        path,
        status,
        headers['content-type'],
        headers['content-security-policy'],
      ];
      expect(kept(head)).toEqual(kept(get));
    }
  });

  it.each([
    ['/', 404, 'http.not_found'],
    ['/nothing', 404, 'http.not_found'],
    ['//docs', 404, 'http.not_found'],
    ['/t/', 404, 'http.not_found'],
    ['/docs/nothing.js', 404, 'http.not_found'],
    ['/docs/../../package.json', 404, 'http.not_found'],
    ['/docs/%2e%2e%2fpackage.json', 404, 'http.not_found'],
    ['/docs/%00', 404, 'http.not_found'],
    ['/%', 400, 'http.bad_path'],
    ['/%FF', 400, 'http.bad_path'],
    ['/t/%FF', 400, 'http.bad_path'],
    ['/t/%E0%A4%A', 400, 'http.bad_path'],
    ['/api/v1/triage/%C0%AF', 400, 'http.bad_path'],
    ['/api/v1/triage/%00', 404, 'triage.not_found'],
    ['/api/v1/triage/..%2Fx', 404, 'triage.not_found'],
    ['/api/v1/triage/01KAS6Q3M8W1T5Z0V4R9XJ2CNB/x', 404, 'http.not_found'],
  ])('answers %s with %i and a problem (GV-54)', async (path, status, code) => {
    const answer = await ask('GET', path, BEARER);
    expect([answer.status, answer.headers['content-type']]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
    expect(problemOf(answer)).toMatchObject({ status, code, request_id: answer.headers['x-request-id'] });
    expect(answer.body).not.toContain(path.slice(1) || '\u0000');
  });

  it('reads an address of 14,000 characters, and does not repeat it', async () => {
    const answer = await ask('GET', `/api/v1/triage/${'a'.repeat(14_000)}`, BEARER);
    expect(problemOf(answer)).toMatchObject({ status: 404, code: 'triage.not_found' });
    expect(answer.body.length).toBeLessThan(500);
  });

  it('answers 503 and when to ask again while the database cannot answer, on the page too (GV-18)', async () => {
    const blocker = new Client({ connectionString: vigil.databaseUrl });
    await blocker.connect();
    try {
      const link = await vigil.link('01KAS6Q3M8W1T5Z0V4R9XJ2CNB');
      await blocker.query('BEGIN; LOCK TABLE triages IN ACCESS EXCLUSIVE MODE');
      const [one, list, page] = await Promise.all([
        ask('GET', '/api/v1/triage/01KAS6Q3M8W1T5Z0V4R9XJ2CNB', BEARER),
        ask('GET', '/api/v1/triage', BEARER),
        ask('GET', link),
      ]);
      for (const answer of [one, list]) {
        expect(problemOf(answer)).toMatchObject({ status: 503, code: 'db.unavailable' });
      }
      for (const answer of [one, list, page]) {
        expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
        expect(answer.body).not.toMatch(/lock timeout|relation|SELECT|127\.0\.0\.1/);
      }
      expect(page.body).toContain('The page cannot be shown now');
    } finally {
      await blocker.end();
    }
  }, 15_000);
});
