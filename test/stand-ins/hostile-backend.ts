import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';

/** What became of an answer, from the side that sent it. */
export interface Sent {
  /** Handed to the socket so far. */
  readonly bytes: number;
  /** The reader has closed the connection before the answer was whole. */
  readonly hungUp: boolean;
}

/** A backend that means ill: each path is another way to keep its reader busy. */
export interface HostileBackend {
  readonly url: string;
  /** Of the last answer at this path; undefined while it was never asked. */
  sent(path: string): Sent | undefined;
  stop(): Promise<void>;
}

const MEGABYTE = 1024 * 1024;
const BOMB_BYTES = 256 * MEGABYTE;
const CHUNK = Buffer.alloc(64 * 1024, ' ');
const JSON_TYPE = { 'content-type': 'application/json' };

/** `bytes` is counted up while an answer is written. */
interface Counter {
  bytes: number;
  hungUp: boolean;
}
type Way = (response: ServerResponse, counter: Counter, socket: Socket) => void | Promise<void>;

/** Every path that is served, with its fault. */
const WAYS: Readonly<Record<string, Way>> = {
  '/500mb-announced': (response, counter) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': 500 * MEGABYTE });
    return pour(response, counter, 500 * MEGABYTE);
  },
  '/500mb': (response, counter) => {
    response.writeHead(200, JSON_TYPE);
    return pour(response, counter, 500 * MEGABYTE);
  },
  '/500mb-of-html': (response, counter) => {
    response.writeHead(502, { 'content-type': 'text/html' });
    return pour(response, counter, 500 * MEGABYTE);
  },
  '/redirect-with-500mb': (response, counter) => {
    response.writeHead(302, { location: '/login', 'content-type': 'text/html' });
    return pour(response, counter, 500 * MEGABYTE);
  },
  '/endless': (response, counter) => {
    response.writeHead(200, JSON_TYPE);
    return pour(response, counter, Infinity);
  },
  '/gzip-bomb': (response, counter) => whole(response, counter, bomb('gzip'), 'gzip'),
  '/deflate-bomb': (response, counter) => whole(response, counter, bomb('deflate'), 'deflate'),
  '/br-bomb': (response, counter) => whole(response, counter, bomb('br'), 'br'),
  '/gzip-in-gzip-bomb': (response, counter) => whole(response, counter, gzipSync(bomb('gzip')), 'gzip, gzip'),
  '/nested': (response, counter) => whole(response, counter, Buffer.from('['.repeat(4e6) + ']'.repeat(4e6))),
  '/nested-objects': (response, counter) =>
    whole(response, counter, Buffer.from(`${'{"a":'.repeat(1.3e6)}1${'}'.repeat(1.3e6)}`)),
  '/tiny-objects': (response, counter) => whole(response, counter, Buffer.from(`[${'{},'.repeat(2.7e6)}{}]`)),
  '/keys': (response, counter) => whole(response, counter, Buffer.from(manyKeys(700_000))),
  '/drip': (response, counter) => {
    response.writeHead(200, JSON_TYPE);
    return drip(response, counter);
  },
  '/drip-of-headers': (_, counter, socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-slow: ');
    return drip(socket, counter);
  },
  '/no-headers': () => undefined,
  '/length-too-large': (response, counter) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': 1000 });
    counter.bytes += 2;
    response.write('{}');
  },
  '/length-too-small': raw(
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{"status":"success"}',
  ),
  '/length-no-number': raw('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: -7\r\n\r\n{}'),
  '/cut-chunk': raw(
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n50\r\n{"status":"succ',
    'end',
  ),
  '/bad-chunk': raw(
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n',
    'end',
  ),
  '/no-http': raw('SSH-2.0-OpenSSH_9.2\r\n', 'end'),
  '/cut-gzip': (response, counter) =>
    whole(response, counter, gzipSync(`{"data":"${'x'.repeat(9000)}"}`).subarray(0, 30), 'gzip'),
  '/no-gzip': (response, counter) => whole(response, counter, Buffer.from('{"status":"success"}'), 'gzip'),
  '/no-br': (response, counter) => whole(response, counter, Buffer.from('{"status":"success"}'), 'br'),
  '/large-headers': raw(`HTTP/1.1 200 OK\r\nx-large: ${'x'.repeat(100_000)}\r\n\r\n{}`),
};

/** On a free port of 127.0.0.1; whatever is asked below a path is answered like it. */
export async function startHostileBackend(): Promise<HostileBackend> {
  const counters = new Map<string, Counter>();
  const server = createServer((request: IncomingMessage, response) => {
    const path = Object.keys(WAYS).find((way) => request.url!.startsWith(`${way}/`));
    if (path === undefined) return void response.writeHead(200, JSON_TYPE).end('{"status":"success"}');
    const counter: Counter = { bytes: 0, hungUp: false };
    counters.set(path, counter);
    response.on('close', () => (counter.hungUp = !response.writableFinished));
    request.resume();
    void WAYS[path]!(response, counter, request.socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: (path) => counters.get(path),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Blanks, which JSON may begin with, for as long as the reader takes them. */
async function pour(response: ServerResponse, counter: Counter, bytes: number): Promise<void> {
  const closed = new Promise((resolve) => response.once('close', resolve));
  while (counter.bytes < bytes && !response.destroyed) {
    counter.bytes += CHUNK.length;
    if (!response.write(CHUNK)) await Promise.race([new Promise((resolve) => response.once('drain', resolve)), closed]);
  }
  response.end();
}

/** A letter at a time, without end. */
async function drip(to: ServerResponse | Socket, counter: Counter): Promise<void> {
  for (; !to.destroyed; await delay(5)) {
    counter.bytes += 1;
    to.write(' ');
  }
}

function whole(response: ServerResponse, counter: Counter, body: Buffer, encoding?: string): void {
  response.writeHead(200, { ...JSON_TYPE, ...(encoding !== undefined && { 'content-encoding': encoding }) });
  counter.bytes = body.length;
  response.end(body);
}

/** What Node's server would not let anybody write. */
function raw(bytes: string, then?: 'end'): Way {
  return (_, counter, socket) => {
    counter.bytes = bytes.length;
    if (then === 'end') socket.end(bytes);
    else socket.write(bytes);
  };
}

const bombs = new Map<string, Buffer>();

/** Some hundred kilobytes that unpack to 256 MiB of blanks. */
function bomb(encoding: 'gzip' | 'deflate' | 'br'): Buffer {
  const blanks = (): Buffer => Buffer.alloc(BOMB_BYTES, ' ');
  const made =
    bombs.get(encoding) ??
    {
      gzip: () => gzipSync(blanks(), { level: 1 }),
      deflate: () => deflateSync(blanks(), { level: 1 }),
      br: () => brotliCompressSync(blanks(), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
    }[encoding]();
  bombs.set(encoding, made);
  return made;
}

function manyKeys(count: number): string {
  return `{${Array.from({ length: count }, (_, i) => `"${i.toString(36)}a":0`).join(',')}}`;
}
