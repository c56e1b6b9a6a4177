import { createInterface } from 'node:readline';

/*
 * Outlives a lab that was killed, by a moment: its standard input is a pipe that the lab holds, and when that closes it ends
 * the programs that the lab still had. `+<pid>` adds one, `-<pid>` takes one off.
 */

const pids = new Set<number>();

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const pid = Number(line.slice(1));
    if (line.startsWith('+')) pids.add(pid);
    else pids.delete(pid);
  })
  .on('close', () => {
    for (const pid of pids) endOne(pid);
  });

function endOne(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // it has ended
  }
}
