import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What the owner process said after its start. */
export type OwnerAnswer = { url: string; adopted: boolean } | { error: string; message: string };

/** A process of its own that owns a data directory. */
export interface Owner {
  readonly answer: OwnerAnswer;
  /** As a crash or the kernel's memory killer would: no handler runs. */
  kill(): Promise<void>;
  /** Asks it to stop its server, and waits for its end. */
  stop(): Promise<number | null>;
}

export interface OwnerOptions {
  /** A user id to become first; only root can. */
  readonly as?: number;
  /** Shell commands that are run first, in a mount namespace of the owner's own; only root can. */
  readonly after?: string;
}

/** Starts an owner. */
export async function startOwner(dataDir: string, { as, after }: OwnerOptions = {}): Promise<Owner> {
  const node = [
    process.execPath,
    '-r',
    join(__dirname, 'register-typescript.cjs'),
    join(__dirname, 'owner-process.ts'),
  ];
  const become = as === undefined ? [] : ['setpriv', `--reuid=${as}`, `--regid=${as}`, '--clear-groups', '--'];
  const mounted = after === undefined ? [] : ['unshare', '--mount', 'sh', '-ec', `${after}; exec "$@"`, 'sh'];
  const [command = '', ...args] = [...mounted, ...become, ...node, dataDir];
  const child = spawn(command, args, { cwd: '/', stdio: 'pipe' });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the owner ended at once: ${complaints}`)));
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string];
  ended.catch(() => undefined); // it may end now
  return { answer: JSON.parse(line) as OwnerAnswer, kill: () => kill(child), stop: () => stop(child) };
}

async function kill(child: ChildProcessWithoutNullStreams): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

async function stop(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  child.stdin.end();
  const [code] = (await exit) as [number | null];
  return code;
}
