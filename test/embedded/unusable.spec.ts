import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresUnusable } from '../../src/persistence/embedded/embedded-postgres-errors';
import { startEmbeddedPostgres } from '../../src/persistence/embedded/start-embedded-postgres';
import { answers, ask, describeAsRoot, EmbeddedBench } from './embedded-bench';

jest.setTimeout(60_000);

const bench = new EmbeddedBench();

/** @returns what the person reads */
async function refusal(): Promise<string> {
  const error = await startEmbeddedPostgres({ dataDir: bench.dataDir }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(EmbeddedPostgresUnusable);
  return (error as Error).message;
}

describe('a data directory is refused with what to do', () => {
  it('when another major version wrote it', async () => {
    await bench.makeCluster();
    writeFileSync(join(bench.pgData, 'PG_VERSION'), '15\n');
    expect(await refusal()).toMatch(/written by PostgreSQL 15, and this Vigil brings 18: .*--data-dir/);
  });

  it('when its files are damaged, with the end of the log', async () => {
    await bench.makeCluster();
    rmSync(join(bench.pgData, 'global', 'pg_control'));
    expect(await refusal()).toMatch(/ended at once.*pg_control/s);
  });

  it('when it is a file', async () => {
    writeFileSync(bench.dataDir, '');
    expect(await refusal()).toMatch(/cannot be used \(E\w+\): .*--data-dir/);
  });

  it('when its database folder is not one that Vigil made, and nothing in it is touched', async () => {
    const folder = join(bench.dataDir, 'postgres');
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    writeFileSync(join(folder, 'backup.sql'), 'SELECT 1;');
    expect(await refusal()).toMatch(/postgres exists, and it is not a database that Vigil made: .*--data-dir/);
    expect(readdirSync(folder)).toEqual(['backup.sql']);
    expect(statSync(folder).mode & 0o777).toBe(0o755);
  });

  it('when the server log names a reason that nobody foresaw, and the log holds no password', async () => {
    await bench.makeCluster();
    writeFileSync(join(bench.pgData, 'postgresql.conf'), 'no_such_setting = on\n');
    const said = await refusal();
    expect(said).toMatch(/ended at once; mend what the end of its log .* says.*no_such_setting/s);
    const password = readFileSync(join(bench.dataDir, 'postgres', 'password'), 'utf8').trim();
    expect(said).not.toContain(password);
  });
});

describe('a data directory is used', () => {
  it('next to what others keep in it', async () => {
    mkdirSync(join(bench.dataDir, 'photos'), { recursive: true });
    writeFileSync(join(bench.dataDir, 'photos', 'cat.jpg'), 'miaow');
    await bench.start();
    expect(readdirSync(bench.dataDir).sort()).toEqual(['photos', 'postgres']);
    expect(readFileSync(join(bench.dataDir, 'photos', 'cat.jpg'), 'utf8')).toBe('miaow');
  });

  it('beside what a killed first start left half made; an old one of these is removed', async () => {
    await bench.makeCluster();
    const [young, old] = ['postgres.new-young', 'postgres.new-old'].map((name) => join(bench.dataDir, name)) as [
      string,
      string,
    ];
    mkdirSync(young);
    mkdirSync(old);
    utimesSync(old, 0, 0);
    expect(await answers((await bench.start()).url)).toBe(true);
    expect(readdirSync(bench.dataDir).sort()).toEqual(['postgres', 'postgres.new-young']);
  });

  it('after its rights are closed again, where a volume opened them to a group', async () => {
    await bench.makeCluster();
    chmodSync(bench.pgData, 0o2770);
    chmodSync(join(bench.dataDir, 'postgres'), 0o2770);
    chmodSync(join(bench.dataDir, 'postgres', 'password'), 0o660);
    const { url } = await bench.start();
    expect(await ask(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(statSync(bench.pgData).mode & 0o777).toBe(0o700);
    expect(statSync(join(bench.dataDir, 'postgres')).mode & 0o777).toBe(0o700);
    expect(statSync(join(bench.dataDir, 'postgres', 'password')).mode & 0o777).toBe(0o600);
  });
});

describeAsRoot('a small disk of its own', () => {
  const FULL = /the disk that holds the data directory .* has no room .*: free 100 MB or more there, .*--data-dir/;

  it.each([
    ['cluster', 30],
    ['database in its cluster', 40],
  ])('that is too small for the %s is named, and no server is left on it', async (_what, megabytes) => {
    mkdirSync(bench.dataDir);
    const { answer } = await bench.own({ after: mount(bench.dataDir, megabytes) });
    expect(answer).toMatchObject({ error: 'EmbeddedPostgresUnusable', message: expect.stringMatching(FULL) as string });
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(bench.pgData);
  });

  it('that is full at a later start is named', async () => {
    await bench.makeCluster();
    const { answer } = await bench.own({ after: filled() });
    expect(answer).toMatchObject({ error: 'EmbeddedPostgresUnusable', message: expect.stringMatching(FULL) as string });
  });
});

/** The data directory on a disk of its own, without any room left. */
function filled(): string {
  const { dataDir, home } = bench;
  return `
    cp -a ${dataDir} ${home}/aside
    ${mount(dataDir, 80)}
    cp -a ${home}/aside/. ${dataDir}
    cat /dev/zero > ${dataDir}/fill 2>/dev/null || true`;
}

function mount(path: string, megabytes: number): string {
  return `mount -t tmpfs -o size=${megabytes}m,mode=0700 tmpfs ${path}`;
}
