import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataDirInUse } from '../../src/persistence/embedded/embedded-postgres-errors';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/persistence/embedded/start-embedded-postgres';
import { until } from '../until';
import { answers, ask, EmbeddedBench, urlOf } from './embedded-bench';

jest.setTimeout(60_000);

const bench = new EmbeddedBench();
beforeEach(() => bench.makeCluster());

/** Its processes: the first one's number is that of their group. */
function killWholeServer(): void {
  process.kill(-bench.serverPid(), 'SIGKILL');
}

describe('a server that died with its owner', () => {
  it('loses no committed row, and the next start waits until its old children are gone', async () => {
    const owner = await bench.own();
    await ask(urlOf(owner), 'UPDATE kept SET answer = 43');
    process.kill(bench.serverPid(), 'SIGKILL');
    await owner.kill();

    const next = await bench.start();
    expect(next.adopted).toBe(false);
    expect(await ask(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 43 }]);
  });

  it('is started again though another process has its number now', async () => {
    const owner = await bench.own();
    await ask(urlOf(owner), 'UPDATE kept SET answer = 43');
    await owner.kill();
    killWholeServer();
    const other = spawn('sleep', ['60']);
    const lock = join(bench.pgData, 'postmaster.pid');
    writeFileSync(lock, readFileSync(lock, 'utf8').replace(/^\d+/, String(other.pid)));

    const next = await bench.start();
    expect(await ask(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 43 }]);
    await next.stop();
    expect(other.exitCode).toBeNull(); // nobody took it for the server
    other.kill();
  });
});

describe('a server that dies under its living owner', () => {
  let said: string[];
  let postgres: EmbeddedPostgres;
  beforeEach(async () => {
    said = [];
    postgres = await bench.start((level, message) => said.push(`${level}: ${message}`));
    await ask(postgres.url, 'UPDATE kept SET answer = 43');
  });
  const saidThat = (what: string | RegExp): Promise<boolean> =>
    until(`said: ${what}`, () => said.some((message) => message.search(what) >= 0));

  it.each([
    ['by kill -9 of its first process', () => process.kill(bench.serverPid(), 'SIGKILL')],
    ['by kill -9 of all its processes', killWholeServer],
    ['because somebody stopped it', () => process.kill(bench.serverPid(), 'SIGINT')],
  ])('%s is started again at the same address, with every committed row', async (_how, kill) => {
    const pid = bench.serverPid();
    kill();
    await saidThat('info: the bundled Postgres is up again');
    expect(said[0]).toMatch(/^warn: the bundled Postgres went away/);
    expect(bench.serverPid()).not.toBe(pid);
    expect(await ask(postgres.url, 'SELECT answer FROM kept')).toEqual([{ answer: 43 }]);
    await expect(startEmbeddedPostgres({ dataDir: bench.dataDir })).rejects.toThrow(DataDirInUse);

    await postgres.stop();
    expect(bench.serverIsUp()).toBe(false);
  });

  it('and starts itself again is owned again: a second owner is still refused', async () => {
    const [session] = await ask(
      postgres.url,
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'vigil owner'`,
    );
    process.kill(Number(session?.pid), 'SIGKILL'); // Postgres ends every session and recovers
    await saidThat('info: the bundled Postgres is up again');
    await expect(startEmbeddedPostgres({ dataDir: bench.dataDir })).rejects.toThrow(DataDirInUse);
  });

  it('and cannot start is tried again, each time with its reason, until it can', async () => {
    const control = join(bench.pgData, 'global', 'pg_control');
    renameSync(control, `${control}.away`);
    killWholeServer();
    await saidThat(/error: the bundled Postgres cannot be brought back yet, next try in 0.5 s: .*pg_control/s);
    expect(await answers(postgres.url)).toBe(false);
    renameSync(`${control}.away`, control);
    await saidThat('info: the bundled Postgres is up again');
    expect(await ask(postgres.url, 'SELECT answer FROM kept')).toEqual([{ answer: 43 }]);
  });

  it('and cannot start does not keep its owner from ending', async () => {
    renameSync(join(bench.pgData, 'global', 'pg_control'), join(bench.home, 'pg_control'));
    killWholeServer();
    await saidThat('next try in 1 s');
    const askedMs = performance.now();
    await postgres.stop();
    expect(performance.now() - askedMs).toBeLessThan(1_000);
    const lines = said.length;
    expect(await answers(postgres.url)).toBe(false);
    expect(said).toHaveLength(lines);
  });

  it.each([
    ['before its owner has seen it', () => Promise.resolve()],
    ['while its owner starts it again', () => saidThat('went away')],
  ])('%s, who is told to end just then, stays dead', async (_when, moment) => {
    killWholeServer();
    await moment();
    await postgres.stop();
    expect(await answers(postgres.url)).toBe(false);
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(bench.pgData);
  });

  it('says its password to nobody', async () => {
    const { password } = new URL(postgres.url);
    renameSync(join(bench.pgData, 'global', 'pg_control'), join(bench.home, 'pg_control'));
    killWholeServer();
    await saidThat('next try');
    const serverLog = readFileSync(join(bench.dataDir, 'postgres', 'server.log'), 'utf8');
    expect(said.join('\n') + serverLog).not.toContain(password);
  });
});
