import { readCourse } from './read-course';

const AT = Date.parse('2026-05-04T03:00:00Z') / 1000;
const section = (...lines: string[]): string => ['rule: X', ...lines].join('\n');

describe('The course of an expression in a section of the opening message', () => {
  it('is read with its times, its gaps, its labels and its limit', () => {
    const course = readCourse(
      section(
        'compared: the left side (the query below) > 0.05',
        'series: {service="a } b"}; the expression has 2 series at the start',
        'query: x',
        'range: 2026-05-04T02:59:00Z to 2026-05-04T03:06:00Z, step 90s',
        'values: [0.1 0.3 _ NaN 0.2] from 2026-05-04T03:00:00Z every 1m30s, _ = no sample',
        'right side: [9 9] from 2026-05-04T03:00:00Z every 1m30s, _ = no sample',
      ),
    );
    expect(course).toEqual({
      series: {
        labels: [['service', 'a } b']],
        figures: { first: '0.1', last: '0.2', min: '0.1', max: '0.3' },
        odd: 1,
        points: [
          { at: AT, value: 0.1, afterGap: true },
          { at: AT + 90, value: 0.3, afterGap: false },
          { at: AT + 360, value: 0.2, afterGap: true },
        ],
      },
      asked: { start: new Date('2026-05-04T02:59:00Z'), end: new Date('2026-05-04T03:06:00Z') },
      limit: 0.05,
    });
  });

  it('is that of a value that never changes, which is told once', () => {
    const course = readCourse(section('values: 7 at each of 3 points from 2026-05-04T03:00:00Z every 60s'));
    expect(course?.series.points.map(({ at, value }) => [at - AT, value])).toEqual([
      [0, 7],
      [60, 7],
      [120, 7],
    ]);
  });

  it.each([
    ['compared: left side x < -3', -3],
    ['compared: the left side (the query below) >= 512 * 1024 = 524288', 524288],
    ['compared: the left side (the query below) > 5; `bool` filters nothing: the rule fires for every series', 5],
    ['compared: the left side (the query below) > right side quota - 5', undefined],
    ['compared: nothing; that the expression has a value is the alert', undefined],
    ['compared: ', undefined],
    ['', undefined],
  ])('has as its limit what %j says', (line, limit) => {
    expect(readCourse(section(line, 'values: [1 2] from 2026-05-04T03:00:00Z every 60s'))?.limit).toBe(limit);
  });

  it.each([
    'values: none of the alert in this range',
    'values: [] from 2026-05-04T03:00:00Z every 60s',
    'values: [_ _] from 2026-05-04T03:00:00Z every 60s',
    'values: [1 2] from yesterday every 60s',
    'values: [v v …] from 2026-05-04T03:00:00Z every 60s, _ = no sample',
    'a line that holds values: [1 2] from 2026-05-04T03:00:00Z every 60s',
    `values: [${'1 '.repeat(200_000)}`,
    '',
  ])('is none in %#', (line) => {
    expect(readCourse(section(line))).toBeUndefined();
  });
});
