import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { DataDirInUse } from '../../src/persistence/embedded/embedded-postgres-errors';
import { startEmbeddedPostgres } from '../../src/persistence/embedded/start-embedded-postgres';
import { until } from '../until';
import { answers, ask, EmbeddedBench, urlOf } from './embedded-bench';

jest.setTimeout(60_000);

const bench = new EmbeddedBench();

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a first start', () => {
  it('gives a durable UTF-8 database that only this machine reaches and only the password opens', async () => {
    const { url, adopted } = await bench.start();
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
    await bench.start();
    expect(readdirSync(bench.dataDir)).toEqual(['postgres']);
    expect(statSync(join(bench.dataDir, 'postgres')).mode & 0o777).toBe(0o700);
    expect(statSync(join(bench.dataDir, 'postgres', 'password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(bench.dataDir, 'postgres', 'server.log')).mode & 0o777).toBe(0o600);
  });

  it('by two processes at the same moment makes one cluster with one owner', async () => {
    const both = await Promise.all([bench.own(), bench.own()]);
    const errors = both.flatMap(({ answer }) => ('error' in answer ? [answer.error] : []));
    expect(errors).toEqual(['DataDirInUse']);
    expect(readdirSync(bench.dataDir)).toEqual(['postgres']);
  });
});

describe('an end', () => {
  beforeEach(() => bench.makeCluster());

  it('stops the server, and a second call changes nothing', async () => {
    const postgres = await bench.start();
    const pid = bench.serverPid();
    await postgres.stop();
    await postgres.stop();
    expect(await answers(postgres.url)).toBe(false);
    // Taking its lock file away is its last act: the process itself ends a moment later.
    await until('its process is gone', () => !isAlive(pid));
  });

  it('keeps the data for the next start', async () => {
    const first = await bench.start();
    await ask(first.url, 'UPDATE kept SET answer = 43');
    await first.stop();
    const second = await bench.start();
    expect(second.adopted).toBe(false);
    expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 43 }]);
  });

  it('does not wait for a session with an open transaction', async () => {
    const postgres = await bench.start();
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
  beforeEach(() => bench.makeCluster());

  it('leaves a server that the next start adopts and later stops', async () => {
    const owner = await bench.own();
    const url = urlOf(owner);
    await ask(url, 'UPDATE kept SET answer = 44');
    const pid = bench.serverPid();
    await owner.kill();

    const next = await bench.start();
    expect(next.adopted).toBe(true);
    expect(bench.serverPid()).toBe(pid);
    expect(await ask(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 44 }]);
    await next.stop();
    expect(await answers(next.url)).toBe(false);
  });
});

describe('a second living owner', () => {
  beforeEach(() => bench.makeCluster());

  it('is refused with a sentence that names the directory, and the first goes on', async () => {
    const first = await bench.start();
    const error = await startEmbeddedPostgres({ dataDir: bench.dataDir }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DataDirInUse);
    expect((error as Error).message).toBe(
      `another Vigil is using the data directory ${bench.dataDir}: stop it, or give this one its own with --data-dir`,
    );
    expect(await answers(first.url)).toBe(true);
  });

  it('in another process is refused too', async () => {
    await bench.start();
    expect((await bench.own()).answer).toMatchObject({ error: 'DataDirInUse' });
  });

  it('gets the directory when the first stops while it waits', async () => {
    const first = await bench.start();
    const [second] = await Promise.all([bench.own(), sleep(300).then(() => first.stop())]);
    // Either it asked too early and was refused, or it has a server that stays.
    if ('url' in second.answer) expect(await answers(second.answer.url)).toBe(true);
    else expect(second.answer.error).toBe('DataDirInUse');
  });
});
