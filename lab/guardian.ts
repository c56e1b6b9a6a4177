import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { join } from 'node:path';

let guardian: Writable | undefined;

/** From now on this process is ended when the lab is, even by SIGKILL. */
export function guard(pid: number): void {
  guardian ??= start();
  guardian.write(`+${pid}\n`);
}

/** It has ended by itself: its number may soon be somebody else's. */
export function unguard(pid: number): void {
  guardian?.write(`-${pid}\n`);
}

function start(): Writable {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'guardian-process.ts')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true, // Ctrl-C is for the lab alone
  });
  child.unref();
  child.stdin.on('error', () => undefined); // it was killed: the lab goes on without it
  (child.stdin as Writable & { unref?: () => void }).unref?.();
  return child.stdin;
}
