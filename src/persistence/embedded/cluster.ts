import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresUnusable, errorCode } from './embedded-postgres-errors';
import type { PostgresBinaries } from './postgres-binaries';
import { commandAs, type FileOwner, type ProvenAccount, type ServerAccount } from './server-account';

const run = promisify(execFile);

/** The superuser of the bundled server, and the database that Vigil keeps in it. */
export const DATABASE_USER = 'vigil';

/** A directory that is being made has this name and a random end. */
const UNFINISHED = 'postgres.new-';
/** No initdb takes this long; in milliseconds. */
const ABANDONED_AFTER_MS = 10 * 60_000;

/** One Postgres cluster on disk. It appears whole or not at all: it is made under another name and then renamed. */
export interface Cluster {
  readonly dataDir: string;
  /** Postgres' own directory (PGDATA), without symbolic links in its path. */
  readonly pgData: string;
  readonly logFile: string;
  readonly password: string;
}

/** @returns who owns the cluster in `dataDir`, or undefined when there is none yet */
export async function clusterOwner(dataDir: string): Promise<FileOwner | undefined> {
  try {
    return await stat(join(dataDir, 'postgres'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw unusableDirectory(dataDir, error);
  }
}

/** Opens the cluster in `dataDir`, making it first where there is none. */
export async function openCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  proven: ProvenAccount,
): Promise<Cluster> {
  try {
    await mkdir(dataDir, { recursive: true });
    await removeAbandoned(dataDir);
    if (!(await clusterOwner(dataDir))) await createCluster(dataDir, binaries, proven.account);
    const directory = await realpath(join(dataDir, 'postgres'));
    const pgData = join(directory, 'data');
    await checkOurs(directory);
    // Root that has no user namespaces after all, on a cluster that was made in one.
    if (proven.account.user) await giveTo(proven.account.user, directory);
    await checkVersion(pgData, proven.major);
    await closeToOthers(directory);
    const password = (await readFile(join(directory, 'password'), 'utf8')).trim();
    return { dataDir, pgData, logFile: join(directory, 'server.log'), password };
  } catch (error) {
    throw error instanceof EmbeddedPostgresUnusable ? error : unusableDirectory(dataDir, error);
  }
}

async function createCluster(dataDir: string, binaries: PostgresBinaries, account: ServerAccount): Promise<void> {
  const unfinished = await mkdtemp(join(resolve(dataDir), UNFINISHED)); // mode 0700
  try {
    await writeFile(join(unfinished, 'password'), `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
    await writeFile(join(unfinished, 'server.log'), '', { mode: 0o600 });
    if (account.user) await giveTo(account.user, unfinished);
    await initdb(unfinished, binaries, account);
    await rename(unfinished, join(dataDir, 'postgres'));
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another process that started at the same time made it first: then that one is the cluster.
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
  }
}

async function initdb(directory: string, binaries: PostgresBinaries, account: ServerAccount): Promise<void> {
  const settings = [
    ...['-D', join(directory, 'data'), '-U', DATABASE_USER, '--pwfile', join(directory, 'password')],
    ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-instructions'],
  ];
  const { command, args, options } = commandAs(account, binaries.initdb, settings);
  try {
    await run(command, args, options);
  } catch (error) {
    const lines = (error as { stderr?: string }).stderr?.trim().split('\n') ?? [];
    // Its last line tells that it removes what it made; the reason stands above.
    const said = lines.find((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1);
    throw new EmbeddedPostgresUnusable(
      'database.embedded_initdb_failed',
      `the bundled Postgres could not make its database in ${directory} (${said || errorCode(error) || 'initdb ended early'}): ` +
        'look at the space and the rights there, give another place with --data-dir, or set --database-url',
      error,
    );
  }
}

/** Before anything in it is touched: a folder that happens to have the name is somebody else's. */
async function checkOurs(directory: string): Promise<void> {
  const ours = await Promise.all([stat(join(directory, 'password')), stat(join(directory, 'data', 'PG_VERSION'))]).then(
    () => true,
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false;
      throw error;
    },
  );
  if (ours) return;
  throw new EmbeddedPostgresUnusable(
    'database.data_dir_foreign',
    `${directory} exists, and it is not a database that Vigil made: nothing in it was touched; ` +
      'give Vigil a directory of its own with --data-dir, or move that one away',
  );
}

/**
 * Postgres refuses a directory that other users can read or the group can write, and a volume may be mounted so
 * (Kubernetes, `fsGroup`).
 */
async function closeToOthers(directory: string): Promise<void> {
  const closed = { '.': 0o700, data: 0o700, password: 0o600 };
  for (const [name, mode] of Object.entries(closed)) {
    const path = join(directory, name);
    if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, mode);
  }
}

async function checkVersion(pgData: string, major: string): Promise<void> {
  const found = (await readFile(join(pgData, 'PG_VERSION'), 'utf8')).trim();
  if (found === major) return;
  throw new EmbeddedPostgresUnusable(
    'database.embedded_other_version',
    `the data in ${pgData} was written by PostgreSQL ${found}, and this Vigil brings ${major}: start the Vigil that wrote it, ` +
      'dump the database and restore it into a PostgreSQL of your own (--database-url), or give an empty directory with --data-dir',
  );
}

/** What a killed initdb left. A younger one may still be at work. */
async function removeAbandoned(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const path = join(dataDir, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}

async function giveTo(user: FileOwner, directory: string): Promise<void> {
  if ((await stat(directory)).uid === user.uid) return;
  const inside = await readdir(directory, { recursive: true });
  for (const name of inside) await chown(join(directory, name), user.uid, user.gid);
  await chown(directory, user.uid, user.gid); // last: it is what the next start looks at
}

function unusableDirectory(dataDir: string, error: unknown): EmbeddedPostgresUnusable {
  return new EmbeddedPostgresUnusable(
    'database.data_dir_unusable',
    `the data directory ${dataDir} cannot be used (${errorCode(error) ?? String(error)}): make it a directory that Vigil may write, ` +
      'or give another with --data-dir',
    error,
  );
}
