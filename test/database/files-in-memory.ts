import { existsSync, readFileSync, statfsSync } from 'node:fs';

/** Linux has a file system in memory here; a container may have a tiny one, or one that no program can be run from. */
const MEMORY = '/dev/shm';
/** A run with all its databases needs less than one. */
const NEEDED_BYTES = 2 * 1024 ** 3;

/**
 * Puts the temporary files of this run, above all its databases, into memory where there is plenty of it: half of what the
 * kernel does for the tests is otherwise the writing of files that are removed a second later. Whoever has set TMPDIR
 * has decided.
 */
export function keepFilesInMemory(): void {
  if (process.env.TMPDIR === undefined && isRoomy()) process.env.TMPDIR = MEMORY;
}

function isRoomy(): boolean {
  if (!existsSync(MEMORY) || process.availableMemory() < 2 * NEEDED_BYTES) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= NEEDED_BYTES && runsPrograms();
}

/** Some tests run a copy of the program from their own directory. */
function runsPrograms(): boolean {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  const options = mounts.map((line) => line.split(' ')).find(([, point]) => point === MEMORY)?.[3];
  return options !== undefined && !options.split(',').includes('noexec');
}
