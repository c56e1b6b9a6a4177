import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { BenchStopped } from './bench.ts';
import type { BenchContext } from './bench.ts';

/** The most that a process has held so far. Linux only. */
export function peakRssMegabytes(pid: number): number {
  return field(pid, 'VmHWM');
}

/** What a process holds now. Linux only. */
export function rssMegabytes(pid: number): number {
  return field(pid, 'VmRSS');
}

/** A Node that does nothing: what the language alone takes. @returns its process id */
export async function bareNode({ undo }: BenchContext): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'console.log(); process.stdin.resume()'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  undo(() => Promise.resolve(child.kill('SIGKILL')));
  await once(child.stdout, 'data');
  return child.pid!;
}

function field(pid: number, name: string): number {
  try {
    const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return (Number(kibibytes) * 1024) / 1e6;
  } catch (error) {
    throw new BenchStopped(`memory is read from /proc/${pid}/status, as Linux shows it: ${(error as Error).message}`);
  }
}
