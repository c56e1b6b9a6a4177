import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** The real service as a process of its own, as an operator starts it. */
export interface VigilProcess {
  readonly url: string;
  /** Resolves when the process ends, with what it last said. */
  readonly ended: Promise<string>;
  /** SIGTERM, and its end. */
  stop(): Promise<void>;
}

/** The demo cannot go on; the message says what happened and what to do. */
export class DemoStopped extends Error {}

const START_MS = 60_000;
const STOP_MS = 30_000;
const LAST_LINES = 30;

/** @throws DemoStopped when it does not listen within a minute */
export async function startVigilProcess(
  program: string,
  settings: Readonly<Record<string, string>>,
): Promise<VigilProcess> {
  if (!existsSync(program)) {
    throw new DemoStopped(`${program} is not there: build it first, with \`npm run build\` (\`npm run demo\` does).`);
  }
  const child = spawn(process.execPath, [program], {
    env: { ...inherited(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    /* Ctrl-C at the terminal reaches this process alone, which then ends the service in its order */
    detached: true,
  });
  const killed = (): void => void child.kill('SIGKILL');
  process.once('exit', killed);
  const said: string[] = [];
  const keep = (line: string): void => {
    said.push(line);
    if (said.length > LAST_LINES) said.shift();
  };
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => {
      process.off('exit', killed);
      resolve();
    });
    child.once('error', (error) => {
      keep(error.message);
      resolve();
    });
  });
  const ended = exited.then(() => said.join('\n'));
  const stop = (): Promise<void> => end(child, exited);
  try {
    const port = await listeningPort(child, keep, exited);
    return { url: `http://127.0.0.1:${port}`, ended, stop };
  } catch (error) {
    await stop();
    const reason = error instanceof Error ? error.message : String(error);
    throw new DemoStopped(`Vigil did not start: ${reason}. Its last words:\n${said.join('\n') || '(none)'}`);
  }
}

/** Settings of whoever runs the demo are not the demo's; the rest of the environment (PATH, proxies) is kept. */
function inherited(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('VIGIL_') && name !== 'NODE_OPTIONS');
  return Object.fromEntries(kept);
}

/** The port of the log line whose `msg` is `listening`. */
function listeningPort(child: ChildProcess, keep: (line: string) => void, exited: Promise<void>): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`it was not ready after ${START_MS / 1000} s`)), START_MS);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      act();
    };
    createInterface({ input: child.stderr! }).on('line', keep);
    createInterface({ input: child.stdout! }).on('line', (line) => {
      keep(line);
      const port = portIn(line);
      if (port !== undefined) settle(() => resolve(port));
    });
    void exited.then(() => settle(() => reject(new Error('it ended at once'))));
  });
}

function portIn(line: string): number | undefined {
  try {
    const { msg, http_port: port } = JSON.parse(line) as { msg?: string; http_port?: number };
    return msg === 'listening' ? port : undefined;
  } catch {
    return undefined;
  }
}

async function end(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(force);
}
