import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { signal } from './life.ts';
import type { Life, ReplicaName } from './life.ts';
import type { Moments } from './moments.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PROGRAM = join(ROOT, 'dist', 'main.js');
/** Where the specs keep the program compiled, too. */
const COMPILED = process.env.NODE_COMPILE_CACHE ?? join(ROOT, 'node_modules', '.cache', 'vigil-compiled');

/** As soon as an orchestrator would: a start that failed is tried again after this. */
const RESTART_MS = 200;
const POLL_MS = 10;

/** One of the replicas: as soon as its process has ended the next one is started, until `close`. */
export class Replica {
  readonly name: ReplicaName;
  current?: Life;
  private readonly settings: (life: number) => Readonly<Record<string, string>>;
  private readonly lives: Life[];
  private readonly moments: Moments;
  private closing = false;
  private kept?: Promise<void>;

  /**
   * @param lives of all replicas
   * @param settings of a life: `VIGIL_*` without the prefix, in lower case
   */
  constructor(name: ReplicaName, lives: Life[], settings: Replica['settings'], moments: Moments) {
    this.name = name;
    this.lives = lives;
    this.settings = settings;
    this.moments = moments;
  }

  open(): void {
    this.kept = this.keep();
  }

  isListening(): boolean {
    return this.current?.listeningAt !== undefined && this.current.endedAt === undefined;
  }

  /** SIGTERM, and its end. */
  async close(): Promise<Life | undefined> {
    this.closing = true;
    const last = this.current;
    if (last) {
      last.isClosed = true;
      signal(last, 'SIGTERM');
    }
    await this.kept;
    return last;
  }

  private async keep(): Promise<void> {
    while (!this.closing) {
      const life = await this.live();
      if (!this.closing && life.listeningAt === undefined) await delay(RESTART_MS);
    }
  }

  private async live(): Promise<Life> {
    const number = this.lives.length;
    const child = spawn(process.execPath, [PROGRAM], {
      env: environment(this.settings(number)),
      stdio: ['ignore', 'pipe', 'pipe'],
      /* Ctrl-C at the terminal reaches the run alone; and what it leaves behind is found by its group */
      detached: true,
    });
    const life: Life = { replica: this.name, number, pid: child.pid!, log: [], spawnedAt: Date.now() };
    this.lives.push(life);
    this.current = life;
    const killed = (): void => void signal(life, 'SIGKILL');
    process.once('exit', killed);
    const ended = new Promise<void>((resolve) => {
      child.once('exit', (code, by) => {
        life.endedAt = Date.now();
        life.end = by ?? code ?? 0;
      });
      child.once('close', () => resolve()); // its log has been read to the end
    });
    this.readLog(child, life);
    this.moments.tell('replica.spawned', life);
    await ended;
    process.off('exit', killed);
    return life;
  }

  private readLog(child: ChildProcess, life: Life): void {
    createInterface({ input: child.stderr! }).on('line', (line) => life.log.push(line));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      life.log.push(line);
      if (life.listeningAt !== undefined || !line.includes('"msg":"listening"')) return;
      const { http_port: port } = JSON.parse(line) as { http_port: number };
      life.url = `http://127.0.0.1:${port}`;
      life.listeningAt = Date.now();
      this.moments.tell('replica.listening', life);
    });
  }
}

/** @returns whether it came to be before the limit */
export async function within(limitMs: number, fact: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const deadline = Date.now() + limitMs; !(await fact()); await delay(POLL_MS)) {
    if (Date.now() > deadline) return false;
  }
  return true;
}

function environment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const ours = Object.entries(settings).map(([name, value]) => [`VIGIL_${name.toUpperCase()}`, value]);
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_COMPILE_CACHE: COMPILED,
    ...(Object.fromEntries(ours) as NodeJS.ProcessEnv),
  };
}
