import type { LogEntry } from '../../tools/loki/loki-client';
import { logText } from '../../tools/loki/log-text';
import { RANGE_TEXT } from '../../../test/triage/checked-triage';
import type { MetricResult } from '../../tools/metric-result';
import { fittedMetrics } from '../../tools/fitted-metrics';
import { readResult } from './read-result';

const metricText = (result: MetricResult, roomChars: number, on?: typeof grid): string =>
  fittedMetrics(result, { roomChars, grid: on }).text;

const grid = { start: new Date('2026-05-04T03:00:00Z'), end: new Date('2026-05-04T03:04:00Z'), stepSeconds: 60 };
const AT = grid.start.getTime() / 1000;

const matrix = (values: readonly (readonly [number, number])[], labels = { service: 'a' }): MetricResult => ({
  type: 'matrix',
  series: [{ labels, points: values }],
});
const seriesOf = (text: string) => {
  const read = readResult(text);
  if (read.kind !== 'matrix') throw new Error(`${read.kind}: ${text}`);
  return read.series;
};

describe('A result read back from the text that the model was given', () => {
  it('has every point of a range at its time, and knows where samples are missing', () => {
    const [series] = seriesOf(
      metricText(
        matrix([
          [AT, 1],
          [AT + 60, -2.5],
          [AT + 240, 0.00001234],
        ]),
        12_000,
        grid,
      ),
    );
    expect(series!.labels).toEqual([['service', 'a']]);
    expect(series!.figures).toEqual({ first: '1', last: '0.00001234', min: '-2.5', max: '1' });
    expect(series!.points).toEqual([
      { at: AT, value: 1, afterGap: true },
      { at: AT + 60, value: -2.5, afterGap: false },
      { at: AT + 240, value: 0.00001234, afterGap: true },
    ]);
  });

  it('reads steps of hours, minutes and parts of a second', () => {
    for (const stepSeconds of [0.5, 90, 5400, 86_400]) {
      const end = new Date(grid.start.getTime() + stepSeconds * 1000);
      const text = metricText(
        matrix([
          [AT, 1],
          [AT + stepSeconds, 2],
        ]),
        12_000,
        { ...grid, end, stepSeconds },
      );
      expect(seriesOf(text)[0]!.points.map(({ at }) => at)).toEqual([AT, AT + stepSeconds]);
    }
  });

  it('counts what is no number and leaves it out', () => {
    const [series] = seriesOf(
      metricText(
        matrix([
          [AT, NaN],
          [AT + 60, Infinity],
          [AT + 120, -Infinity],
          [AT + 180, 3],
        ]),
        12_000,
        grid,
      ),
    );
    expect(series!.points).toEqual([{ at: AT + 180, value: 3, afterGap: true }]);
    expect(series!.odd).toBe(3);
  });

  it('is not misled by labels that look like the text around them', () => {
    const labels = { service: 'a", b="} first=9 last=9 min=9 max=9 mean=9 [9 9]', path: '\\"}\n{' };
    const [series] = seriesOf(metricText(matrix([[AT, 1]], labels), 12_000, grid));
    expect(Object.fromEntries(series!.labels)).toEqual(labels);
    expect(series!.points).toHaveLength(1);
  });

  it('reads a matrix without a grid by the times that stand with its values', () => {
    const [series] = seriesOf(
      metricText(
        matrix([
          [AT, 1],
          [AT + 7, 2],
        ]),
        12_000,
      ),
    );
    expect(series!.points.map(({ at, value }) => [at, value])).toEqual([
      [AT, 1],
      [AT + 7, 2],
    ]);
  });

  it('has the series that a fitted text tells, on its coarser grid, and notes on it and on the others', () => {
    const hour = { start: grid.start, end: new Date(grid.start.getTime() + 3_600_000), stepSeconds: 90 };
    const many = Array.from({ length: 400 }, (_, i) => ({
      labels: { job: 'x', pod: `pod-${i}` },
      points: Array.from({ length: 41 }, (__, k): [number, number] => [
        AT + k * 90,
        k === 5 ? NaN : i === 7 && k > 24 ? 9.5 : 1,
      ]),
    }));
    const read = readResult(metricText({ type: 'matrix', series: many }, 4_000, hour));
    if (read.kind !== 'matrix') throw new Error(read.kind);
    expect(read.series[0]!.labels).toEqual([['pod', 'pod-7']]);
    expect(read.series[0]!.points).toHaveLength(14);
    expect(read.series[0]!.points.find(({ value }) => value > 1)!.at).toBe(AT + 24 * 90);
    expect(read.series[0]!.odd).toBe(1);
    expect(read.notes).toEqual([
      "drawn: of 3 points (90s apart) the one farthest from its series' median",
      'common labels: {job="x"}',
      expect.stringMatching(/^others: 39\d more series, their values all 1 \(NaN=39\d\)/),
    ]);
  });

  it('reads what was found at one moment, as series or as one number', () => {
    const vector = metricText(
      {
        type: 'vector',
        series: [
          { labels: { a: 'x' }, point: [AT, 1.5] },
          { labels: { a: 'y' }, point: [AT, NaN] },
        ],
      },
      12_000,
    );
    expect(readResult(vector)).toEqual({
      kind: 'vector',
      rows: [
        { labels: [['a', 'x']], value: '1.5' },
        { labels: [['a', 'y']], value: 'NaN' },
      ],
      notes: [],
    });
    expect(readResult('query: 1\ntime: x\nresult: scalar\n1')).toMatchObject({ rows: [{ labels: [], value: '1' }] });
  });

  it('reads log lines: their level and message, structured or not, and how often they came', () => {
    const read = readResult(
      [
        'result: lines, 4 found, oldest first',
        '2026-05-04T03:00:00.000Z {service="a"} {"level":"ERROR","msg":"no\\nway","status":500} (3 times, last at 2026-05-04T03:01:00.000Z)',
        '2026-05-04T03:00:01.000Z {} WARN slow',
        '2026-05-04T03:00:02.000Z {} {"level":"error","msg":"cut… (12 more characters)',
        'a line of another form',
      ].join('\n'),
    );
    if (read.kind !== 'lines') throw new Error(read.kind);
    expect(read.lines.map(({ level, message, count }) => [level, message, count])).toEqual([
      ['error', 'no\nway', 3],
      ['warn', 'WARN slow', 1],
      ['error', '{"level":"error","msg":"cut… (12 more characters)', 1],
    ]);
    expect(read.lines[0]).toMatchObject({ fields: ['status=500'], last: new Date('2026-05-04T03:01:00Z') });
    expect(read.notes).toEqual(['4 found, oldest first', 'a line of another form']);
  });

  it('reads the lines of query_logs: the level before the message, the fields behind it, and what differs', () => {
    const line = (secondsAgo: number, labels: Record<string, string>, fields: object): LogEntry => ({
      nanos: BigInt(Date.parse('2026-05-04T03:00:00Z') - secondsAgo * 1000) * 1_000_000n,
      labels: { env: 'prod', ...labels },
      line: JSON.stringify(fields),
      extracted: {},
    });
    const failed = { level: 'error', msg: 'order 7 failed: a=b', status: 503, route: 'POST /a b' };
    const text = logText(
      [
        ...[9, 8, 7, 6].map((ago) => line(ago, { service: 'a' }, { ...failed, wait_ms: ago, id: `x${ago}` })),
        line(3, { service: 'b' }, { level: 'warn', msg: '{odd} (9 times, last at 2026-01-01T00:00:00.000Z)' }),
      ],
      100,
      5_000,
    );
    const read = readResult(`query: x\nrange: a to b\n${text}`);
    if (read.kind !== 'lines') throw new Error(read.kind);
    expect(read.notes).toEqual(['5 found, oldest first', 'common labels: {env="prod"}']);
    expect(read.lines).toEqual([
      {
        at: new Date('2026-05-04T02:59:51Z'),
        last: new Date('2026-05-04T02:59:54Z'),
        count: 4,
        labels: [['service', 'a']],
        level: 'error',
        message: 'order 7 failed:',
        fields: ['a=b', 'status=503', 'route=POST /a b', '(differing: min wait_ms=6, max wait_ms=9; 4 id, as id=x9)'],
      },
      {
        at: new Date('2026-05-04T02:59:57Z'),
        last: new Date('2026-05-04T02:59:57Z'),
        count: 1,
        labels: [['service', 'b']],
        level: 'warn',
        message: '{odd} (9 times, last at 2026-01-01T00:00:00.000Z)',
        fields: [],
      },
    ]);
  });

  it('gives every line the level that all share', () => {
    const read = readResult(
      'result: lines, 2 found, oldest first\ncommon fields: level=error status=500\n2026-05-04T03:00:00.000Z {a="b"} boom\n2026-05-04T03:00:01.000Z bang',
    );
    if (read.kind !== 'lines') throw new Error(read.kind);
    expect(read.lines.map(({ level, message, labels }) => [level, message, labels])).toEqual([
      ['error', 'boom', [['a', 'b']]],
      ['error', 'bang', []],
    ]);
  });

  it.each([
    '',
    'result: ',
    'result: matrix, 3 series',
    'result: matrix, 1 series\n{a="b"} first=1',
    'result: vector, 1 series\n{a="b',
    'result: lines, 3 found\nnothing',
    'result: 4 alerts\n9999-99-99T00:00:00Z x',
    'result: streams\n{}',
    'Found nothing.',
    '{a="b"} 1',
  ])('is the text itself where it has none of the forms: %j', (text) => {
    expect(readResult(text)).toEqual({ kind: 'text', text });
  });

  it('never throws, wherever a text was cut', () => {
    for (let end = 0; end <= RANGE_TEXT.length; end += 7) {
      expect(() => readResult(RANGE_TEXT.slice(0, end))).not.toThrow();
    }
  });

  it('comes to an end with a text that is made to be hard: one that backtracks would not', () => {
    for (const hard of ['{', '="', '\\', '{a="', ' (1', ' first=', '1h', '1', '2026-05-04T00:00:00Z {']) {
      const long = hard.repeat(300_000);
      expect(readResult(`result: matrix\n${long}`).kind).toBe('text');
      expect(readResult(`result: lines\n2026-05-04T00:00:00Z {} ${long}`).kind).toBe('lines');
      expect(readResult(`result: matrix\nvalues: [v v …] from 2026-05-04T00:00:00Z every ${long}, \n{}`).kind).toBe(
        'text',
      );
    }
  });

  it('reads the patterns of log lines, and what is said of all of them', () => {
    const text = [
      'query: {app="x"}',
      'range: 2026-05-04T03:00:00Z to 2026-05-04T03:15:00Z',
      'baseline: 2026-05-04T02:45:00Z to 2026-05-04T03:00:00Z, 9 lines',
      'result: 2 patterns of 12 lines: 1 new, 1 the same',
      'new count=3 before=0 first=2026-05-04T03:04:00Z last=2026-05-04T03:05:00Z level=error service="a": x <*> | e.g. x 7',
      'same: 9 lines in 1 pattern, about as often as before: 9 of "y"',
    ].join('\n');
    expect(readResult(text)).toEqual({
      kind: 'patterns',
      patterns: [
        {
          kind: 'new',
          count: 3,
          before: 0,
          first: new Date('2026-05-04T03:04:00Z'),
          last: new Date('2026-05-04T03:05:00Z'),
          level: 'error',
          services: [{ name: 'a', count: 3 }],
          template: 'x <*>',
          example: 'x 7',
        },
      ],
      notes: [
        '2 patterns of 12 lines: 1 new, 1 the same',
        'same: 9 lines in 1 pattern, about as often as before: 9 of "y"',
      ],
    });
  });
});
