import type { Grid } from '../../tools/metric-text';
import { fitStep } from '../../tools/time-input';

const LEAST_BASELINE_SECONDS = 30 * 60;
/** A longer baseline would make Prometheus read days of samples for one line. */
const MOST_BASELINE_SECONDS = 24 * 3600;

/**
 * How long before the start the course begins: what the alert itself needs (`for`, and the samples that its windows
 * reach back to), and a baseline. Seconds.
 */
export function secondsBefore(forSeconds: number, reachSeconds: number): number {
  const own = forSeconds + reachSeconds;
  const baseline = Math.max(LEAST_BASELINE_SECONDS, 4 * own);
  return Math.min(own, MOST_BASELINE_SECONDS) + Math.min(baseline, MOST_BASELINE_SECONDS);
}

/** The grid from `beforeSeconds` before the start to `end`; the start is one of its points, at most 60. */
export function courseGrid(start: Date, beforeSeconds: number, end: Date, leastStepSeconds?: number): Grid {
  const range = { start: new Date(start.getTime() - beforeSeconds * 1000), end };
  const stepSeconds = fitStep(range, leastStepSeconds).seconds;
  const stepMs = stepSeconds * 1000;
  return {
    start: new Date(start.getTime() - Math.floor((beforeSeconds * 1000) / stepMs) * stepMs),
    end: new Date(start.getTime() + Math.floor((end.getTime() - start.getTime()) / stepMs) * stepMs),
    stepSeconds,
  };
}
