import type { LogLine } from '../../test/stand-ins/loki.ts';
import { dice, hex, iso, lineWith, minutesBefore, says } from './context-case.ts';
import type { ContextCase, Plan } from './context-case.ts';

const RARE = 'worker 7 killed: out of memory while it held the ledger lock';
const FREQUENT = "charge failed: Cannot read properties of undefined (reading 'currency')";
const NEW_PATTERN = 'sorry, too many clients already';
const FREQUENT_LINES = 78;

export function logCases(plan: Plan): ContextCase[] {
  return [lines(plan), patterns(plan)];
}

/** A hundred lines, of which one says what the others only suffer from. */
function lines(plan: Plan): ContextCase {
  const roll = dice(11);
  const start = minutesBefore(plan.now, 10);
  const all = Array.from({ length: 100 }, (_, i): LogLine => {
    const at = new Date(start.getTime() + 60_000 + i * 5000);
    /* 37 and 100 have no common divisor: the errors lie all over the time */
    if (i === 61) return line(roll, at, { level: 'fatal', msg: RARE, status: 0 });
    const place = (i * 37) % 100;
    const isError = place < FREQUENT_LINES || (place === FREQUENT_LINES && (61 * 37) % 100 < FREQUENT_LINES);
    if (isError) return line(roll, at, { level: 'error', msg: FREQUENT, status: 500, error: 'TypeError' });
    return line(roll, at, { level: 'info', msg: 'request', status: 200 });
  });
  const query = '{service="payments"} | json';
  return {
    figure: 'logs_100_lines',
    tool: 'query_logs',
    input: { query, start: iso(start), end: iso(plan.now), limit: 100 },
    world: { streams: [{ labels: { env: 'prod', service: 'payments' }, lines: all }] },
    raw: [{ from: 'loki', path: rangePath(query, start, plan.now, 100) }],
    facts: [says(RARE), lineWith(FREQUENT, String(FREQUENT_LINES))],
    targetTokens: 500,
  };
}

/** Twenty minutes of a busy service and the hour before them, which was as busy; one kind of line is new. */
function patterns(plan: Plan): ContextCase {
  const roll = dice(12);
  /* 5,000 is the most that Loki gives: of what lies beyond it nobody can say that it is new */
  const count = plan.share(5000);
  const novel = plan.share(40);
  const usual = (from: Date, to: Date, howMany: number): LogLine[] =>
    moments(from, to, howMany).map((at) => line(roll, at, ordinary(roll)));
  const all = [
    ...usual(minutesBefore(plan.onset, 60), plan.onset, 3 * (count - 2 * novel)),
    ...usual(plan.onset, plan.now, count - novel),
    ...moments(plan.onset, plan.now, novel).map((at) =>
      line(roll, at, { level: 'error', msg: `connect to db-${Math.floor(roll() * 9)}:5432 failed: ${NEW_PATTERN}` }),
    ),
  ].sort(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : 1));
  const query = '{service="payments"}';
  return {
    figure: 'patterns_5000_lines',
    tool: 'log_patterns',
    input: { query, start: iso(plan.onset), end: iso(plan.now) },
    world: { streams: [{ labels: { env: 'prod', service: 'payments' }, lines: all }] },
    raw: [{ from: 'loki', path: rangePath(query, plan.onset, plan.now, 5000) }],
    facts: [
      says(NEW_PATTERN),
      { name: 'it is told as new', holds: (text) => /\bnew\b/i.test(text.slice(0, text.indexOf(NEW_PATTERN))) },
      lineWith(NEW_PATTERN, String(novel)),
    ],
    targetTokens: 1500,
  };
}

function ordinary(roll: () => number): Readonly<Record<string, unknown>> {
  const n = (below: number): number => Math.floor(roll() * below);
  const kinds = [
    { level: 'info', msg: 'request' },
    { level: 'info', msg: `charge ${hex(roll, 12)} accepted for order ${n(90_000)} in ${n(400)} ms` },
    { level: 'debug', msg: `cache hit for customer ${n(90_000)}` },
    { level: 'debug', msg: `cache miss for customer ${n(90_000)}, read ${n(5000)} bytes from replica-${n(3)}` },
    { level: 'info', msg: `webhook delivered to https://shop-${n(40)}.example/hooks/${hex(roll, 8)} with status 200` },
    { level: 'warn', msg: `retry ${n(3)} of request ${hex(roll, 16)} after ${n(900)} ms` },
    { level: 'info', msg: `session ${hex(roll, 8)}-${hex(roll, 4)} refreshed for user u${n(90_000)}` },
    { level: 'info', msg: `batch ${n(9000)} of ${n(200)} settlements written in ${n(90)}.${n(9)} s` },
    { level: 'warn', msg: 'client closed the connection', status: 499 },
    { level: 'debug', msg: `gc pause ${n(40)} ms, heap ${n(900)} MB` },
  ];
  return kinds[Math.floor(kinds.length * roll() * roll())]!;
}

/** One JSON object, with the fields that the captured shop writes and some more. */
function line(roll: () => number, at: Date, fields: Readonly<Record<string, unknown>>): LogLine {
  const own = {
    ts: at.toISOString(),
    service: 'payments',
    version: '1.8.0',
    trace_id: hex(roll, 32),
    span_id: hex(roll, 16),
    method: 'POST',
    route: '/charge',
    duration_ms: Math.floor(roll() * 300),
    pod: `payments-7d9f8b6c5d-${hex(roll, 1)}x2kq`,
    caller: 'checkout',
    request_bytes: Math.floor(roll() * 4000),
  };
  return [`${at.getTime()}000000`, JSON.stringify({ ...own, ...fields })];
}

function moments(from: Date, to: Date, count: number): Date[] {
  const eachMs = (to.getTime() - from.getTime()) / count;
  return Array.from({ length: count }, (_, i) => new Date(Math.floor(from.getTime() + (i + 0.5) * eachMs)));
}

function rangePath(query: string, start: Date, end: Date, limit: number): string {
  const nanos = (time: Date): string => `${time.getTime()}000000`;
  const asked = { query, start: nanos(start), end: nanos(end), limit: String(limit) };
  return `/loki/api/v1/query_range?${new URLSearchParams(asked)}`;
}
