import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { DataDirInUse, EmbeddedPostgresUnusable } from '../../src/persistence/embedded/embedded-postgres-errors';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/persistence/embedded/start-embedded-postgres';
import { type Owner, startOwner } from './owner';

jest.setTimeout(60_000);

const isRoot = process.getuid?.() === 0;
/** Any user that is not root. */
const ORDINARY_UID = 1234;

let home: string;
let dataDir: string;
const running: EmbeddedPostgres[] = [];
const owners: Owner[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'vigil-embedded-'));
  chmodSync(home, 0o777);
  dataDir = join(home, 'data');
});

afterEach(async () => {
  for (const postgres of running.splice(0)) await postgres.stop();
  for (const owner of owners.splice(0)) await owner.stop();
  rmSync(home, { recursive: true, force: true });
});

async function start(log?: (message: string) => void): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  running.push(postgres);
  return postgres;
}

async function own(as?: number): Promise<Owner> {
  const owner = await startOwner(dataDir, as);
  owners.push(owner);
  return owner;
}

function urlOf({ answer }: Owner): string {
  if ('error' in answer) throw new Error(`${answer.error}: ${answer.message}`);
  return answer.url;
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function serverPid(): number {
  return Number(readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

/** @returns `check`'s first true answer before a deadline */
async function eventually(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await check()); await sleep(20)) {
    if (Date.now() > deadline) throw new Error(`did not happen in 20 s: ${what}`);
  }
}

async function answers(url: string): Promise<boolean> {
  return ask(url, 'SELECT 1').then(
    () => true,
    () => false,
  );
}

describe('a first start', () => {
  it('gives a durable UTF-8 database that only this machine reaches and only the password opens', async () => {
    const { url, adopted } = await start();
    expect(adopted).toBe(false);
    const [settings] = await ask(
      url,
      `SELECT current_database() AS database, current_setting('server_encoding') AS encoding,
              current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
              current_setting('listen_addresses') AS address, current_setting('unix_socket_directories') AS sockets`,
    );
    expect(settings).toEqual({
      database: 'vigil',
      encoding: 'UTF8',
      fsync: 'on',
      commit: 'on',
      address: '127.0.0.1',
      sockets: '',
    });
    const guessed = new URL(url);
    guessed.password = 'guessed';
    await expect(ask(guessed.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('leaves nothing readable to other users, and nothing half made', async () => {
    await start();
    expect(readdirSync(dataDir)).toEqual(['postgres']);
    expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, 'postgres', 'password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'postgres', 'server.log')).mode & 0o777).toBe(0o600);
  });

  it('by two processes at the same moment makes one cluster with one owner', async () => {
    const both = await Promise.all([own(), own()]);
    const errors = both.flatMap(({ answer }) => ('error' in answer ? [answer.error] : []));
    expect(errors).toEqual(['DataDirInUse']);
    expect(readdirSync(dataDir)).toEqual(['postgres']);
  });
});

describe('an end', () => {
  it('stops the server, and a second call changes nothing', async () => {
    const postgres = await start();
    const pid = serverPid();
    await postgres.stop();
    await postgres.stop();
    expect(await answers(postgres.url)).toBe(false);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('keeps the data for the next start', async () => {
    const first = await start();
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('does not wait for a session with an open transaction', async () => {
    const postgres = await start();
    const client = new Client({ connectionString: postgres.url });
    const errors: string[] = [];
    client.on('error', ({ message }) => errors.push(message));
    await client.connect();
    await client.query('BEGIN');
    await client.query('CREATE TABLE unfinished (a int)');
    await postgres.stop();
    expect(errors[0]).toContain('terminating connection');
  });
});

describe('a killed owner', () => {
  it('leaves a server that the next start adopts and later stops', async () => {
    const owner = await own();
    const url = urlOf(owner);
    await ask(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = serverPid();
    await owner.kill();

    const next = await start();
    expect(next.adopted).toBe(true);
    expect(serverPid()).toBe(pid);
    expect(await ask(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await next.stop();
    expect(await answers(next.url)).toBe(false);
  });
});

describe('a second living owner', () => {
  it('is refused with a sentence that names the directory, and the first goes on', async () => {
    const first = await start();
    const error = await startEmbeddedPostgres({ dataDir }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DataDirInUse);
    expect((error as Error).message).toBe(
      `another Vigil is using the data directory ${dataDir}: stop it, or give this one its own with --data-dir`,
    );
    expect(await answers(first.url)).toBe(true);
  });

  it('in another process is refused too', async () => {
    await start();
    expect((await own()).answer).toMatchObject({ error: 'DataDirInUse' });
  });

  it('gets the directory when the first stops while it waits', async () => {
    const first = await start();
    const [second] = await Promise.all([own(), sleep(300).then(() => first.stop())]);
    // Either it asked too early and was refused, or it has a server that stays.
    if ('url' in second.answer) expect(await answers(second.answer.url)).toBe(true);
    else expect(second.answer.error).toBe('DataDirInUse');
  });
});

describe('a server that dies', () => {
  it('loses no committed row, and the next start waits until its old children are gone', async () => {
    const owner = await own();
    await ask(urlOf(owner), 'CREATE TABLE kept AS SELECT 42 AS answer');
    process.kill(serverPid(), 'SIGKILL');
    await owner.kill();

    const next = await start();
    expect(next.adopted).toBe(false);
    expect(await ask(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('is reported to a living owner, which does not crash and can still stop', async () => {
    const said: string[] = [];
    const postgres = await start((message) => said.push(message));
    process.kill(serverPid(), 'SIGKILL');
    await eventually('the loss is reported', () => said.length > 0);
    expect(said[0]).toContain('closed the connection');
    await postgres.stop();
  });

  it('and restarts itself is owned again: a second owner is still refused', async () => {
    const said: string[] = [];
    const postgres = await start((message) => said.push(message));
    const [session] = await ask(
      postgres.url,
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'vigil owner'`,
    );
    process.kill(Number(session?.pid), 'SIGKILL'); // Postgres ends every session and recovers
    await eventually('the ownership is back', () =>
      said.some((message) => message.includes('owned by this process again')),
    );
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(DataDirInUse);
  });
});

describe('a directory that cannot be used', () => {
  it('because another major version wrote it is refused with what to do', async () => {
    const postgres = await start();
    await postgres.stop();
    writeFileSync(join(dataDir, 'postgres', 'data', 'PG_VERSION'), '15\n');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
      /written by PostgreSQL 15, and this Vigil brings 18: .*--data-dir/,
    );
  });

  it('because its files are damaged is refused with the end of the log', async () => {
    const postgres = await start();
    await postgres.stop();
    rmSync(join(dataDir, 'postgres', 'data', 'global', 'pg_control'));
    const error = await startEmbeddedPostgres({ dataDir }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(EmbeddedPostgresUnusable);
    expect((error as Error).message).toMatch(/ended at once.*pg_control/s);
  });

  it('because it is a file is refused with what to do', async () => {
    writeFileSync(dataDir, '');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/cannot be used \(E\w+\): .*--data-dir/);
  });

  it('is not confused by what a killed first start left', async () => {
    mkdirSync(join(dataDir, 'postgres.new-abc123'), { recursive: true });
    expect(await answers((await start()).url)).toBe(true);
  });
});

/** What needs root to be tried. */
const asRoot = isRoot ? describe : describe.skip;
if (!isRoot) process.stderr.write('not root: the change of user between starts is not tried\n');

asRoot('root and an ordinary user', () => {
  it('run it alike: an ordinary user starts it as himself', async () => {
    const owner = await own(ORDINARY_UID);
    expect(await answers(urlOf(owner))).toBe(true);
    expect(statSync(join(dataDir, 'postgres', 'data')).uid).toBe(ORDINARY_UID);
    expect(await owner.stop()).toBe(0);
  });

  it('root starts the cluster of an ordinary user as that user', async () => {
    const ordinary = await own(ORDINARY_UID);
    await ask(urlOf(ordinary), 'CREATE TABLE kept AS SELECT 42 AS answer');
    await ordinary.stop();
    const postgres = await start();
    expect(await ask(postgres.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(execFileSync('ps', ['-o', 'uid=', '-p', String(serverPid())], { encoding: 'utf8' }).trim()).toBe(
      String(ORDINARY_UID),
    );
  });

  it('an ordinary user is told whose directory it is', async () => {
    const postgres = await start();
    await postgres.stop();
    const { answer } = await own(ORDINARY_UID);
    expect(answer).toMatchObject({ error: 'EmbeddedPostgresUnusable' });
    expect('message' in answer && answer.message).toContain(
      `belongs to user 0, and Vigil runs as user ${ORDINARY_UID}`,
    );
  });
});
