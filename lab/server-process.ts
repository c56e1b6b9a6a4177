import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { guard, unguard } from './guardian.ts';

/** The lab cannot go on; the message says what happened and what to do. */
export class LabStopped extends Error {}

const READY_MS = 60_000;
const STOP_MS = 30_000;
const LAST_LINES = 30;

export interface ServerCommand {
  /** For messages. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Replaces ours. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A program of the lab: started, waited for, ended with us. */
export class ServerProcess {
  private readonly name: string;
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private readonly lastWords: string[] = [];
  private running = true;
  private stopping = false;

  constructor({ name, program, args, env }: ServerCommand) {
    this.name = name;
    // A session of its own: Ctrl-C reaches the lab alone, which then ends everything in its order.
    this.child = spawn(program, args, { env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const { pid } = this.child;
    if (pid !== undefined) guard(pid);
    this.eachLine((line) => this.keep(line));
    this.exited = new Promise((resolve) => {
      this.child.once('error', (error) => {
        this.keep(error.message);
        resolve();
      });
      this.child.once('close', () => resolve());
    });
    void this.exited.then(() => {
      this.running = false;
      if (pid !== undefined) unguard(pid);
    });
  }

  /** Rejects when the program ends though nobody stopped it; never resolves. Nobody need wait for it. */
  failed(): Promise<never> {
    const failed = this.exited.then(() => {
      if (this.stopping) return new Promise<never>(() => undefined);
      throw this.gone('ended');
    });
    failed.catch(() => undefined);
    return failed;
  }

  /** @returns what `read` first makes of a line of output */
  async said<T>(read: (line: string) => T | undefined): Promise<T> {
    const found = new Promise<T>((resolve) => {
      this.eachLine((line) => {
        const value = read(line);
        if (value !== undefined) resolve(value);
      });
    });
    return this.inTime(found);
  }

  /** Waits until `url` is answered with 200. */
  async answers(url: string): Promise<void> {
    const ready = async (): Promise<void> => {
      while (this.running && !(await isOk(url))) await delay(100);
    };
    await this.inTime(ready());
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.child.kill('SIGTERM');
    const force = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await this.exited;
    clearTimeout(force);
  }

  /** Ends it at once, without its orderly end: what a crash is. */
  async kill(): Promise<void> {
    this.stopping = true;
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private async inTime<T>(ready: Promise<T>): Promise<T> {
    const late = new AbortController();
    const limit = delay(READY_MS, undefined, { signal: late.signal }).then(() => {
      throw this.gone(`was not ready after ${READY_MS / 1000} s`);
    });
    try {
      return await Promise.race([ready, limit, this.failed()]);
    } finally {
      late.abort();
    }
  }

  private eachLine(take: (line: string) => void): void {
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', take);
    }
  }

  private keep(line: string): void {
    this.lastWords.push(line);
    if (this.lastWords.length > LAST_LINES) this.lastWords.shift();
  }

  private gone(what: string): LabStopped {
    return new LabStopped(`${this.name} ${what}. Its last words:\n${this.lastWords.join('\n') || '(none)'}`);
  }
}

/** @returns the path of the first of these programs that is installed */
export function findInstalled(names: readonly string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/usr/local/go/bin'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** The same, for what the lab cannot do without. */
export function findProgram(names: readonly string[]): string {
  const found = findInstalled(names);
  if (found) return found;
  throw new LabStopped(
    `${names[0]} is not installed, and the lab has no other: on Debian and Ubuntu, ` +
      '`apt-get install --no-install-recommends prometheus prometheus-alertmanager` (and stop the services that come with them); ' +
      'elsewhere put the programs of the Prometheus project in the PATH.',
  );
}

/** A port that is free now: for programs that cannot say which one they chose. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function isOk(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}
