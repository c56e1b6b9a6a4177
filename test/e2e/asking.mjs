import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/*
 * Asks the paths of the command line, one after the other, by the built program's own client, and says after each what it
 * got and the most memory that this process ever held: in a process of its own, so that nobody else's is counted.
 */

const require = createRequire(import.meta.url);
const { BackendClient } = require(join(import.meta.dirname, '..', '..', 'dist', 'tools', 'backend-client.js'));
const [endpoint, ...paths] = process.argv.slice(2);
const client = new BackendClient('Prometheus', { endpoint });

/** On Linux by the kernel's own mark: `maxRSS` counts there what the process that started this one held. */
function peakKilobytes() {
  const status = '/proc/self/status';
  if (!existsSync(status)) return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]);
}

for (const path of paths) {
  const signal = AbortSignal.timeout(20_000);
  const answer = await client.post(path, { query: 'up' }, signal).catch(String);
  const { kind, reason } = typeof answer === 'string' ? { kind: 'thrown', reason: answer } : answer;
  console.log(JSON.stringify({ path, kind, reason, peakKilobytes: peakKilobytes() }));
}
