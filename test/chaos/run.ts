import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { playRun } from './chaos-run.ts';
import type { SeenRun } from './chaos-run.ts';
import { FULL, SHORT } from './fault-plan.ts';
import { judge } from './judge.ts';
import type { Judgement } from './judge.ts';

/* `npm run test:chaos [-- --seed N | --seeds N-M] [--short] [--logs DIR]`: the closing table on standard output. */

const print = (line: string): void => void process.stdout.write(`${line}\n`);

interface Options {
  readonly seeds: readonly number[];
  readonly isShort: boolean;
  readonly logs?: string;
}

class UsageError extends Error {}

const interrupted = new Promise<never>((_, reject) => {
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      signals += 1;
      /* the second one does not wait for the orderly end */
      if (signals > 1) process.exit(1);
      reject(new Error('the run was interrupted'));
    });
  }
});
interrupted.catch(() => undefined);

/** @returns whether all held */
async function runSeed(seed: number, { isShort, logs }: Options): Promise<boolean> {
  const startedMs = performance.now();
  const steps: (() => Promise<unknown>)[] = [];
  const note = (text: string): void =>
    void process.stderr.write(`seed ${seed}, ${((performance.now() - startedMs) / 1000).toFixed(1)} s: ${text}\n`);
  print(`Chaos, seed ${seed}${isShort ? ', short' : ''}`);
  try {
    const size = isShort ? SHORT : FULL;
    const seen = await Promise.race([playRun({ seed, size, note, undo: steps.push.bind(steps) }), interrupted]);
    const judgement = await judge(seen);
    if (logs !== undefined) keepLogs(join(logs, `seed-${seed}`), seen, judgement);
    tell(seed, isShort, judgement, (performance.now() - startedMs) / 1000);
    return judgement.violations.length === 0;
  } finally {
    for (const step of steps.reverse()) await step().catch((error: unknown) => note(String(error)));
  }
}

function tell(seed: number, isShort: boolean, { figures, violations }: Judgement, seconds: number): void {
  const rows = { seed, ...figures, seconds: seconds.toFixed(1) };
  for (const [name, value] of Object.entries(rows)) print(`  ${name.padEnd(20)} ${value}`);
  if (violations.length === 0) return;
  print(`  violated ${violations.length === 1 ? 'once' : `${violations.length} times`}:`);
  for (const violation of violations) print(`  - ${violation}`);
  print(`  To run it again: npm run test:chaos -- --seed ${seed}${isShort ? ' --short' : ''} --logs DIR`);
}

/** For whoever looks for the reason. */
function keepLogs(folder: string, { lives, faults, world }: SeenRun, judgement: Judgement): void {
  mkdirSync(folder, { recursive: true });
  for (const { replica, number, log } of lives) writeFileSync(join(folder, `${number}-${replica}.log`), log.join('\n'));
  const write = (name: string, list: readonly object[]): void =>
    writeFileSync(join(folder, name), list.map((one) => `${JSON.stringify(one, shortLives)}\n`).join(''));
  write('faults.jsonl', faults);
  write(
    'model-calls.jsonl',
    world.modelCalls.map(({ entry, ...call }) => ({ ...call, answered: entry.answered })),
  );
  write('queries.jsonl', world.backendCalls);
  write('judgement.jsonl', [judgement]);
}

function shortLives(name: string, value: unknown): unknown {
  if (name !== 'life' || typeof value !== 'object' || value === null) return value;
  const { replica, number } = value as { replica: string; number: number };
  return `${number}-${replica}`;
}

function readOptions(): Options {
  const options = { seed: 'string', seeds: 'string', short: 'boolean', logs: 'string' } as const;
  const { values } = parse(Object.fromEntries(Object.entries(options).map(([name, type]) => [name, { type }])));
  const { seed, seeds, short, logs } = values as { seed?: string; seeds?: string; short?: boolean; logs?: string };
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(seeds ?? seed ?? String(Date.now() % 100_000)) ?? [];
  if (first === undefined) throw new UsageError('A seed is a whole number; --seeds wants two, as in 1-10.');
  const count = Math.max(1, Number(last ?? first) - Number(first) + 1);
  return { seeds: Array.from({ length: count }, (_, i) => Number(first) + i), isShort: short === true, logs };
}

function parse(options: NonNullable<Parameters<typeof parseArgs>[0]>['options']) {
  try {
    return parseArgs({ options });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function main(): Promise<boolean> {
  const options = readOptions();
  let passed = 0;
  for (const seed of options.seeds) if (await runSeed(seed, options)) passed += 1;
  const failed = options.seeds.length - passed;
  // In jest's words: .ci/run adds up what such lines say.
  print(`Tests: ${failed > 0 ? `${failed} failed, ` : ''}${passed} passed, ${options.seeds.length} total`);
  return failed === 0;
}

main().then(
  (held) => process.exit(held ? 0 : 1),
  (error: unknown) => {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message} The options: --seed N, --seeds N-M, --short, --logs DIR.\n`);
      process.exit(2);
    }
    process.stderr.write(`The run stopped: ${String((error as Error).stack ?? error)}\n`);
    process.exit(1);
  },
);
