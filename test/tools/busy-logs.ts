import type { LogLine, LogStream } from '../stand-ins/loki.ts';

/** What the logs of `busyLogs` hold besides the usual. */
export const RARE = 'ledger write failed: could not serialize access due to concurrent update';
export const NEW_INFO = 'currency table reloaded from flag-store';
export const OLD_RARE = 'retention sweep of the archive finished';
export const RISEN = 'connection pool is nearly full';

const MINUTE_MS = 60_000;
/** Twenty minutes after the range began: not a moment at which a slice ends. */
export const RARE_AFTER_MS = 20 * MINUTE_MS + 4_321;
/** Nine minutes before the end. */
export const NEW_AFTER_MS = 21 * MINUTE_MS + 765;

/**
 * An hour of busy logs, `perHalf` lines in each half of it. In the second half three lines of an error are new, and many
 * of a piece of information; a warning comes ten times as often; another line is as rare as it was.
 */
export function busyLogs(end: Date, perHalf: number): LogStream[] {
  const streams = new Map<string, LogLine[]>();
  const onset = end.getTime() - 30 * MINUTE_MS;
  const start = onset - 30 * MINUTE_MS;
  const add = (service: string, at: number, fields: object): void => {
    const lines = streams.get(service) ?? [];
    lines.push([`${Math.floor(at)}000000`, JSON.stringify({ ts: new Date(at).toISOString(), ...fields })]);
    streams.set(service, lines);
  };
  for (let i = 0; i < 2 * perHalf; i++) {
    const at = start + ((i + 0.5) * 30 * MINUTE_MS) / perHalf;
    add(`s${i % 3}`, at, usual(i, at >= onset));
    if (at >= onset + NEW_AFTER_MS && i % 30 === 0) add('s1', at, { level: 'info', msg: NEW_INFO });
  }
  add('s1', onset + NEW_AFTER_MS, { level: 'info', msg: NEW_INFO });
  for (let i = 0; i < 6; i++) {
    /* before, at moments of each five minutes that no sample of their ends holds */
    add('archive', start + i * 5 * MINUTE_MS + 60_000, { level: 'info', msg: OLD_RARE });
    add('archive', onset + (i + 1) * 5 * MINUTE_MS - 5_000, { level: 'info', msg: OLD_RARE });
  }
  for (let i = 0; i < 3; i++) {
    add('ledger', onset + RARE_AFTER_MS + i * 7_000, { level: 'error', msg: RARE, trace_id: `${i}`.padStart(32, 'c') });
  }
  return Array.from(streams, ([service, lines]) => ({
    labels: { env: 'prod', service },
    lines: lines.toSorted(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : 1)),
  }));
}

function usual(i: number, isAfter: boolean): object {
  if (i % 500 === 7) return { level: 'error', msg: `order ${i} failed: card declined` };
  if (i % (isAfter ? 20 : 200) === 3) return { level: 'warn', msg: `${RISEN}: ${40 + (i % 9)} of 50` };
  if (i % 3 === 0) return { level: 'info', msg: 'request', status: 200, duration_ms: i % 900 };
  if (i % 3 === 1) return { level: 'info', msg: `order ${i} placed by customer ${i * 7}` };
  return { level: 'debug', msg: `cache miss for key cart:${i}, read ${i % 5000} bytes` };
}
