import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const DIST = join(__dirname, '../../dist/tools/anomalies/rank-series.js');

/** What the program does with three series of which one has changed. */
const SCRIPT = `
  const { rankSeries } = require(${JSON.stringify(DIST)});
  const values = new Float64Array(360);
  for (let i = 0; i < 360; i += 1) values[i] = 10 + Math.sin(i * 12.9898) + (i >= 200 && i < 240 ? 30 : 0);
  const job = { values, points: 120, counters: new Uint8Array(3), stepSeconds: 30, preferred: 80 };
  rankSeries(job, AbortSignal.timeout(20000)).then((result) => console.log(JSON.stringify(result)));
`;

describe('The thread that scores', () => {
  it('is found where the program is built', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', SCRIPT], { timeout: 25_000 });
    const { changes } = JSON.parse(stdout) as { changes: { series: number; onset: number; kind: string }[] };
    expect(changes.map(({ series, onset, kind }) => [series, onset, kind])).toEqual([[1, 80, 'level']]);
  });

  it('ends with its call, also when that is given up', async () => {
    const script = SCRIPT.replace('AbortSignal.timeout(20000)', 'AbortSignal.abort(new Error("given up"))').replace(
      '.then((result) => console.log(JSON.stringify(result)))',
      '.catch((error) => console.log(error.message))',
    );
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { timeout: 25_000 });
    expect(stdout).toBe('given up\n');
  });
});
