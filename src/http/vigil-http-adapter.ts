import { createServer, type RequestListener, type Server } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import { answerClientError, MAX_HEADER_BYTES } from './client-error';

/** Node's own are 300 s, 60 s and 30 s: a caller that dribbles would hold its socket for minutes. */
const REQUEST_TIMEOUT_MS = 15_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** Node's own is 30 s: what is over its time is cut so much later at most. */
const CONNECTIONS_CHECK_MS = 1_000;
/** Longer than most proxies keep theirs (60 s), so that they close first and never write into a closed socket. */
const KEEP_ALIVE_MS = 75_000;
/** Above the 4,850 sockets that one Alertmanager was seen to open; below what would exhaust file descriptors. */
const MAX_CONNECTIONS = 10_000;
/** How long answers that are on their way may take once the listener closes; what is still open is cut after it. */
const LONGEST_CLOSE_MS = 3_000;
const CLOSE_POLL_MS = 50;

/** Nest's Express adapter with a server that has time limits and an end. */
export class VigilHttpAdapter extends ExpressAdapter {
  private readonly closeGraceMs: number;

  /**
   * @param afterDrainMs what a shutdown may take after its drain. Callers get half of it at most, silent connections too:
   * the rest is for telemetry and the database
   */
  constructor(afterDrainMs = 2 * LONGEST_CLOSE_MS) {
    super();
    this.closeGraceMs = Math.min(LONGEST_CLOSE_MS, afterDrainMs / 2);
  }

  override initHttpServer(): void {
    const listener = this.getInstance<RequestListener>();
    const server = createServer(
      {
        requestTimeout: REQUEST_TIMEOUT_MS,
        headersTimeout: HEADERS_TIMEOUT_MS,
        connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
        keepAliveTimeout: KEEP_ALIVE_MS,
        maxHeaderSize: MAX_HEADER_BYTES,
        requireHostHeader: false, // our own chain refuses it, with an answer that tells why
      },
      listener,
    );
    server.maxConnections = MAX_CONNECTIONS;
    // Without it Node answers "100 Continue" before anyone has looked at the token.
    server.on('checkContinue', listener);
    // An expectation that nobody knows is no reason to refuse (RFC 9110, 10.1.1 allows both).
    server.on('checkExpectation', listener);
    server.on('clientError', answerClientError);
    this.httpServer = server;
  }

  /** Takes no connection any more, lets running answers end, then cuts what is left: a stream would hang it for ever. */
  override async close(): Promise<void> {
    const server = this.getHttpServer() as Server;
    const idle = setInterval(() => server.closeIdleConnections(), CLOSE_POLL_MS);
    const cut = setTimeout(() => server.closeAllConnections(), this.closeGraceMs);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    clearInterval(idle);
    clearTimeout(cut);
  }
}
