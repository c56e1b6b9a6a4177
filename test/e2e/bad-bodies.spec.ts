import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../database/create-test-database';
import { rawRequest } from '../http/raw-request';
import { until } from '../until';
import { type StandIns, startStandIns, webhookOf } from './stand-ins';
import { startVigilProcess, TOKEN, type VigilProcess } from './vigil-process';
import type { AdmittedBody } from './vigil-in-process';

const MIB = 1024 * 1024;
const ALERTS = '/api/v1/alerts';
const IDLE_SOCKETS = 2_000;
/**
 * Below the 511 that Node lets wait for accept: beyond it the kernel forgets a connection that its client takes for open,
 * and nobody would ever close it.
 */
const AT_ONCE = 250;
const BOUNDS_MS = { headers: 10_000, request: 15_000, check: 1_000 };

let world: StandIns;
let database: TestDatabase;
let sql: Client;
let vigil: VigilProcess;
let port: number;
let good = 0;

beforeAll(async () => {
  world = await startStandIns(() => ({ fault: 'hang' }));
  database = await createTestDatabase();
  sql = new Client({ connectionString: database.url });
  await sql.connect();
  vigil = await startVigilProcess({ ...world.settings, database_url: database.url, drain_seconds: '0' });
  port = Number(new URL(vigil.url).port);
});
afterAll(async () => {
  await vigil.signal('SIGKILL');
  await world.stop();
  await sql.end();
  await database.drop();
});

type Body = string | Buffer | ReadableStream;
const send = (body: Body, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(vigil.url + ALERTS, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof ReadableStream ? body : new Uint8Array(body),
    duplex: 'half',
  } as RequestInit);
const count = async (table: 'firings' | 'quarantine'): Promise<number> =>
  (await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]!.n;
