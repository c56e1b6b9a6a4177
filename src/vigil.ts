import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Logger } from 'pino';
import { AppModule } from './app.module';
import type { Settings } from './config/settings';
import { PublicUrl } from './config/public-url';
import { LogConfig, OpsConfig, ShutdownConfig } from './config/slices';
import { Readiness } from './health/readiness';
import { configureHttp, HTTP_OPTIONS } from './http/http-app';
import { VigilHttpAdapter } from './http/vigil-http-adapter';
import { createLog } from './observability/logs';
import { NestLog } from './observability/nest-log';
import { type Shown, startOpsServer } from './observability/ops-server';
import { startTelemetry } from './observability/telemetry';
import { namingFullDisk } from './persistence/embedded/disk-full';
import { startEmbeddedPostgres } from './persistence/embedded/start-embedded-postgres';
import { migrate } from './persistence/migrate';
import { PortUnusable } from './start-refused';
import { TriageWorker } from './triage/triage-worker';
import { UndoStack } from './undo-stack';

/** The whole program, running. */
export interface RunningVigil {
  /** The chosen ports, also where 0 was asked for. */
  readonly httpPort: number;
  readonly adminPort: number;
  /** Drains and ends it, in order. Once: later calls wait for the first. */
  stop(): Promise<void>;
  /** Running triages are cut and given back at once, now or when `stop` comes to them. */
  skipDrain(): void;
}

/**
 * Ops server, database, its schema, telemetry, application, listener, ready: in this order, and ended in the opposite
 * one. When a step fails the earlier ones are ended before the error is thrown.
 * @param interrupted breaks the start off before its next step: no triage is begun by a process that is to end
 */
export async function startVigil(
  settings: Settings,
  log: Logger = createLog(new LogConfig(settings)),
  interrupted: AbortSignal = new AbortController().signal,
): Promise<RunningVigil> {
  const undo = new UndoStack(log);
  try {
    let ready = async (): Promise<Shown> => ({ status: 'starting' });
    const ops = await startOpsServer(new OpsConfig(settings), () => ready()).catch((error: unknown) => {
      throw new PortUnusable('admin', settings.adminAddress, settings.adminPort, error);
    });
    undo.push('ops server', () => ops.close());

    const databaseUrl = settings.databaseUrl ?? (await embeddedDatabase(settings, undo, log, interrupted));
    interrupted.throwIfAborted();
    await orInterrupted(bringUpToDate(databaseUrl, settings, log), interrupted);
    for (const { name, stop } of await startTelemetry(settings, log)) undo.push(name, stop);
    const http = new VigilHttpAdapter(new ShutdownConfig(settings).afterDrainMs);
    const app = await NestFactory.create(AppModule.forRoot(settings, databaseUrl), http, {
      ...HTTP_OPTIONS,
      logger: new NestLog(log),
    });
    undo.push('application', () => app.close());
    await configureHttp(app);
    const readiness = app.get(Readiness);
    ready = () => readiness.check();
    interrupted.throwIfAborted();
    const httpPort = await listen(app, settings);
    app.get(PublicUrl, { strict: false }).listensOn(httpPort);
    readiness.started();
    log.info({ http_port: httpPort, admin_port: ops.port }, 'listening');

    let stopped: Promise<void> | undefined;
    const stop = (): Promise<void> => {
      readiness.draining();
      return (stopped ??= undo.run());
    };
    const worker = app.get(TriageWorker, { strict: false });
    return { httpPort, adminPort: ops.port, stop, skipDrain: () => worker.skipDrain() };
  } catch (error) {
    // What fails here on top is logged; the first error is the one that tells why.
    await undo.run().catch(() => undefined);
    interrupted.throwIfAborted(); // Ctrl-C ends initdb too: that is no failure of its own
    throw error;
  }
}

async function embeddedDatabase(
  settings: Settings,
  undo: UndoStack,
  log: Logger,
  signal: AbortSignal,
): Promise<string> {
  const postgres = await startEmbeddedPostgres({
    dataDir: settings.dataDir,
    log: (level, message) => log[level]({ context: 'EmbeddedPostgres' }, message),
    signal,
  });
  undo.push('embedded database', () => postgres.stop());
  return postgres.url;
}

async function bringUpToDate(databaseUrl: string, settings: Settings, log: Logger): Promise<void> {
  const run = (): Promise<string[]> => migrate(databaseUrl);
  const isEmbedded = settings.databaseUrl === undefined;
  const migrations = await (isEmbedded ? namingFullDisk(settings.dataDir, run) : run());
  if (migrations.length > 0) log.info({ migrations }, 'the schema was brought up to date');
}

/** A signal does not wait for a database that never answers; what is cut here is rolled back. */
function orInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const interrupted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([work, interrupted]);
}

async function listen(app: INestApplication, { httpAddress, httpPort }: Settings): Promise<number> {
  await app.init();
  try {
    await app.listen(httpPort, httpAddress);
  } catch (error) {
    throw new PortUnusable('http', httpAddress, httpPort, error);
  }
  return ((app.getHttpServer() as Server).address() as AddressInfo).port;
}
