import { parseArgs } from 'node:util';
import { BenchStopped } from './bench.ts';
import type { Bench, BenchContext, Figure } from './bench.ts';
import { context } from './context.ts';
import { crowd } from './crowd.ts';
import { flood } from './flood.ts';
import { ingest } from './ingest.ts';
import { resume } from './resume.ts';
import { start } from './start.ts';
import { turn } from './turn.ts';
import { wakeUp } from './wake-up.ts';

/* `npm run bench [-- NAME…] [--short] [--cpu-prof DIR] [--texts DIR]`: figures on standard output, one JSON line each; the rest on standard error. */

const BENCHES: ReadonlyMap<string, Bench> = new Map([
  ['ingest', ingest],
  ['flood', flood],
  ['wake_up', wakeUp],
  ['turn', turn],
  ['crowd', crowd],
  ['start', start],
  ['resume', resume],
  ['context', context],
]);

const note = (text: string): void => void process.stderr.write(`${text}\n`);

const interrupted = new Promise<never>((_, reject) => {
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      signals += 1;
      /* the second one does not wait for the orderly end */
      if (signals > 1) process.exit(1);
      reject(new BenchStopped('it was interrupted'));
    });
  }
});
interrupted.catch(() => undefined);

type Options = Pick<BenchContext, 'short' | 'profileDir' | 'textsDir'>;

async function run(name: string, bench: Bench, options: Options): Promise<void> {
  const steps: (() => Promise<unknown>)[] = [];
  const given = { ...options, note: (text: string) => note(`${name}: ${text}`), undo: steps.push.bind(steps) };
  try {
    const figures = await Promise.race([bench(given), interrupted]);
    for (const figure of figures) print(name, figure);
  } finally {
    for (const step of steps.reverse()) await step().catch((error: unknown) => note(`${name}: ${String(error)}`));
  }
}

function print(bench: string, { figure, value, unit, calibration, ratio, more }: Figure): void {
  const rounded = { value: round(value), unit, calibration: round(calibration), ratio: ratio && round(ratio) };
  process.stdout.write(`${JSON.stringify({ bench, figure, ...rounded, ...more })}\n`);
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  const unknown = positionals.filter((name) => !BENCHES.has(name));
  if (unknown.length > 0) throw usage(`There is no bench ${unknown.join(', ')}.`);
  const options = { short: values.short === true, profileDir: values['cpu-prof'], textsDir: values.texts };
  for (const [name, bench] of BENCHES) {
    if (positionals.length === 0 || positionals.includes(name)) await run(name, bench, options);
  }
}

function readArguments() {
  try {
    return parseArgs({
      options: { short: { type: 'boolean' }, 'cpu-prof': { type: 'string' }, texts: { type: 'string' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw usage((error as Error).message);
  }
}

class UsageError extends Error {}

function usage(what: string): UsageError {
  const names = [...BENCHES.keys()].join(', ');
  return new UsageError(`${what} The benches: ${names}. The options: --short, --cpu-prof DIR, --texts DIR.`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (error instanceof UsageError) {
      note(error.message);
      process.exit(2);
    }
    const known = error instanceof BenchStopped;
    note(`The bench stopped: ${known ? error.message : String((error as Error).stack ?? error)}`);
    process.exit(1);
  },
);