/** A request beside the bad one: the process lives, and nobody else notices. */
const expectGoodRequestServed = async (): Promise<void> => {
  good += 1;
  const answer = await send(webhookOf(`good-${good}`));
  expect([answer.status, ((await answer.json()) as AdmittedBody).alerts[0]!.decision]).toEqual([202, 'queued']);
};
const figure = async (name: string): Promise<number> => {
  const text = await (await fetch(`${vigil.adminUrl}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length),
  );
};
const chunked = (bytes: number): ReadableStream => {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(new Uint8Array(Math.min(left, 64 * 1024)).fill(0x20));
      left -= 64 * 1024;
    },
  });
};
const keys = (n: number): string => Array.from({ length: n }, (_, i) => `"k${i}":"v"`).join(',');
const padded = (bytes: number): string => `{"alerts":[],"padding":"${'x'.repeat(bytes)}"}`;

interface BadBody {
  readonly body: () => Body;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code: string;
  readonly reason: string;
}

const json = (body: string, code: string, reason = 'bad_body'): BadBody => ({
  body: () => body,
  status: 400,
  code,
  reason,
});
const BAD: Readonly<Record<string, BadBody>> = {
  'no JSON': json('alerts: []', 'http.body_not_json', 'not_json'),
  'half a JSON object': json('{"alerts":[', 'http.body_not_json', 'not_json'),
  'NUL bytes': json('\u0000\u0000', 'http.body_not_json', 'not_json'),
  nothing: json('', 'webhook.not_an_object'),
  'an array': json('[]', 'webhook.not_an_object'),
  'no alerts': json('{}', 'webhook.no_alerts'),
  'another version': json('{"version":"5","alerts":[]}', 'webhook.unknown_version'),
  '20,000 levels': json(`{"alerts":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'webhook.too_deep'),
  '1,000,000 keys': json(`{"alerts":[],"x":{${keys(1_000_000)}}}`, 'webhook.too_many_keys'),
  '100,000 labels in one alert': json(
    `{"alerts":[{"status":"firing","labels":{${keys(100_000)}}}]}`,
    'webhook.too_many_keys',
  ),
  'three million empty alerts': json(`{"alerts":[${'{},'.repeat(3_000_000)}{}]}`, 'webhook.too_many_keys'),
  'more alerts than fit into a request': json(`{"alerts":[${'0,'.repeat(400_000)}0]}`, 'webhook.too_many_alerts'),
  '17 MB, said at once': {
    body: () => padded(17 * MIB),
    status: 413,
    code: 'http.body_too_large',
    reason: 'too_large',
  },
  '17 MB in chunks': { body: () => chunked(17 * MIB), status: 413, code: 'http.body_too_large', reason: 'too_large' },
  'a gzip bomb': {
    body: () => gzipSync(padded(200 * MIB)),
    headers: { 'content-encoding': 'gzip' },
    status: 413,
    code: 'http.body_too_large',
    reason: 'too_large',
  },
  'gzip that is none': {
    body: () => '{"alerts":[]}',
    headers: { 'content-encoding': 'gzip' },
    status: 400,
    code: 'http.body_not_compressed',
    reason: 'not_json',
  },
  'Brotli that is none': {
    body: () => '{"alerts":[]}',
    headers: { 'content-encoding': 'br' },
    status: 400,
    code: 'http.body_not_compressed',
    reason: 'not_json',
  },
  'zstd that is none': {
    body: () => '{"alerts":[]}',
    headers: { 'content-encoding': 'zstd' },
    status: 400,
    code: 'http.body_not_compressed',
    reason: 'not_json',
  },
  'another content type': {
    body: () => '{"alerts":[]}',
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'http.not_json',
    reason: 'not_json',
  },
  'a wrong token': {
    body: () => '{"alerts":[]}',
    headers: { authorization: 'Bearer wrong' },
    status: 401,
    code: 'auth.token_required',
    reason: 'unauthorized',
  },
};

describe('A webhook body that cannot be taken', () => {
  it.each(Object.entries(BAD))(
    'is refused whole, as problem+json: %s (F53, F54, GV-54)',
    async (_, { body, headers, status, code, reason }) => {
      const series = `vigil_webhook_rejected_total{reason="${reason}"}`;
      const [stored, refused] = [await count('firings'), await figure(series)];
      const answer = await send(body(), headers);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(await answer.json()).toMatchObject({ status, code });
      expect([await count('firings'), await count('quarantine')]).toEqual([stored, 0]);
      await until('the refusal is counted', async () => (await figure(series)) === refused + 1);
      await expectGoodRequestServed();
    },
  );

  it('is told that it is too large each time, not cut off while it is still sent', async () => {
    const body = padded(17 * MIB);
    for (let i = 0; i < 10; i += 1) expect((await send(body)).status).toBe(413);
  });

  it('is refused with a wrong token before its first byte is sent (GV-12)', async () => {
    const head = `POST ${ALERTS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong\r\nContent-Length: 1000000\r\n\r\n`;
    const { head: answer, closed } = await rawRequest(port, head);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(closed).toBe(true);
  });

  it('is forgotten when it is cut short', async () => {
    const series = 'vigil_webhook_rejected_total{reason="incomplete"}';
    const [stored, refused] = [await count('firings'), await figure(series)];
    const body = webhookOf('cut-short');
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `POST ${ALERTS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, -1)}`,
    );
    setTimeout(() => socket.destroy(), 50);
    await until('the refusal is counted', async () => (await figure(series)) === refused + 1);
    expect(await count('firings')).toBe(stored);
    await expectGoodRequestServed();
  });

  it('comes too slowly: it is cut in time, and others are answered meanwhile (F57)', async () => {
    const head = `POST ${ALERTS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n`;
    const slowBody = dribble(`${head}Content-Length: 1000\r\n\r\n`, '{');
    const slowHeaders = dribble(head, 'X');
    const sockets = [slowBody, slowHeaders];
    for (let i = 0; i < IDLE_SOCKETS; i += AT_ONCE) {
      sockets.push(...Array.from({ length: AT_ONCE }, () => dribble('', '')));
      await rawRequest(port, 'GET /-/healthy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'); // accepted after them
    }
    const waits: number[] = [];
    const ended = Promise.all(sockets.map(({ closedAfterMs }) => closedAfterMs));
    let over = false;
    void ended.then(() => (over = true));
    while (!over) {
      const begun = performance.now();
      await expectGoodRequestServed();
      waits.push(performance.now() - begun);
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 250))]);
    }
    const slackMs = 2_000 + BOUNDS_MS.check;
    expect(await slowBody.closedAfterMs).toBeLessThan(BOUNDS_MS.request + slackMs);
    expect(await slowHeaders.closedAfterMs).toBeLessThan(BOUNDS_MS.headers + slackMs);
    expect(Math.max(...waits)).toBeLessThan(BOUNDS_MS.headers); // nobody waits until the slow ones are cut
  }, 40_000);

  it('costs no memory that stays', async () => {
    const rss = (): Promise<number> => figure('process_resident_memory_bytes');
    const before = await rss();
    const hostile = ['1,000,000 keys', '17 MB in chunks', 'a gzip bomb', 'three million empty alerts'] as const;
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(
        hostile.map(async (name) => {
          const { body, headers, status } = BAD[name]!;
          const answer = await send(body(), headers);
          expect([name, answer.status]).toEqual([name, status]);
          await answer.arrayBuffer();
        }),
      );
    }
    await until('the memory is given back', async () => (await rss()) < before + 200 * MIB, 15_000);
  }, 40_000);

  it('is in no line of the log (GV-58)', () => {
    const log = vigil.log.join('\n');
    for (const text of ['k99', 'padding', 'too many errors', 'alerts: []', TOKEN]) expect(log).not.toContain(text);
    expect(vigil.log.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
  });
});

