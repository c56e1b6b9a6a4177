import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { register } from 'prom-client';
import type { OpsConfig } from '../config/slices';

const REQUEST_TIMEOUT_MS = 15_000;
const HEADERS_TIMEOUT_MS = 10_000;

/** What `/-/ready` shows: 200 for the status `ready`, else 503. */
export interface Shown {
  readonly status: string;
}

export interface OpsServer {
  /** The chosen one, also where 0 was asked for. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The listener for the inside: up before anything else, so that a start that hangs can be seen, and gone last.
 * @param readiness asked at each call
 */
export async function startOpsServer(config: OpsConfig, readiness: () => Promise<Shown>): Promise<OpsServer> {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS },
    (request, response) => {
      answer(request.url?.split('?')[0], readiness, response).catch(() => sendJson(response, 500, { status: 'error' }));
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(config.adminPort, config.adminAddress, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  path: string | undefined,
  readiness: () => Promise<Shown>,
  response: ServerResponse,
): Promise<void> {
  switch (path) {
    case '/metrics': {
      const figures = await register.metrics();
      response.writeHead(200, { 'content-type': register.contentType }).end(figures);
      return;
    }
    case '/-/healthy':
      sendJson(response, 200, { status: 'healthy' });
      return;
    case '/-/ready': {
      const shown = await readiness();
      sendJson(response, shown.status === 'ready' ? 200 : 503, shown);
      return;
    }
    default:
      sendJson(response, 404, { status: 'not found' });
  }
}

function sendJson(response: ServerResponse, status: number, body: Shown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
