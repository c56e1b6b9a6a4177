import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip } from 'node:zlib';

/** One request as it arrived, whether its parameters came in the URL or as a form. */
export interface BackendRequest {
  readonly method: string;
  readonly path: string;
  readonly params: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly at: Date;
}

export interface BackendAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What goes wrong instead of the answer (`delay`: before it). */
export type BackendFault =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string | Buffer;
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'cut'; readonly body: string }
  | { readonly kind: 'endless'; readonly contentType?: string }
  | { readonly kind: 'gzip_bomb'; readonly bytes: number };

export type FaultFor = (request: BackendRequest) => BackendFault | undefined;

/** A running server: what both stand-ins offer, whatever they answer. */
export interface BackendStandIn {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** Every request, oldest first. */
  readonly journal: readonly BackendRequest[];
  /** Bytes of `endless` bodies handed to the socket so far: shows whether a reader hung up. */
  readonly endlessBytes: number;
  /** Chooses a fault for each request; without an argument all is well again. */
  fault(choose?: FaultFor): void;
  stop(): Promise<void>;
}

const CHUNK = Buffer.alloc(64 * 1024, 'a');

/** Serves `answer` on a free port of 127.0.0.1. */
export async function startBackend(
  answer: (request: BackendRequest) => BackendAnswer | Promise<BackendAnswer>,
): Promise<BackendStandIn> {
  const journal: BackendRequest[] = [];
  let chooseFault: FaultFor | undefined;
  const counter = { endlessBytes: 0 };
  const timers = new Set<NodeJS.Timeout>();

  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const request = await readRequest(req);
    journal.push(request);
    const fault = chooseFault?.(request);
    if (fault?.kind === 'delay') await pause(fault.ms, timers);
    else if (fault) return misbehave(fault, req, res, counter);
    const { status, contentType, body } = await answer(request);
    res.writeHead(status, { 'content-type': contentType }).end(body);
  };

  const server = createServer((req, res) => {
    serve(req, res).catch((error: unknown) => {
      if (!res.headersSent) res.writeHead(500, { 'content-type': 'text/plain' });
      res.end(`stand-in: ${error instanceof Error ? error.message : String(error)}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    journal,
    get endlessBytes() {
      return counter.endlessBytes;
    },
    fault: (choose) => {
      chooseFault = choose;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        for (const timer of timers) clearTimeout(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readRequest(req: IncomingMessage): Promise<BackendRequest> {
  const url = new URL(req.url ?? '/', 'http://stand-in');
  const params = new URLSearchParams(url.search);
  const parts: Buffer[] = [];
  for await (const part of req) parts.push(part as Buffer);
  const form = (req.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  if (form) {
    for (const [name, value] of new URLSearchParams(Buffer.concat(parts).toString('utf8'))) params.append(name, value);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(req.headers)) if (value !== undefined) headers[name] = String(value);
  return { method: req.method ?? 'GET', path: url.pathname, params, headers, at: new Date() };
}

function pause(ms: number, timers: Set<NodeJS.Timeout>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      resolve();
    }, ms);
    timers.add(timer);
  });
}

function misbehave(
  fault: Exclude<BackendFault, { kind: 'delay' }>,
  req: IncomingMessage,
  res: ServerResponse,
  counter: { endlessBytes: number },
): void {
  switch (fault.kind) {
    case 'answer':
      res.writeHead(fault.status, { 'content-type': fault.contentType ?? 'application/json', ...fault.headers });
      res.end(fault.body);
      return;
    case 'redirect':
      res.writeHead(302, { location: fault.location, 'content-type': 'text/html' }).end('<a href="/">Found</a>');
      return;
    case 'hang':
      return;
    case 'reset':
      req.socket.resetAndDestroy();
      return;
    case 'cut':
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': String(fault.body.length + 1000) });
      res.write(fault.body, () => req.socket.destroy());
      return;
    case 'endless':
      res.writeHead(200, { 'content-type': fault.contentType ?? 'application/json' });
      return pourEndlessly(res, counter);
    case 'gzip_bomb':
      res.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      return sendGzipBomb(res, fault.bytes);
  }
}

/** Writes for as long as the reader takes it; stops when it hangs up. */
function pourEndlessly(res: ServerResponse, counter: { endlessBytes: number }): void {
  const pour = (): void => {
    while (!res.destroyed) {
      counter.endlessBytes += CHUNK.length;
      if (!res.write(CHUNK)) {
        res.once('drain', pour);
        return;
      }
    }
  };
  pour();
}

/** `bytes` of one letter, which gzip makes a thousand times smaller. */
function sendGzipBomb(res: ServerResponse, bytes: number): void {
  const gzip = createGzip({ level: 1 });
  gzip.pipe(res);
  res.on('close', () => gzip.destroy());
  let left = bytes;
  const pump = (): void => {
    while (left > 0 && !gzip.destroyed) {
      left -= CHUNK.length;
      if (!gzip.write(CHUNK)) {
        gzip.once('drain', pump);
        return;
      }
    }
    if (!gzip.destroyed) gzip.end();
  };
  pump();
}
