import { connect } from 'node:net';
import { rawRequest } from './raw-request';
import { type ShellApp, startShellApp } from './shell-app';

let shell: ShellApp;
beforeAll(async () => (shell = await startShellApp()));
afterAll(() => shell.close());

/** What came back for these bytes: status, headers, and the problem that says why. */
async function answered(bytes: string): Promise<{ status: number; head: string; problem: Record<string, unknown> }> {
  const { head: text } = await rawRequest(shell.port, bytes);
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    head,
    problem: JSON.parse(body) as Record<string, unknown>,
  };
}

describe('What is no request that a handler could see', () => {
  const LONG = 'a'.repeat(20_000);
  it.each([
    ['an address of 20,000 characters', `GET /${LONG} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, 'http.headers_too_large'],
    [
      'a header of 20,000 characters',
      `GET /open HTTP/1.1\r\nHost: x\r\nX-Long: ${LONG}\r\n\r\n`,
      431,
      'http.headers_too_large',
    ],
    [
      'a token of 20,000 characters',
      `GET /api/v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${LONG}\r\n\r\n`,
      431,
      'http.headers_too_large',
    ],
    ['no HTTP at all', 'HELLO\r\n\r\n', 400, 'http.not_http'],
    [
      'two lengths',
      'POST /open HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'http.not_http',
    ],
    ['a header with a line end in it', 'GET /open HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n', 400, 'http.not_http'],
    ['no host', 'GET /open HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'http.no_host'],
  ])('is answered with a problem and an id: %s', async (_what, bytes, status, code) => {
    const { head, problem, ...answer } = await answered(bytes);
    expect(answer.status).toBe(status);
    expect(problem).toMatchObject({ status, code, detail: expect.any(String) });
    expect(head).toContain(`x-request-id: ${String(problem.request_id)}`);
    expect(head).toMatch(/content-type: application\/problem\+json/i);
    expect(head).toMatch(/connection: close/i);
    expect(JSON.stringify(problem)).not.toContain('aaaa');
  });

  it('does not stop one that expects what nobody knows, or that speaks HTTP/1.0', async () => {
    const expects = 'GET /open HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nConnection: close\r\n\r\n';
    expect((await rawRequest(shell.port, expects)).head).toMatch(/^HTTP\/1\.1 200 /);
    expect((await rawRequest(shell.port, 'GET /open HTTP/1.0\r\n\r\n')).head).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('leaves the others alone: a client that breaks off harms nobody', async () => {
    for (const bytes of ['GET /open HT', 'POST /open HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nx', '\u0000']) {
      const socket = connect(shell.port, '127.0.0.1');
      await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
      socket.resetAndDestroy();
    }
    expect((await fetch(`${shell.url}/open`)).status).toBe(200);
  });
});
