import { plot, type PlotFacts } from './plot';
import type { ReadPoint, ReadSeries } from './read-result';

const AT = Date.parse('2026-05-04T03:00:00Z') / 1000;
const asked = { start: new Date(AT * 1000), end: new Date((AT + 3600) * 1000) };

function series(values: readonly (number | undefined)[], stepSeconds = 60): ReadSeries {
  const points: ReadPoint[] = values.flatMap((value, i) =>
    value === undefined ? [] : [{ at: AT + i * stepSeconds, value, afterGap: values[i - 1] === undefined }],
  );
  return { labels: [], figures: { first: '', last: '', min: '', max: '' }, points, odd: 0 };
}

const drawn = (facts: PlotFacts): string => plot(facts)!.text;
/** Every place that a path of this class goes through. */
const places = (svg: string, of: string): [number, number][] =>
  Array.from(svg.matchAll(new RegExp(`class="${of} s\\d" d="([^"]*)"`, 'g'))).flatMap(([, d]) =>
    Array.from(d!.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g), ([, x, y]): [number, number] => [Number(x), Number(y)]),
  );
const words = (svg: string): string => svg.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('A plot', () => {
  it('draws every point inside of its frame, the highest at the top and the latest at the right', () => {
    const all = places(drawn({ series: [series([0.1, 0.2, 0.7, 0.4, 0.3])], asked: undefined }), 'line');
    expect(all).toHaveLength(5);
    const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    expect([xs[0], xs.at(-1)]).toEqual([50, 392]);
    expect(Math.min(...ys)).toBe(ys[2]);
    expect(ys[2]).toBe(22);
  });

  it.each<[string, (number | undefined)[]]>([
    ['60 points', Array.from({ length: 60 }, (_, i) => Math.sin(i) * 1e9)],
    ['numbers below zero', [-5, -3, -4]],
    ['both signs', [-5, 3, 0]],
    ['one point', [7]],
    ['a flat line', [3, 3, 3]],
    ['a flat line at zero', [0, 0, 0]],
    ['a flat line below zero', [-2, -2]],
    ['nothing but gaps between the points', [1, undefined, 2, undefined, 3]],
    ['the largest and the smallest numbers', [Number.MAX_VALUE, -Number.MAX_VALUE, 5e-324, 0]],
  ])('stays in its frame and has only numbers: %s', (_what, values) => {
    const svg = drawn({ series: [series(values)], alertStart: new Date((AT + 30) * 1000) });
    const all = [...places(svg, 'line'), ...places(svg, 'dots')];
    expect(all.length).toBeGreaterThanOrEqual(values.filter((value) => value !== undefined).length);
    for (const [x, y] of all) {
      expect(x >= 50 && x <= 392).toBe(true);
      expect(y >= 22 && y <= 148).toBe(true);
    }
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('does not join what has a gap between it, and shows a point that stands alone', () => {
    const svg = drawn({ series: [series([1, 2, undefined, 3, undefined, 4, 5])] });
    const [, course] = /class="line s1" d="([^"]*)"/.exec(svg)!;
    expect(course!.match(/M/g)).toHaveLength(3);
    expect(places(svg, 'dots')).toHaveLength(1);
  });

  it('marks the start of the alert at its time', () => {
    const svg = drawn({ series: [series([1, 2])], asked, alertStart: new Date((AT + 900) * 1000) });
    expect(/class="start" d="M([\d.]+) /.exec(svg)![1]).toBe(String(50 + 342 / 4));
    expect(words(svg)).toContain('alert starts 03:15');
  });

  it.each([-60, 3660])(
    'says when the alert started, and marks nothing, where that lies beside the plot: %d s',
    (offset) => {
      const svg = drawn({ series: [series([1, 2])], asked, alertStart: new Date((AT + offset) * 1000) });
      expect(svg).not.toContain('class="start"');
      expect(words(svg)).toMatch(/The alert starts at 0[24]:\d\d:00 UTC\./);
    },
  );

  it('says in words what it shows: for those who do not see it', () => {
    expect(drawn({ series: [series([0.0012, 0.3412]), series([1, 2])], asked })).toMatch(
      /role="img">\s*<title>2 series from 03:00 to 04:00 UTC, between 0.0012 and 2\.<\/title>/,
    );
  });

  it('has the time asked for on its axis, and its bounds beside it', () => {
    expect(words(drawn({ series: [series([1200, 48_000])], asked }))).toContain('48k 0 03:00 03:30 04:00 UTC');
    expect(words(drawn({ series: [series([990, 1000])], asked }))).toContain('1,000 990 03:00');
  });

  it('gives each of several lines a height of its own where all would lie on each other', () => {
    const svg = drawn({ series: [series([1, 1, 1]), series([undefined, 1, 1]), series([1])] });
    const heights = new Set([...places(svg, 'line'), ...places(svg, 'dots')].map(([, y]) => y));
    expect(heights.size).toBe(3);
    expect(words(svg)).toContain('all 1');
  });

  it('is not drawn where there is nothing to draw', () => {
    expect(plot({ series: [series([])], asked })).toBeUndefined();
    expect(plot({ series: [] })).toBeUndefined();
  });

  it.each<[string, number, number[], boolean]>([
    ['above the values', 0.4, [0.1, 0.2], true],
    ['below them', -1, [3, 2], true],
    ['so far above that their shape would be lost', 50, [0.1, 0.2], false],
    ['zero', 0, [0, 0], true],
  ])('draws a limit that lies %s at its height, and names it in words', (_where, limit, values, isDrawn) => {
    const svg = drawn({ series: [series(values)], limit });
    const y = Number(/class="limit" d="M50 (-?[\d.]+)H392"/.exec(svg)?.[1] ?? NaN);
    expect(Number.isFinite(y)).toBe(isDrawn);
    expect(words(svg)).toContain(`The limit is ${limit}.`);
    if (isDrawn) expect(y >= 22 && y <= 148).toBe(true);
    const [, first] = places(svg, 'line')[0]!;
    if (isDrawn && limit !== 0) expect(Math.sign(first - y)).toBe(Math.sign(limit - values[0]!));
  });
});
