import { readLines } from '../../demo/reading.ts';
import type { LogEntry } from '../../src/tools/loki/loki-client';
import { logText } from '../../src/tools/loki/log-text';

const START = Date.parse('2026-11-23T19:10:00Z');

function entry(seconds: number, service: string, fields: object): LogEntry {
  const line = JSON.stringify({ service, version: '2.14.0', ...fields });
  const nanos = BigInt(START + seconds * 1000) * 1_000_000n;
  return { nanos, line, labels: { env: 'prod', service }, extracted: {} };
}

describe('The scripts of demo and lab', () => {
  const see = (entries: readonly LogEntry[]) =>
    readLines({
      name: 'query_logs',
      isError: false,
      text: `[r3] query_logs\n${logText(entries, 100, 5_000)}`,
    } as never);

  it('read log lines as query_logs shows them', () => {
    const lines = see([
      entry(0, 'payments', { level: 'info', msg: 'started', revision: '9f3c2e1' }),
      ...[1, 2, 3, 4].map((at) =>
        entry(at, 'checkout', {
          level: 'error',
          msg: 'order failed: payments',
          upstream: 'payments',
          status: 502,
          trace_id: `t${at}`,
        }),
      ),
      entry(9, 'payments', { level: 'warn', msg: 'flag "x y" on', flag: 'x y', pool: 3 }),
    ]);
    expect(
      lines.map(({ handle, at, last, fields }) => [handle, at - START / 1000, last - START / 1000, fields]),
    ).toEqual([
      [
        'r3',
        0,
        0,
        { env: 'prod', version: '2.14.0', service: 'payments', level: 'info', msg: 'started', revision: '9f3c2e1' },
      ],
      [
        'r3',
        1,
        4,
        {
          env: 'prod',
          version: '2.14.0',
          service: 'checkout',
          level: 'error',
          msg: 'order failed: payments',
          upstream: 'payments',
          status: '502',
          trace_id: 't1',
        },
      ],
      [
        'r3',
        9,
        9,
        {
          env: 'prod',
          version: '2.14.0',
          service: 'payments',
          level: 'warn',
          msg: 'flag "x y" on',
          flag: 'x y',
          pool: '3',
        },
      ],
    ]);
    for (const { quote } of lines) expect(quote).toMatch(/^2026-11-23T19:10:0\d/);
  });

  it('take the level that all lines share, and of several values the most frequent', () => {
    const lines = see([
      ...[1, 2, 3, 4].map((at) => entry(at, 'a', { level: 'error', msg: 'x', upstream: at === 1 ? 'b' : 'c' })),
      entry(5, 'b', { level: 'error', msg: 'y' }),
    ]);
    expect(lines.map(({ fields }) => [fields.level, fields.msg, fields.upstream])).toEqual([
      ['error', 'x', 'c'],
      ['error', 'y', undefined],
    ]);
  });
});
