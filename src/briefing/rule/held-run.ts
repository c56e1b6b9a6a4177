import type { Point } from '../../tools/metric-result';
import type { Grid } from '../../tools/metric-text';
import { MAX_POINTS } from '../../tools/time-input';

/** Two moments on a grid: at one of them the expression holds, at the other it does not. */
export interface Edge {
  readonly from: Date;
  readonly to: Date;
}

/** The unbroken run of points around the alert's start at which its expression holds. */
export interface HeldRun {
  /** Absent: it held from the first point on. */
  readonly begins?: Edge;
  /** Absent: it held up to the last point. */
  readonly ends?: Edge;
}

/** @returns undefined when it does not hold at `start`, which is a point of the grid */
export function heldRun(points: readonly Point[], grid: Grid, start: Date): HeldRun | undefined {
  const held = heldSlots(points, grid);
  const at = slotOf(start, grid);
  if (!held[at]) return undefined;
  const before = held.lastIndexOf(false, at);
  const after = held.indexOf(false, at);
  return {
    ...(before >= 0 && { begins: edgeAfter(before, grid) }),
    ...(after >= 0 && { ends: edgeAfter(after - 1, grid) }),
  };
}

/** A finer grid over an edge. It has the end of the edge at which the expression holds as a point. */
export function finerGrid({ from, to }: Edge, kind: 'begins' | 'ends'): Grid {
  const lengthSeconds = (to.getTime() - from.getTime()) / 1000;
  const stepSeconds = Math.max(1, Math.ceil(lengthSeconds / (MAX_POINTS - 1)));
  const spanMs = Math.floor(lengthSeconds / stepSeconds) * stepSeconds * 1000;
  return kind === 'begins'
    ? { start: new Date(to.getTime() - spanMs), end: to, stepSeconds }
    : { start: from, end: new Date(from.getTime() + spanMs), stepSeconds };
}

/** The edge as the finer grid shows it: the last begin before its end, or the first end after its begin. */
export function narrowed(edge: Edge, kind: 'begins' | 'ends', points: readonly Point[], grid: Grid): Edge {
  const held = heldSlots(points, grid);
  if (kind === 'begins') {
    const before = held.lastIndexOf(false, held.length - 2);
    return before >= 0 ? edgeAfter(before, grid) : { from: edge.from, to: grid.start };
  }
  const after = held.indexOf(false, 1);
  return after >= 0 ? edgeAfter(after - 1, grid) : { from: grid.end, to: edge.to };
}

function edgeAfter(slot: number, grid: Grid): Edge {
  return { from: timeOf(slot, grid), to: timeOf(slot + 1, grid) };
}

function heldSlots(points: readonly Point[], grid: Grid): boolean[] {
  const held = Array.from({ length: slotOf(grid.end, grid) + 1 }, () => false);
  for (const [at] of points) held[slotOf(new Date(at * 1000), grid)] = true;
  return held;
}

export function slotOf(time: Date, { start, stepSeconds }: Grid): number {
  return Math.round((time.getTime() - start.getTime()) / 1000 / stepSeconds);
}

function timeOf(slot: number, { start, stepSeconds }: Grid): Date {
  return new Date(start.getTime() + slot * stepSeconds * 1000);
}
