import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findLoki, LOKI_VERSION, lokiPath } from './loki-program.ts';
import { findInstalled } from './server-process.ts';

/*
 * `npm run lab:loki`: builds Loki from its Go module, once for each version. No package of npm or Debian has Loki.
 */

const MODULE = `github.com/grafana/loki/v3@v${LOKI_VERSION}`;
const MODULE_SUM = 'h1:bJ0WFWVOjgvG/jYmT9fIX15SYXXDwuEu/IMgTwMA97U=';

/**
 * Loki's go.mod replaces this module by a folder of its repository; a module's archive does not hold nested modules, so
 * the published one takes its place: the version that go.mod requires, with its sums.
 */
const NESTED = 'github.com/grafana/loki/pkg/push';
const NESTED_SUMS = `${NESTED} v0.0.0-20250630054201-94c0ba7b0952 h1:rLzoJGDnoXsZV2j/2atL6OVk9AHluTbDOD8Ls9trtIA=
${NESTED} v0.0.0-20250630054201-94c0ba7b0952/go.mod h1:ny/0bFitf8KNZkZfweaI4hmwb5XPhaFD2d0kVcyKmjo=
`;

/** Of what a failed command said. Go names each module that it downloads: hundreds of lines. */
const LAST_LINES = 15;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Loki was not built; the message says why. */
class NotBuilt extends Error {}

async function build(): Promise<void> {
  const go = findInstalled(['go']);
  if (!go) throw new NotBuilt('Go is not installed (https://go.dev/dl; Loki 3.7 wants 1.26 or newer).');
  const target = lokiPath();
  await mkdir(dirname(target), { recursive: true });
  const work = await mkdtemp(`${target}-build-`);
  try {
    say(
      `Building Loki ${LOKI_VERSION} from its Go module. This takes 5 to 15 minutes and some gigabytes of Go's caches, once.`,
    );
    const { Dir, Sum } = JSON.parse(run(go, ['mod', 'download', '-json', MODULE])) as { Dir: string; Sum: string };
    if (Sum !== MODULE_SUM) throw new NotBuilt(`The module that came has the sum ${Sum}, not ${MODULE_SUM}.`);
    const source = join(work, 'source');
    run('cp', ['-r', Dir, source]);
    run('chmod', ['-R', 'u+w', source]); // Go's cache is read-only
    run(go, ['mod', 'edit', `-dropreplace=${NESTED}`], source);
    await appendFile(join(source, 'go.sum'), NESTED_SUMS);
    const version = `-X github.com/grafana/loki/v3/pkg/util/build.Version=${LOKI_VERSION}`;
    const binary = join(work, 'loki');
    // Two compilers at a time, and after everybody else: the machine is also used for something else.
    run(
      'nice',
      ['-n', '10', go, 'build', '-p', '2', '-trimpath', '-ldflags', `-s -w ${version}`, '-o', binary, './cmd/loki'],
      source,
    );
    await rename(binary, target); // whole or not at all
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], cwd?: string): string {
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod -buildvcs=false' };
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return stdout;
  const lastWords = `${stderr ?? ''}\n${stdout ?? ''}`.trim().split('\n').slice(-LAST_LINES).join('\n');
  throw new NotBuilt(
    `\`${[command, ...args].join(' ')}\` failed: ${error?.message ?? `exit code ${status}`}.\n${lastWords}`,
  );
}

async function main(): Promise<void> {
  if (!findLoki()) await build();
  say(`Loki ${LOKI_VERSION} is at ${lokiPath()}; the lab takes it from there.`);
}

main().catch((error: unknown) => {
  const known = error instanceof NotBuilt;
  process.stderr.write(`\nLoki was not built. ${known ? error.message : String((error as Error).stack ?? error)}\n`);
  process.stderr.write('The lab goes on with a stand-in for Loki, and says so.\n');
  process.exit(1);
});
