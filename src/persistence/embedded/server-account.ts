import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EmbeddedPostgresUnusable } from './embedded-postgres-errors';

const run = promisify(execFile);

/** Postgres refuses to run as root. This says as whom its programs run, and how they are started so. */
export interface ServerAccount {
  /** Put before each command. */
  readonly prefix: readonly string[];
  /** Set where the process changes its user; the cluster's files then have to be that user's. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** Who owns the files of a cluster. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

/** An account under which the bundled Postgres was seen to run. */
export interface ProvenAccount {
  readonly account: ServerAccount;
  /** The bundled server's major version: `18`. */
  readonly major: string;
}

/** What Postgres' programs see of our environment: nothing of PGPORT, PGDATA or a locale that is not installed. */
const SERVER_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };

/** The command line with which `file` runs under this account. */
export function commandAs(account: ServerAccount, file: string, args: readonly string[]) {
  const [command = file, ...rest] = [...account.prefix, file, ...args];
  return { command, args: rest, options: { ...account.user, env: SERVER_ENVIRONMENT } };
}

/**
 * Chooses the account by trying: the first under which `postgres --version` answers.
 * @param ourUid as whom this process runs
 * @param owner whose files the cluster's are, where there is one already
 */
export async function chooseAccount(postgres: string, ourUid: number, owner?: FileOwner): Promise<ProvenAccount> {
  if (owner && ourUid !== 0 && owner.uid !== ourUid) {
    throw new EmbeddedPostgresUnusable(
      'database.embedded_foreign_owner',
      `the data directory belongs to user ${owner.uid}, and Vigil runs as user ${ourUid}: ` +
        'run it as that user, or give it a directory of its own with --data-dir',
    );
  }
  const failures: string[] = [];
  for (const account of await candidates(ourUid, owner)) {
    try {
      const major = await majorVersion(postgres, account);
      // initdb looks up the name of its user, and a container's user need not have one.
      if (!owner) await runAs(account, 'id', ['-un']);
      return { account, major };
    } catch (error) {
      failures.push(firstLine(error));
    }
  }
  const asRoot = ourUid === 0 ? ' as root (Postgres itself refuses root)' : '';
  throw new EmbeddedPostgresUnusable(
    'database.embedded_not_runnable',
    `the bundled Postgres cannot be run here${asRoot}: ${failures.join('; ') || 'there is no user nobody to run it as'}. ` +
      `Set --database-url to a PostgreSQL 15 or newer${ourUid === 0 ? ', or run Vigil as an ordinary user' : ''}`,
  );
}

async function majorVersion(postgres: string, account: ServerAccount): Promise<string> {
  const said = await runAs(account, postgres, ['--version']);
  const major = /\(PostgreSQL\) (\d+)/.exec(said)?.[1];
  if (!major) throw new Error(`it calls itself "${said.trim()}"`);
  return major;
}

async function runAs(account: ServerAccount, file: string, args: readonly string[]): Promise<string> {
  const { command, args: rest, options } = commandAs(account, file, args);
  const { stdout } = await run(command, rest, { ...options, timeout: 10_000 });
  return stdout;
}

async function candidates(ourUid: number, owner?: FileOwner): Promise<ServerAccount[]> {
  // Root may take any account: the one that has the files already.
  if (ourUid === 0 && owner && owner.uid !== 0) return [{ prefix: [], user: { uid: owner.uid, gid: owner.gid } }];
  const plain = { prefix: [] };
  const nobody = await userNobody();
  if (!nobody) return ourUid === 0 ? [] : [plain];
  // Ourselves outside, `nobody` inside: no other account needs to reach the programs or the data.
  const map = ['--user', `--map-user=${nobody.uid}`, `--map-group=${nobody.gid}`, '--'];
  const namespace = { prefix: ['unshare', ...map] };
  return ourUid === 0 ? [namespace, { prefix: [], user: nobody }] : [plain, namespace];
}

async function userNobody(): Promise<FileOwner | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'nobody']), run('id', ['-g', 'nobody'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined; // an image without this user
  }
}

function firstLine(error: unknown): string {
  const stderr = (error as { stderr?: string }).stderr?.trim();
  return (stderr || String(error instanceof Error ? error.message : error)).split('\n')[0] ?? '';
}
