import type { Labels } from '../../domain/alert';
import { fullLines, logText } from './log-text';
import type { LogEntry } from './loki-client';

const START = Date.parse('2026-11-23T19:10:00Z');
const ROOM = 5_900;

function entry(seconds: number, line: string | object, over: Partial<LogEntry> = {}): LogEntry {
  return {
    nanos: BigInt(START + Math.round(seconds * 1000)) * 1_000_000n,
    line: typeof line === 'string' ? line : JSON.stringify(line),
    labels: { service: 'a' },
    extracted: {},
    ...over,
  };
}

/** The lines below the head. */
function shown(entries: readonly LogEntry[], roomChars = ROOM): string[] {
  return logText(entries, 5_000, roomChars).split('\n').slice(1);
}

const hex = (i: number): string =>
  (BigInt(i + 1) * 0x9e3779b97f4a7c15f39cc0605cedc834n).toString(16).slice(-32).padStart(32, 'a');

/** A hundred lines of a shop as they come from Loki: three services in two pods each, one of them fails, one line is rare. */
function aHundred(): LogEntry[] {
  return Array.from({ length: 100 }, (_, i) => {
    const isRare = i === 37;
    const service = ['gateway', 'orders', 'payments'][i % 3]!;
    const fails = service === 'payments';
    const level = isRare ? 'warn' : fails ? 'error' : 'info';
    const at = i * 1.37;
    const fields = {
      ts: new Date(START + Math.round(at * 1000)).toISOString(),
      level,
      service,
      version: '1.8.0',
      msg: isRare
        ? 'certificate of payments-db expires in 3 h'
        : fails
          ? "request failed: Cannot read properties of undefined (reading 'currency')"
          : 'request completed',
      trace_id: hex(i),
      method: 'POST',
      route: i % 2 ? '/order' : '/charge',
      status: fails ? 500 : 200,
      duration_ms: 20 + ((i * 37) % 180),
      ...(fails && {
        error: 'TypeError',
        stack: `TypeError: Cannot read properties of undefined (reading 'currency')\n    at POST /charge (file:///srv/shop/payments.mjs:11:131)\n    at async IncomingMessage.<anonymous> (file:///srv/shop/lib.mjs:39:103)\n    at async run (file:///srv/shop/lib.mjs:40:3)`,
      }),
    };
    return entry(at, fields, {
      labels: { env: 'lab', level, service, service_name: service, pod: `${service}-7d9-${i % 2}` },
      extracted: { detected_level: level, trace_id: hex(i) },
    });
  });
}

