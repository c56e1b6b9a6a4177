import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { STAND_IN_KEY } from '../test/stand-ins/anthropic.ts';
import { BenchStopped } from './bench.ts';
import type { BenchContext } from './bench.ts';

const PROGRAM = join(import.meta.dirname, '..', 'dist', 'main.js');
export const TOKEN = 'bench-token';

const START_MS = 60_000;
const STOP_MS = 30_000;
const POLL_MS = 5;

/** The built service as a process of its own. */
export interface VigilProcess {
  readonly pid: number;
  readonly url: string;
  readonly opsUrl: string;
  /** From its spawn to its word that it listens, in milliseconds. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

/** `VIGIL_*` without the prefix, in lower case. */
export type VigilSettings = Readonly<Record<string, string>>;

/** Its log goes to a file, as it would to a collector: whoever read it line by line would compete for the processor. */
export async function startVigil(context: BenchContext, settings: VigilSettings): Promise<VigilProcess> {
  if (!existsSync(PROGRAM)) throw new BenchStopped('Vigil is not built: `npm run build` (`npm run bench` does it).');
  const folder = await mkdtemp(join(tmpdir(), 'vigil-bench-log-'));
  context.undo(() => rm(folder, { recursive: true, force: true }));
  const logFile = join(folder, 'log');
  const log = openSync(logFile, 'a');
  const profile = context.profileDir ? ['--cpu-prof', `--cpu-prof-dir=${context.profileDir}`] : [];
  const spawnedMs = performance.now();
  const child = spawn(process.execPath, [...profile, PROGRAM], {
    env: environment(settings),
    stdio: ['ignore', log, log],
    /* Ctrl-C at the terminal reaches the bench alone, which then ends everything in its order */
    detached: true,
  });
  const killed = (): void => void child.kill('SIGKILL');
  process.once('exit', killed);
  let running = true;
  const ended = new Promise<void>((resolve) => {
    for (const event of ['close', 'error']) child.once(event, () => resolve());
  }).then(() => {
    running = false;
    process.off('exit', killed);
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(force);
  };
  context.undo(stop);
  const ports = await listening(logFile, () => running);
  return {
    pid: child.pid!,
    url: `http://127.0.0.1:${ports.http_port}`,
    opsUrl: `http://127.0.0.1:${ports.admin_port}`,
    readyMs: performance.now() - spawnedMs,
    stop,
  };
}

function environment(settings: VigilSettings): NodeJS.ProcessEnv {
  const all = {
    api_token: TOKEN,
    claude_api_key: STAND_IN_KEY,
    http_address: '127.0.0.1',
    http_port: '0',
    admin_address: '127.0.0.1',
    admin_port: '0',
    /* a bench that is over does not wait for its triages */
    drain_seconds: '0',
    shutdown_budget_seconds: '20',
    log_format: 'json',
    ...settings,
  };
  const ours = Object.entries(all).map(([name, value]) => [`VIGIL_${name.toUpperCase()}`, value]);
  return { PATH: process.env.PATH, HOME: process.env.HOME, ...(Object.fromEntries(ours) as NodeJS.ProcessEnv) };
}

interface Ports {
  readonly http_port: number;
  readonly admin_port: number;
}

/** Waits for the line whose `msg` is `listening`. */
async function listening(logFile: string, running: () => boolean): Promise<Ports> {
  for (const deadline = performance.now() + START_MS; performance.now() < deadline && running(); await delay(POLL_MS)) {
    const line = /^.*"listening".*$/m.exec(readFileSync(logFile, 'utf8'))?.[0];
    if (line) return JSON.parse(line) as Ports;
  }
  throw new BenchStopped(`Vigil did not start. It said:\n${readFileSync(logFile, 'utf8') || '(nothing)'}`);
}
