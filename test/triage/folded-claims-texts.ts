import type { SentText } from '../../src/domain/sent-texts';
import type { LogEntry } from '../../src/tools/loki/loki-client';
import { logText } from '../../src/tools/loki/log-text';

const QUERY = '{service=~"checkout|payments"}';

function entry(time: string, service: string, fields: Readonly<Record<string, unknown>>): LogEntry {
  const line = JSON.stringify({ ts: time, service, region: 'eu-1', ...fields });
  return { nanos: BigInt(Date.parse(time)) * 1_000_000n, labels: { env: 'prod', service }, line, extracted: {} };
}

const at = (seconds: number): string => new Date(Date.parse('2026-11-24T12:03:00Z') + seconds * 1000).toISOString();

/** Forty orders fail of two reasons, six charges are tried again; one service has started, one line is rare. */
const ENTRIES: readonly LogEntry[] = [
  entry('2026-11-24T12:01:30.000Z', 'payments', {
    level: 'info',
    msg: 'started',
    version: '2.14.0',
    revision: '9f3c2e1',
  }),
  ...Array.from({ length: 40 }, (_, i) =>
    entry(at(i * 10), 'checkout', {
      level: 'error',
      msg: `order ${1000 + i} failed: payments answered ${i % 4 === 3 ? 504 : 503}`.replace(/ 50[34]$/, ' 503'),
      status: i % 4 === 3 ? 504 : 503,
      duration_ms: 2000 + i * 10,
      order_id: `ord-${1000 + i}`,
      trace_id: `${i}7a1ee0bb4bf92f3577b34da6a3ce929d`.slice(0, 32),
    }),
  ),
  ...Array.from({ length: 6 }, (_, i) =>
    entry(at(20 + i * 10), 'checkout', { level: 'warn', msg: 'retry of a charge' }),
  ),
  entry('2026-11-24T12:07:00.000Z', 'payments', { level: 'warn', msg: 'certificate of payments-db expires in 3 h' }),
].sort((a, b) => Number(a.nanos - b.nanos));

const TEXT = `query: ${QUERY}\nrange: 2026-11-24T11:50:00Z to 2026-11-24T12:20:00Z\n${logText(ENTRIES, 100, 5_800)}`;

export const FOLDED_SENT: ReadonlyMap<string, SentText> = new Map([
  ['r1', { handle: 'r1', source: 'query_logs', status: 'ok', text: TEXT, input: { query: QUERY, start: '-30m' } }],
]);
