import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VigilError } from '../../domain/errors';
import { EmbeddedPostgresUnusable, errorCode } from './embedded-postgres-errors';

const MIB = 1024 * 1024;
/** One file of Postgres' write-ahead log (PostgreSQL: DEFAULT_XLOG_SEG_SIZE); without room for the next it stops. */
const LEAST_FREE_BYTES = 16 * MIB;
/** PostgreSQL's and Node's words for it. */
const NO_SPACE = /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT/;

/**
 * Runs a part of the start. A full disk shows in many ways, and Postgres cannot even write its log then: so whatever
 * failed, the disk is looked at.
 * @throws EmbeddedPostgresUnusable with one sentence where a full disk is the reason
 */
export async function namingFullDisk<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const free = await freeBytes(dataDir);
    const isSaid = NO_SPACE.test(String(error)) || errorCode(error) === '53100';
    const isLikely = !isExplained(error) && free !== undefined && free < LEAST_FREE_BYTES;
    if (!isSaid && !isLikely) throw error;
    const left = free === undefined ? '' : ` (${Math.floor(free / MIB)} MB are free now)`;
    throw new EmbeddedPostgresUnusable(
      'database.embedded_disk_full',
      `the disk that holds the data directory ${dataDir} has no room for the bundled Postgres${left}: ` +
        'free 100 MB or more there, or give another place with --data-dir; what is stored stays as it is',
      error,
    );
  }
}

/** Our own refusals have their reason, but for those of a program that ended without one. */
function isExplained(error: unknown): boolean {
  const unclear = ['database.embedded_start_failed', 'database.embedded_initdb_failed', 'database.embedded_unstable'];
  return error instanceof VigilError && !unclear.includes(error.code);
}

async function freeBytes(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    // A first start that failed early has not made the directory yet.
    return errorCode(error) === 'ENOENT' && dirname(path) !== path ? freeBytes(dirname(path)) : undefined;
  }
}
