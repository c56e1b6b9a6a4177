import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** How `npm run bench` ended. */
export interface RanBench {
  readonly code: number | null;
  /** The lines on standard output. */
  readonly lines: readonly string[];
  readonly errors: string;
}

/**
 * Runs the benchmarks as a person does.
 * @param temporary where they keep their files meanwhile
 * @param interruptAt what they are interrupted at, when they say it on standard error
 */
export async function runBench(args: readonly string[], temporary: string, interruptAt?: string): Promise<RanBench> {
  const env = { PATH: process.env.PATH, TMPDIR: temporary };
  const child = spawn(process.execPath, ['bench/run.ts', ...args], { cwd: ROOT, env });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
    if (interruptAt !== undefined && errors.includes(interruptAt) && !child.killed) child.kill('SIGINT');
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, lines: out.split('\n').filter((line) => line !== ''), errors };
}
