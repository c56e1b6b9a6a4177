import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The built program. */
export const PROGRAM = join(__dirname, '..', '..', 'dist', 'main.js');
export const TOKEN = 'dev-token';

/** Half of a start is the compiling of its two thousand files: it is kept, and shared by all who start the program. */
export const COMPILED = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE };

const START_MS = 30_000;

/** The real program as a process, spoken to by HTTP and signals. */
export interface VigilProcess {
  readonly url: string;
  readonly adminUrl: string;
  /** Every line that it wrote to its log so far. */
  readonly log: readonly string[];
  /** How it ended: the exit code, or null after a signal that it did not handle. */
  readonly ended: Promise<number | null>;
  /** @returns `ended` */
  signal(name: NodeJS.Signals): Promise<number | null>;
  call(path: string, init?: RequestInit): Promise<Response>;
}

/**
 * @param settings `VIGIL_*` without the prefix, in lower case
 * @param others variables that are no settings, as they are
 * @param nodeArguments before the program: what runs in the same process
 */
export async function startVigilProcess(
  settings: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>> = {},
  nodeArguments: readonly string[] = [],
): Promise<VigilProcess> {
  const child = spawn(process.execPath, [...nodeArguments, PROGRAM], {
    env: { ...environment(settings), ...COMPILED, ...others },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killed = (): void => void child.kill('SIGKILL');
  process.once('exit', killed);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  void ended.then(() => process.off('exit', killed));
  const log: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => log.push(line));
  const ports = await listening(child, log);
  const url = `http://127.0.0.1:${ports.http_port}`;
  return {
    url,
    adminUrl: `http://127.0.0.1:${ports.admin_port}`,
    log,
    ended,
    signal: (name) => {
      child.kill(name);
      return ended;
    },
    call: (path, init) =>
      fetch(url + path, { ...init, headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' } }),
  };
}

/** Where it runs, if not as the tests do. */
export interface RunOptions {
  /** Another copy of the program. */
  readonly program?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A user id to become first; only root can. */
  readonly as?: number;
}

/** Runs the program to its end, for what it says when it does not start. */
export async function runVigil(
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
  { program = PROGRAM, env, as }: RunOptions = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...args], {
    // Of a copy, which is removed, nothing is to be kept.
    env: { ...environment(settings, {}), ...(program === PROGRAM && COMPILED), ...env },
    ...(as === undefined ? {} : { uid: as, gid: as }),
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, err };
}

const DEFAULTS = {
  api_token: TOKEN,
  http_port: '0',
  http_address: '127.0.0.1',
  admin_port: '0',
  admin_address: '127.0.0.1',
};

function environment(settings: Readonly<Record<string, string>>, defaults: object = DEFAULTS): NodeJS.ProcessEnv {
  const ours = Object.entries({ ...defaults, ...settings }).map(([k, v]) => [`VIGIL_${k.toUpperCase()}`, String(v)]);
  return { PATH: process.env.PATH, HOME: process.env.HOME, ...(Object.fromEntries(ours) as NodeJS.ProcessEnv) };
}

function listening(child: ChildProcess, log: string[]): Promise<{ http_port: number; admin_port: number }> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`Vigil did not start (${why}):\n${log.join('\n')}`));
    const timer = setTimeout(() => fail('time'), START_MS);
    child.once('close', () => fail('it ended'));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      log.push(line);
      if (!line.includes('"listening"')) return;
      clearTimeout(timer);
      resolve(JSON.parse(line) as { http_port: number; admin_port: number });
    });
  });
}
