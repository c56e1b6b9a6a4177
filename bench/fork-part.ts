import { fork } from 'node:child_process';
import { join } from 'node:path';
import { BenchStopped } from './bench.ts';
import type { BenchContext } from './bench.ts';

/**
 * Runs a part of the bench as a process of its own, given its options as one JSON argument. Its end is that of the
 * channel between the two, so that it cannot outlive us.
 * @returns what it says first
 */
export async function forkPart<Said>(file: string, options: object, { undo }: BenchContext): Promise<Said> {
  const child = fork(join(import.meta.dirname, file), [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  undo(async () => {
    if (child.connected) child.disconnect();
    await ended;
  });
  const said = new Promise<Said>((resolve) => child.once('message', (message) => resolve(message as Said)));
  const early = ended.then((): never => {
    throw new BenchStopped(`${file} ended at once`);
  });
  return Promise.race([said, early]);
}

/** For the other side: says what the bench waits for, and ends with it. */
export function sayToBench(said: object): void {
  process.once('disconnect', () => process.exit(0));
  process.send!(said);
}

/** The options that `forkPart` was given. */
export function partOptions<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T;
}
