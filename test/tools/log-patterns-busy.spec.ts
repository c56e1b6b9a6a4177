import type { ToolOutcome } from '../../src/tools/tool';
import type { Asker } from '../../src/tools/toolbox';
import { startLoki } from '../stand-ins/loki.ts';
import type { LokiStandIn } from '../stand-ins/loki.ts';
import { busyLogs, NEW_AFTER_MS, NEW_INFO, OLD_RARE, RARE, RARE_AFTER_MS, RISEN } from './busy-logs';
import { ASKER, insideOf, toolboxFor } from './tool-bench';

const PER_HALF = 7_000;
const INPUT = { query: '{env="prod"} # all of it', start: '-30m' };
const onset = ASKER.now.getTime() - 30 * 60_000;
/* lines are shown to the second */
const second = (ms: number): string =>
  new Date(Math.floor((onset + ms) / 1000) * 1000).toISOString().replace('.000Z', 'Z');

describe('log_patterns, where a window holds far more lines than are read', () => {
  let loki: LokiStandIn;
  let outcome: ToolOutcome;
  let lines: string[];

  const ask = (asker: Partial<Asker> = {}): Promise<ToolOutcome> =>
    toolboxFor({ prometheus: { endpoint: loki.url }, loki: { endpoint: loki.url } }).run(
      { name: 'log_patterns', input: INPUT, handle: 'r4' },
      { ...ASKER, ...asker },
      AbortSignal.timeout(10_000),
    );
  const lineOf = (text: string): string | undefined => lines.find((line) => line.includes(text));

  beforeAll(async () => {
    loki = await startLoki({ streams: busyLogs(ASKER.now, PER_HALF) });
    const begun = performance.now();
    outcome = await ask();
    lines = insideOf(outcome.text).split('\n');
    process.stdout.write(
      `busy logs: ${outcome.text.length} characters, ${loki.journal.length} requests, ${(performance.now() - begun).toFixed(0)} ms\n`,
    );
  });
  afterAll(() => loki.stop());

  it('says how the windows were read, and never an estimate as a count', () => {
    expect(lines[1]).toMatch(
      /^range: 2026-11-23T19:00:00Z to 2026-11-23T19:30:00Z, sampled: 3000 of 7\d\d\d lines, the newest 500 of each 300 s, and all 17 that name a failure$/,
    );
    expect(lines[2]).toMatch(/^baseline: .*, sampled: 3000 of 7006 lines, .*, and all 14 that name a failure$/);
    expect(lines.at(-1)).toMatch(
      /^note: where a rate stands, the counts are of the sample and the rate is an estimate/,
    );
  });

  it('calls the three lines of an error new, with all of them and the time of the first', () => {
    expect(lineOf(RARE)).toBe(
      `new count=3 before=0 first=${second(RARE_AFTER_MS)} last=${second(RARE_AFTER_MS + 14_000)} level=error service="ledger" trace=${'0'.padStart(32, 'c')}: ${RARE}`,
    );
  });

  it('calls new what all of the baseline does not hold, with the time of its first line, which is not in the sample', () => {
    expect(lineOf(NEW_INFO)).toMatch(
      new RegExp(`^new count=\\d+ before=0 rate=[\\d.]+/min before_rate=0/min first=${second(NEW_AFTER_MS)} `),
    );
  });

  it('tells what has risen from what came as often before', () => {
    expect(lineOf(RISEN)).toMatch(/^risen count=\d+ before=\d+ rate=1\d\/min before_rate=[\d.]+\/min .*level=warn/);
    /* in no line of the sample before: it was looked for in all of them */
    expect(outcome.full).toMatch(new RegExp(`^same count=6 before=6 .*: ${OLD_RARE}$`, 'm'));
    expect(lines.some((line) => /^(?:new|seen) .*(?:card declined|order <\*> placed)/.test(line))).toBe(false);
  });

  it('asks Loki a bounded number of times', () => {
    expect(loki.journal.length).toBeLessThanOrEqual(24);
    expect(loki.journal.every(({ params }) => Number(params.get('limit') ?? 0) <= 2000)).toBe(true);
  });

  it('tells what the parts that came say, where others did not', async () => {
    let slices = 0;
    loki.fault(({ params }) =>
      params.get('limit') === '500' && slices++ % 3 === 1
        ? { kind: 'answer', status: 504, contentType: 'text/plain', body: 'request timed out' }
        : undefined,
    );
    const text = insideOf((await ask()).text);
    loki.fault(() => undefined);
    expect(text).toMatch(/ \(\d of 6 parts could not be read\)/);
    expect(text).toMatch(/^new count=3 before=0 .*ledger write failed/m);
  });

  it('takes a sample of the frequent failures, where they are many, and reads the rare ones whole', async () => {
    const at = (ms: number): string => `${onset + ms}000000`;
    for (let i = 0; i < 2_400; i++) {
      loki.append({ env: 'prod', service: 'cart' }, [
        at(i * 700),
        JSON.stringify({ level: 'error', msg: `cart ${i} is gone from the store` }),
      ]);
      loki.append({ env: 'prod', service: 'cart' }, [at(i * 700 - 1_800_000), `ERROR stock ${i} cannot be read`]);
    }
    loki.append({ env: 'prod', service: 'cart' }, [at(1_000), 'ERROR the cart "x" cannot be written']);
    for (let i = 0; i < 1_400; i++) {
      loki.append({ env: 'prod', service: 'cart' }, [at(300_000 + i * 1_000), 'ERROR the cart "x" cannot be written']);
    }
    /* at no moment that a sample of the failures holds */
    loki.append({ env: 'prod', service: 'cart' }, [at(500_000), 'ERROR the disk of cart-1 is full']);
    loki.append({ env: 'prod', service: 'cart' }, [at(501_000), 'ERROR the disk of cart-2 is full']);
    const before = loki.journal.length;
    const text = insideOf((await ask()).text);
    expect(loki.journal.length - before).toBeLessThanOrEqual(36);
    expect(text).toContain(
      `new count=2 before=0 first=${second(500_000)} last=${second(501_000)} level=error service="cart": the disk of cart-<*> is full`,
    );
    expect(text).toMatch(
      /^range: .*, and 20\d\d that name a failure, all but for the most frequent kinds of them \(2\)$/m,
    );
    expect(text).toMatch(
      new RegExp(`^new count=\\d+ before=0 rate=.* first=${second(1_000)} .*: the cart "x" cannot be written$`, 'm'),
    );
    /* of the range all failures were read but those of two other kinds: it is gone indeed */
    expect(text).toMatch(/^gone count=0 before=\d+ rate=0\/min before_rate=\d+\/min .*: stock <\*> cannot be read/m);
  });
});
