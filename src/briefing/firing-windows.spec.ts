import { firingsIn, lowerMedian, spacingOf } from './firing-windows';

const WINDOW = 300;
const at = (...points: [window: number, samples: number][]): [number, number][] =>
  points.map(([window, samples]) => [window * WINDOW, samples]);
const seconds = (found: ReturnType<typeof firingsIn>): number[][] =>
  found.map(({ from, to }) => [from.getTime() / 1000, to.getTime() / 1000]);

describe('The firings that windows show', () => {
  it('begin and end within their first and last window, by the number of samples there', () => {
    // 4 samples of 15 s in the first window, whole ones, 2 in the last
    expect(seconds(firingsIn(at([10, 4], [11, 20], [12, 2]), WINDOW, 15))).toEqual([[2940, 3330]]);
  });

  it('are as long as their samples where they lie within one window', () => {
    expect(seconds(firingsIn(at([10, 8]), WINDOW, 15))).toEqual([[2700, 2820]]);
  });

  it('are as long as their windows where the spacing is not known', () => {
    expect(seconds(firingsIn(at([10, 4], [11, 2]), WINDOW, undefined))).toEqual([[2700, 3300]]);
  });

  it('are told apart by an empty window', () => {
    expect(firingsIn(at([10, 4], [12, 4], [13, 4], [20, 1]), WINDOW, 15)).toHaveLength(3);
    expect(firingsIn([], WINDOW, 15)).toEqual([]);
  });

  it('never hold longer than the window, however many samples overlap', () => {
    expect(seconds(firingsIn(at([10, 21]), WINDOW, 15))).toEqual([[2700, 3000]]);
  });
});

describe('The middle of some lengths', () => {
  it('is one that did occur', () => {
    expect(lowerMedian([5, 1, 9])).toBe(5);
    expect(lowerMedian([1, 100])).toBe(1);
    expect(lowerMedian([])).toBeUndefined();
  });

  it('of distances is the spacing of samples, whatever gap there is', () => {
    const points = [0, 15, 30, 300, 315].map((seconds): [number, number] => [seconds, 1]);
    expect(spacingOf(points)).toBe(15);
    expect(spacingOf(points.slice(0, 1))).toBeUndefined();
  });
});
