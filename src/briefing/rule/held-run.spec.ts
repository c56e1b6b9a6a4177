import type { Grid } from '../../tools/metric-text';
import { finerGrid, heldRun, narrowed } from './held-run';

const T = Date.parse('2026-11-23T19:00:00.250Z');
const at = (seconds: number): Date => new Date(T + seconds * 1000);
const grid: Grid = { start: at(0), end: at(600), stepSeconds: 60 };
const points = (seconds: readonly number[]): [number, number][] => seconds.map((s) => [T / 1000 + s, 1]);

describe('the run of points around the start at which an expression holds', () => {
  it('begins behind the last point before the start at which it did not hold, whatever was earlier', () => {
    const run = heldRun(points([60, 120, 300, 360, 420, 480]), grid, at(420));
    expect(run).toEqual({ begins: { from: at(240), to: at(300) }, ends: { from: at(480), to: at(540) } });
  });

  it('has no begin where it held from the first point on, and no end where it held up to the last', () => {
    expect(heldRun(points([0, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600]), grid, at(300))).toEqual({});
  });

  it('is not there when it does not hold at the start', () => {
    expect(heldRun(points([240, 360]), grid, at(300))).toBeUndefined();
    expect(heldRun([], grid, at(300))).toBeUndefined();
  });

  it('is looked at again on a finer grid: the last begin counts, and the first end', () => {
    const edge = { from: at(240), to: at(300) };
    const begin = finerGrid(edge, 'begins');
    expect(begin.stepSeconds).toBe(2);
    expect(begin.end).toEqual(at(300));
    expect(narrowed(edge, 'begins', points([250, 252, 290, 292, 294, 296, 298, 300]), begin)).toEqual({
      from: at(288),
      to: at(290),
    });
    const end = finerGrid(edge, 'ends');
    expect(end.start).toEqual(at(240));
    expect(narrowed(edge, 'ends', points([240, 242, 244, 280]), end)).toEqual({ from: at(244), to: at(246) });
  });

  it('keeps the old bound where the finer grid holds no change', () => {
    const edge = { from: at(0), to: at(100) };
    const fine = finerGrid(edge, 'begins');
    const all = Array.from({ length: 60 }, (_, i) => (fine.start.getTime() - T) / 1000 + i * fine.stepSeconds);
    expect(narrowed(edge, 'begins', points(all), fine)).toEqual({ from: at(0), to: fine.start });
  });
});