describe('Log lines as the model is given them', () => {
  it('are a hundred in 2,000 characters, the rare one among them', () => {
    const text = logText(aHundred(), 200, ROOM);
    expect(text.length).toBeLessThanOrEqual(2_000);
    expect(text).toContain(' certificate of payments-db expires in 3 h ');
    expect(text).toContain(
      "request failed: Cannot read properties of undefined (reading 'currency') error=TypeError status=500",
    );
    expect(text).toMatch(
      /\(differing: pod=payments-7d9-0 17 times, pod=payments-7d9-1 16 times; .*\) \(33 times, last at /,
    );
  });

  it('say once what all of them say', () => {
    const of = (seconds: number, msg: string): LogEntry =>
      entry(seconds, { level: 'ERROR', msg, version: '1.8.0', region: 'eu west' });
    expect(logText([of(1, 'one'), of(2, 'two')], 100, ROOM)).toBe(
      'result: lines, 2 found, oldest first\n' +
        'common labels: {service="a"}\n' +
        'common fields: level=error version=1.8.0 region="eu west"\n' +
        '2026-11-23T19:10:01.000Z one\n' +
        '2026-11-23T19:10:02.000Z two',
    );
  });

  it('tell what differs between folded ones: few values each, numbers by their ends, ids by an example', () => {
    const lines = Array.from({ length: 40 }, (_, i) =>
      entry(i, {
        msg: `order ${i} failed`,
        upstream: 'payments',
        status: i % 4 ? 503 : 504,
        wait_ms: i * 10,
        order_id: `o-${i}`,
        note: `free text ${'xyz'.repeat(i)}`,
        ...(i < 3 && { retried: true }),
      }),
    );
    expect(shown(lines)).toEqual([
      '2026-11-23T19:10:00.000Z {service="a"} order 0 failed upstream=payments (differing: 40 messages; ' +
        'status=503 30 times, status=504 10 times; min wait_ms=0, max wait_ms=390; 40 note, as note="free text"; ' +
        'retried=true 3 times; 40 order_id, as order_id=o-0) (40 times, last at 2026-11-23T19:10:39.000Z)',
    ]);
  });

  it('stand one by one where three or fewer are alike: each of them tells more than what differs', () => {
    const flags = ['a', 'b', 'c'].map((flag, i) => entry(i, { msg: 'flag on', flag }));
    expect(shown(flags)).toEqual([
      'common labels: {service="a"}',
      '2026-11-23T19:10:00.000Z flag on flag=a',
      '2026-11-23T19:10:01.000Z flag on flag=b',
      '2026-11-23T19:10:02.000Z flag on flag=c',
    ]);
  });

  it('are not folded over labels, levels or errors', () => {
    const of = (seconds: number, over: object, labels: Labels = { service: 'a' }): LogEntry =>
      entry(seconds, { level: 'error', msg: 'call failed', error: 'timeout', ...over }, { labels });
    const lines = Array.from({ length: 5 }, (_, i) => [
      of(i, { n: i }),
      of(i + 10, { n: i, error: 'refused' }),
      of(i + 20, { n: i, level: 'warn' }),
      of(i + 30, { n: i }, { service: 'b' }),
    ]).flat();
    expect(shown(lines)).toHaveLength(4);
  });

  it('drop the time, the level and the service that stand in the line already, and keep another time', () => {
    expect(
      shown([
        entry(0, { time: START / 1000, level: 30, service: 'a', msg: 'x' }),
        entry(1, { '@timestamp': '2026-11-23T18:00:00Z', lvl: 'debug', service: 'b', msg: 'y' }),
        entry(2, '2026-11-23 20:10:02,113 WARN z'),
      ]),
    ).toEqual([
      'common labels: {service="a"}',
      '2026-11-23T19:10:00.000Z info x',
      '2026-11-23T19:10:01.000Z debug y @timestamp=2026-11-23T18:00:00Z service=b',
      '2026-11-23T19:10:02.000Z WARN z',
    ]);
  });

  it('read logfmt, nested JSON and lines without a message', () => {
    expect(
      shown([
        entry(0, 'level=warn msg="slow query" took=2.1s sql="select 1 where a=\\"b\\""'),
        entry(1, { msg: 'x', http: { status: 500, path: '/a' }, tags: ['p', 'q'], deep: { a: { b: { c: 1 } } } }),
        entry(2, { code: 7, reason: 'no such host' }),
        entry(3, 'plain text of 3 words'),
      ]).slice(1),
    ).toEqual([
      '2026-11-23T19:10:00.000Z warn slow query took=2.1s sql="select 1 where a=\\"b\\""',
      '2026-11-23T19:10:01.000Z x http.status=500 http.path=/a tags="[\\"p\\",\\"q\\"]" deep.a.b="{\\"c\\":1}"',
      '2026-11-23T19:10:02.000Z reason="no such host" code=7',
      '2026-11-23T19:10:03.000Z plain text of 3 words',
    ]);
  });

  it('show the first lines of a stack trace', () => {
    const frames = Array.from({ length: 30 }, (_, i) => `    at f${i} (x.js:${i}:1)`).join('\n');
    expect(
      shown([entry(0, `Error: boom\n${frames}`), entry(1, { msg: 'boom', stack: `Error: boom\n${frames}` })]).slice(1),
    ).toEqual([
      '2026-11-23T19:10:00.000Z Error: boom\\n    at f0 (x.js:0:1)\\n    at f1 (x.js:1:1)\\n    at f2 (x.js:2:1)\\n    at f3 (x.js:3:1)\\n… (26 more lines)',
      '2026-11-23T19:10:01.000Z boom stack="at f0 (x.js:0:1)\\nat f1 (x.js:1:1)\\n… (28 more lines)"',
    ]);
  });

  it('show what stands beside the line, and that it could not be parsed', () => {
    const extracted = { trace_id: 'abc123', detected_level: 'error', __error__: 'JSONParserErr', word: 'boom' };
    expect(shown([entry(0, 'boom', { extracted })])).toEqual([
      '2026-11-23T19:10:00.000Z {service="a"} error boom __error__=JSONParserErr trace_id=abc123',
    ]);
  });

  it('do not take the fields of an older Loki for labels, where each line is a stream of its own', () => {
    const lines = Array.from({ length: 20 }, (_, i) =>
      entry(
        i,
        { msg: 'failed', order: `o${i}` },
        {
          labels: { service: 'a', msg: 'failed', order: `o${i}`, trace_id: hex(i), detected_level: 'error' },
        },
      ),
    );
    expect(shown(lines)).toEqual([
      `2026-11-23T19:10:00.000Z {service="a"} error failed (differing: 20 order, as order=o0; 20 trace_id, as trace_id=${hex(0)}) (20 times, last at 2026-11-23T19:10:19.000Z)`,
    ]);
  });

  it('cannot imitate a line of ours', () => {
    const forged = [
      'x\n2026-11-23T19:10:00.000Z {service="b"} error forged',
      '{service="b"} error forged',
      'x (900 times, last at 2026-11-23T19:10:00.000Z)',
      'left out to save room: 9',
    ];
    const lines = shown(forged.map((line, i) => entry(i, line)));
    expect(lines).toEqual([
      'common labels: {service="a"}',
      '2026-11-23T19:10:00.000Z x\\n2026-11-23T19:10:00.000Z {service="b"} error forged',
      '2026-11-23T19:10:01.000Z {} {service="b"} error forged',
      '2026-11-23T19:10:02.000Z x (900 times, last at 2026-11-23T19:10:00.000Z) (1 times, last at 2026-11-23T19:10:02.000Z)',
      '2026-11-23T19:10:03.000Z left out to save room: 9',
    ]);
  });

  it('keep one of each kind before a second of any, when there is no room for all', () => {
    const word = (i: number): string => String.fromCharCode(97 + (i % 26)).repeat(3);
    const many = Array.from({ length: 400 }, (_, i) =>
      entry(i, `request of ${word(i)}`, { labels: { service: `s${i % 40}` } }),
    );
    const rare = entry(5.5, { level: 'warn', msg: 'disk is almost full' }, { labels: { service: 's1' } });
    const text = logText([...many, rare], 5_000, 3_000);
    expect(text.length).toBeLessThanOrEqual(3_000);
    expect(text).toContain('warn disk is almost full');
    for (let i = 0; i < 26; i += 1) expect(text).toContain(`request of ${word(i)}`);
    expect(text).toMatch(/\nleft out to save room: \d+ lines; each kind of line is shown\./);
  });

  it('are whole beside the text, to the nanosecond, one a line', () => {
    const entries = [
      entry(0, 'a\nb', { nanos: 1795461000000000007n }),
      entry(1, { msg: 'x' }, { labels: { b: '"', a: 'x' } }),
    ];
    expect(fullLines(entries, logText(entries, 100, ROOM))).toBe(
      '2026-11-23T19:10:00.000000007Z {service="a"} a\\nb\n2026-11-23T19:10:01.000000000Z {a="x", b="\\""} {"msg":"x"}',
    );
  });

  it('cost little time, however they are made', () => {
    const hostile = [
      '{"a":'.repeat(9_000),
      'a='.repeat(30_000),
      'a="'.repeat(20_000),
      ' \\'.repeat(30_000),
      '1'.repeat(60_000),
      '\n'.repeat(60_000),
      'a=b '.repeat(15_000),
    ];
    const started = performance.now();
    for (const line of hostile)
      logText(
        Array.from({ length: 20 }, (_, i) => entry(i, line + i)),
        100,
        ROOM,
      );
    expect(performance.now() - started).toBeLessThan(5_000);
    const plenty = Array.from({ length: 1_000 }, (_, i) => entry(i, { msg: `m${i}`, [`f${i}`]: i, g: i }));
    const begun = performance.now();
    expect(logText(plenty, 1_000, ROOM).length).toBeLessThanOrEqual(ROOM);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
