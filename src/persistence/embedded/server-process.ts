import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster';
import { EmbeddedPostgresUnusable } from './embedded-postgres-errors';
import { findServer, notedServer, type RunningServer } from './running-server';
import { commandAs, type ServerAccount } from './server-account';

/** How long a server may recover from a crash before the start is given up; in milliseconds. */
const RECOVERY_MS = 120_000;
/** After this a fast shutdown is followed by an immediate one, and that by giving up; in milliseconds. */
const STOP_MS = 10_000;
const POLL_MS = 30;
/** Above this size the log of the last starts is put aside; in bytes. */
const MAX_LOG_BYTES = 4 * 1024 * 1024;

/**
 * How a launch ended. `overtaken`: a server that another process launched at the same time answers instead.
 * `exited`: ours ended by itself; the tail of its log says why.
 */
export type Launch = { kind: 'running' | 'overtaken'; server: RunningServer } | { kind: 'exited'; logTail: string };

/** What a start of the server needs to know. */
export interface LaunchPlan {
  readonly postgres: string;
  readonly account: ServerAccount;
  readonly fsync: boolean;
  readonly maxConnections: number;
  /** Absent: any free one. */
  readonly port?: number;
}

/**
 * Starts the cluster's server in a session of its own: neither Ctrl-C nor our death ends it.
 * @param signal ends one that is still coming up
 */
export async function launchServer(cluster: Cluster, plan: LaunchPlan, signal: AbortSignal): Promise<Launch> {
  const settings = [
    `port=${plan.port ?? (await freePort())}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${plan.maxConnections}`,
    `fsync=${plan.fsync ? 'on' : 'off'}`,
    'timezone=UTC',
    'log_timezone=UTC',
    'log_checkpoints=off', // two lines every five minutes, for nobody
    'log_error_verbosity=terse', // DETAIL would carry values of rows
  ];
  const args = ['-D', cluster.pgData, ...settings.flatMap((setting) => ['-c', setting])];
  const { command, args: rest, options } = commandAs(plan.account, plan.postgres, args);
  await putLargeLogAside(cluster.logFile);
  const log = await open(cluster.logFile, 'a', 0o600);
  const logStart = (await log.stat()).size;
  const child = spawn(command, rest, { ...options, detached: true, stdio: ['ignore', log.fd, log.fd] });
  let ended = false;
  child.once('exit', () => (ended = true));
  child.once('error', () => (ended = true));
  await log.close();
  child.unref();
  const end = (): boolean => child.kill('SIGINT');
  signal.addEventListener('abort', end, { once: true });
  const server = await firstAnswer(cluster, () => ended);
  signal.removeEventListener('abort', end);
  if (server) return { kind: server.pid === child.pid ? 'running' : 'overtaken', server };
  return { kind: 'exited', logTail: await tail(cluster.logFile, logStart) };
}

async function firstAnswer(cluster: Cluster, ended: () => boolean): Promise<RunningServer | undefined> {
  const deadline = Date.now() + RECOVERY_MS;
  while (!ended()) {
    const state = await findServer(cluster);
    if (state.kind === 'running') return state.server;
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresUnusable(
        'database.embedded_slow_start',
        `the bundled Postgres has been recovering for ${RECOVERY_MS / 1000} s and still does not answer: ` +
          `it goes on by itself; read ${cluster.logFile}, then start Vigil again`,
      );
    }
    await sleep(POLL_MS);
  }
  return undefined;
}

/**
 * Ends the server: SIGINT (open transactions are rolled back, everything is written), after 10 s SIGQUIT (the next start
 * recovers). Resolves when it has gone.
 */
export async function endServer(cluster: Cluster, server: RunningServer): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if ((await notedServer(cluster))?.pid !== server.pid) return; // another one by now: not ours to end
    if (!sendSignal(server.pid, signal)) return;
    if (await goneWithin(cluster, server, STOP_MS)) return;
  }
  throw new EmbeddedPostgresUnusable(
    'database.embedded_does_not_stop',
    `the bundled Postgres (process ${server.pid}) does not stop: read ${cluster.logFile}, and end it by hand`,
  );
}

async function goneWithin(cluster: Cluster, server: RunningServer, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    // Its last act is to take its file away. The process table alone would show an adopted server that nobody reaps.
    const noted = await notedServer(cluster);
    if (noted?.pid !== server.pid || !sendSignal(server.pid, 0)) return true;
    await sleep(POLL_MS);
  }
  return false;
}

function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // no such process
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function putLargeLogAside(logFile: string): Promise<void> {
  const size = await stat(logFile).then(
    (log) => log.size,
    () => 0,
  );
  if (size > MAX_LOG_BYTES) await rename(logFile, `${logFile}.1`);
}

async function tail(logFile: string, from: number): Promise<string> {
  const log = await readFile(logFile);
  return log.subarray(from).toString('utf8').trim().split('\n').slice(-8).join('\n');
}
