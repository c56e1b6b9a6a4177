import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { LogShipper } from './log-shipper.ts';
import type { LogLevel } from './log-shipper.ts';
import type { ServiceSettings } from './service-settings.ts';

/** One request as a handler sees it. */
export interface Call {
  readonly traceId: string;
}

/** What a handler makes of it: the status, and what the service's log says of it. */
export interface Outcome {
  readonly status: number;
  readonly msg?: string;
  /** Without it: `error` from 500 on, else `info`. */
  readonly level?: LogLevel;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export type Handler = (call: Call) => Promise<Outcome>;

/** A service of the shop, with the metrics and the logs that teams usually have. */
export interface Service {
  readonly registry: Registry;
  readonly log: LogShipper;
  /** Feature flags that are on; `PUT /flags/<name>` with `on` or `off` switches one. */
  readonly flags: ReadonlySet<string>;
}

const DURATION_EDGES_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 2, 5];

/**
 * Serves `POST` routes until SIGTERM.
 * @param flagOff told when a flag was switched off
 */
export function startService(
  settings: ServiceSettings,
  routes: (service: Service) => Readonly<Record<string, Handler>>,
  flagOff: () => void = () => undefined,
): void {
  const registry = new Registry();
  const { name: service, version, revision } = settings;
  const log = new LogShipper(settings.lokiPushUrl, { service, version });
  const flags = new Set<string>();
  const metrics = requestMetrics(registry);
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'build_info',
    help: 'The build that runs.',
    labelNames: ['version', 'revision'],
    registers: [registry],
  })
    .labels(version, revision)
    .set(1);

  const handlers = routes({ registry, log, flags });
  for (const route of Object.keys(handlers)) {
    // From zero: a series that appears with its first error has no rate for that error.
    for (const status of [200, 500, 502, 503]) metrics.requests.labels(route, String(status)).inc(0);
  }

  const switchFlag = async (name: string, request: IncomingMessage): Promise<void> => {
    const on = (await text(request)) === 'on';
    if (on) flags.add(name);
    else flags.delete(name);
    if (!on) flagOff();
    log.log('info', `flag ${name} is ${on ? 'on' : 'off'}`, { flag: name });
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    if (path === '/metrics') {
      response.setHeader('content-type', registry.contentType);
      response.end(await registry.metrics());
      return;
    }
    if (request.method === 'PUT' && path.startsWith('/flags/')) {
      await switchFlag(path.slice('/flags/'.length), request);
      response.writeHead(204).end();
      return;
    }
    const handler = request.method === 'POST' ? handlers[path] : undefined;
    if (!handler) {
      response.writeHead(404).end();
      return;
    }
    const traceId = traceOf(request.headers.traceparent);
    const from = performance.now();
    const { status, msg, level, fields } = await handler({ traceId });
    const seconds = (performance.now() - from) / 1000;
    metrics.requests.labels(path, String(status)).inc();
    metrics.durations.labels(path).observe(seconds);
    log.log(level ?? (status >= 500 ? 'error' : 'info'), msg ?? `POST ${path} ${status}`, {
      trace_id: traceId,
      route: path,
      status,
      duration_ms: Math.round(seconds * 1000),
      ...fields,
    });
    response.writeHead(status).end();
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.log('error', String(error));
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.listen(settings.port, '127.0.0.1', () => log.log('info', `started ${version}`, { revision }));
  process.once('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
    void log.close().then(() => process.exit(0));
  });
}

function requestMetrics(registry: Registry): { requests: Counter; durations: Histogram } {
  return {
    requests: new Counter({
      name: 'http_requests_total',
      help: 'Requests answered.',
      labelNames: ['route', 'status'],
      registers: [registry],
    }),
    durations: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'How long the answers took.',
      labelNames: ['route'],
      buckets: DURATION_EDGES_SECONDS,
      registers: [registry],
    }),
  };
}

/** W3C trace context: `00-<32 hex digits of the trace>-<16 of the span>-<flags>`; the first service of a request begins one. */
function traceOf(traceparent: string | string[] | undefined): string {
  return /^00-([0-9a-f]{32})-/.exec(String(traceparent))?.[1] ?? randomBytes(16).toString('hex');
}