describe('A webhook body with strange text in it', () => {
  const labelsSeen = async (id: string): Promise<string> => (await vigil.call(`/api/v1/triage/${id}`)).text();

  it.each([
    ['NUL', '"a\\u0000b"', '"a\ufffdb"'],
    ['a lone surrogate', '"a\\ud800b"', '"a\ufffdb"'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0x61, 0xff, 0x62, 0x22]), '"a\ufffdb"'],
    ['characters that reorder', '"a\\u202eb"', '"ab"'],
  ])('is taken, and stored clean: %s (F55)', async (name, value, stored) => {
    const [before, after] = webhookOf(`strange ${name}`).split('"payments"') as [string, string];
    const answer = await send(Buffer.concat([Buffer.from(before), Buffer.from(value), Buffer.from(after)]));
    expect(answer.status).toBe(202);
    const { accepted } = (await answer.json()) as AdmittedBody;
    expect(await labelsSeen(accepted[0]!)).toContain(`"service":${stored}`);
  });

  it('is taken with labels that are called like parts of an object', async () => {
    const labels = '{"__proto__":"x","constructor":"y","toString":"z","alertname":"A"}';
    const answer = await send(`{"alerts":[{"status":"firing","fingerprint":"proto","labels":${labels}}]}`);
    const { accepted } = (await answer.json()) as AdmittedBody;
    const text = await labelsSeen(accepted[0]!);
    for (const pair of ['"__proto__":"x"', '"constructor":"y"', '"toString":"z"']) expect(text).toContain(pair);
    await expectGoodRequestServed();
  });

  it('sets one alert aside and takes its neighbours (F53)', async () => {
    const body = JSON.parse(webhookOf('neighbour')) as { alerts: unknown[] };
    body.alerts.unshift({ status: 'firing', labels: { alertname: 'a\u0000' }, startsAt: 'yesterday' });
    const answer = await send(JSON.stringify(body));
    expect(((await answer.json()) as AdmittedBody).alerts.map(({ decision }) => decision)).toEqual([
      'quarantined',
      'queued',
    ]);
    expect(await count('quarantine')).toBe(1);
  });
});

/** Sends a beginning, then a byte each second, until the other side closes. */
function dribble(beginning: string, byte: string): { readonly closedAfterMs: Promise<number> } {
  const begun = performance.now();
  const socket: Socket = connect(port, '127.0.0.1', () => socket.write(beginning));
  socket.on('error', () => undefined);
  socket.resume();
  const timer = byte ? setInterval(() => socket.write(byte), 1_000) : undefined;
  return {
    closedAfterMs: new Promise((resolve) =>
      socket.once('close', () => {
        clearInterval(timer);
        resolve(performance.now() - begun);
      }),
    ),
  };
}
