import { execFile } from 'node:child_process';
import { readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Cluster } from './cluster';
import { errorCode } from './embedded-postgres-errors';
import { notedServer } from './running-server';

const run = promisify(execFile);

/** No system numbers its processes this high (Linux: PID_MAX_LIMIT, 2^22; macOS: 99,999). */
const NOBODY = 2 ** 30;

/**
 * A killed server leaves its lock file behind, and Postgres believes it for as long as any process has the number in it:
 * in a container, where numbers start anew, soon one has. This makes a file that names somebody else name nobody. The
 * rest of it stays: by that Postgres tells whether children of the old server still use its memory.
 */
export async function clearStaleLock(cluster: Cluster): Promise<void> {
  const noted = await notedServer(cluster);
  if (!noted || (await mayServe(noted.pid, cluster))) return;
  const path = join(cluster.pgData, 'postmaster.pid');
  const [, ...rest] = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, [NOBODY, ...rest].join('\n'));
}

/** In doubt, yes: two servers on one directory destroy it. */
async function mayServe(pid: number, cluster: Cluster): Promise<boolean> {
  if (process.platform !== 'linux') return (await commandOf(pid)).includes('postgres');
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === cluster.pgData; // where every process of a server works
  } catch (error) {
    return errorCode(error) !== 'ENOENT'; // absent: it has ended, reaped or not
  }
}

async function commandOf(pid: number): Promise<string> {
  return run('ps', ['-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}
