import type { Asker } from '../../src/tools/toolbox';
import type { Toolbox } from '../../src/tools/toolbox';
import type { ToolOutcome } from '../../src/tools/tool';
import { startLoki } from '../stand-ins/loki.ts';
import type { LokiStandIn } from '../stand-ins/loki.ts';
import { ASKER, insideOf, toolboxFor } from './tool-bench';

/* the alert began at 19:20, now is 19:30: the range is 19:05 to 19:30, its baseline 18:40 to 19:05 */
const nanos = (time: string): string => `${Date.parse(`2026-11-23T${time}Z`)}000000`;
const json = (level: string, msg: string, more: object = {}): string => JSON.stringify({ level, msg, ...more });

describe('log_patterns', () => {
  let loki: LokiStandIn;
  let toolbox: Toolbox;

  beforeEach(async () => {
    loki = await startLoki();
    toolbox = toolboxFor({ prometheus: { endpoint: loki.url }, loki: { endpoint: loki.url, tenantId: 'shop' } });
  });
  afterEach(() => loki.stop());

  const ask = (input: unknown, asker: Partial<Asker> = {}): Promise<ToolOutcome> =>
    toolbox.run({ name: 'log_patterns', input, handle: 'r4' }, { ...ASKER, ...asker }, AbortSignal.timeout(10_000));
  const linesOf = async (input: unknown, asker: Partial<Asker> = {}): Promise<string[]> =>
    insideOf((await ask(input, asker)).text).split('\n');
  const log = (service: string, times: readonly string[], line: (i: number) => string): void =>
    times.forEach((time, i) => loki.append({ env: 'prod', service }, [nanos(time), line(i)]));
  const every = (from: string, seconds: number, count: number): string[] =>
    Array.from({ length: count }, (_, i) =>
      new Date(Date.parse(`2026-11-23T${from}Z`) + i * seconds * 1000).toISOString().slice(11, 19),
    );

  it('tells what is new, risen, gone, fallen and the same, beside a window of the same length before', async () => {
    log('payments', every('18:40:00', 30, 100), (i) => json('info', `charge ${i} taken in ${i * 7} ms`));
    log('payments', ['18:50:00', '18:55:00'], (i) => json('warn', `slow query: ${i + 2}.4s`));
    log('payments', every('19:10:00', 30, 30), (i) => json('warn', `slow query: ${i + 2}.4s`));
    log('orders', every('18:41:00', 60, 8), (i) => json('info', `batch ${i} settled`));
    log('orders', every('18:41:00', 20, 40), () => json('debug', 'cache hit'));
    log('orders', every('19:06:00', 60, 10), () => json('debug', 'cache hit'));
    const trace = { trace_id: '95eabee412ed9c8edde16b800f70f3ef', status: 500 };
    log('payments', ['19:12:03'], () => json('error', "charge failed: reading 'currency'", trace));
    log('orders', ['19:12:04', '19:12:09'], (i) => json('error', `payments answered 500 to order ${i + 40}`));
    expect(await linesOf({ query: '{env="prod"}' })).toEqual([
      'query: {env="prod"}',
      'range: 2026-11-23T19:05:00Z to 2026-11-23T19:30:00Z',
      'baseline: 2026-11-23T18:40:00Z to 2026-11-23T19:05:00Z, 100 lines',
      'result: 6 patterns of 93 lines: 2 new, 1 risen, 1 gone, 1 fallen, 1 the same',
      "new count=1 before=0 first=2026-11-23T19:12:03Z level=error service=payments trace=95eabee412ed9c8edde16b800f70f3ef: charge failed: reading 'currency' (status 500)",
      'new count=2 before=0 first=2026-11-23T19:12:04Z last=2026-11-23T19:12:09Z level=error service=orders: payments answered 500 to order <*> | e.g. payments answered 500 to order 40',
      'risen count=30 before=2 first=2026-11-23T19:10:00Z last=2026-11-23T19:24:30Z level=warn service=payments: slow query: <*> | e.g. slow query: 2.4s',
      'gone count=0 before=8 first=2026-11-23T18:41:00Z last=2026-11-23T18:48:00Z level=info service=orders: batch <*> settled | e.g. batch 0 settled',
      'fallen count=10 before=40 first=2026-11-23T19:06:00Z last=2026-11-23T19:15:00Z level=debug service=orders: cache hit',
      'same: 50 lines in 1 pattern, about as often as before: 50 of "charge <*> taken in <*> ms"',
    ]);
  });
});
