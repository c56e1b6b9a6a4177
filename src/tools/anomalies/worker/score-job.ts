import type { ScoredChange, ScoringJob, ScoringResult } from './messages.ts';
import { scoreSeries } from './score-series.ts';

/** What lies at the other end of the range from the known start counts so much less. */
const FAR_AWAY = 0.25;
/** Less is chance. */
const LEAST_SCORE = 5;
/** A point at which fewer series than this part have a sample lies outside of what is known. */
const LEAST_SEEN = 0.02;

/** As `ScoringJob.counters` has it. */
const NAMED = [undefined, 'counter', 'gauge'] as const;

/** Scores every series of a job. Deterministic. */
export function scoreJob({ values, points, counters, stepSeconds, preferred }: ScoringJob): ScoringResult {
  const count = counters.length;
  const rows = Array.from({ length: count }, (_, i) => values.subarray(i * points, (i + 1) * points));
  const seen = seenPoints(rows, points);
  let constant = 0;
  const changes: ScoredChange[] = [];
  rows.forEach((raw, series) => {
    const score = scoreSeries({ raw, named: NAMED[counters[series]!], stepSeconds, seen });
    if (!score) {
      constant += Number(isConstant(raw));
      return;
    }
    const far = Math.min(1, Math.abs(score.onset - preferred) / points);
    const ranked = { ...score, score: score.score * (1 - FAR_AWAY * far) };
    if (ranked.score >= LEAST_SCORE) changes.push({ ...ranked, series });
  });
  changes.sort((a, b) => b.score - a.score || a.series - b.series);
  return { changes, constant };
}

function isConstant(raw: Float64Array): boolean {
  const first = raw.find((value) => !Number.isNaN(value));
  return raw.every((value) => Number.isNaN(value) || value === first);
}

/** Where nearly all series end together, the data ends: they have not vanished. */
function seenPoints(rows: readonly Float64Array[], points: number): { first: number; last: number } {
  const counts = new Uint32Array(points);
  for (const row of rows) row.forEach((value, i) => void (counts[i]! += Number(!Number.isNaN(value))));
  const enough = Math.max(1, LEAST_SEEN * rows.length);
  const first = counts.findIndex((count) => count >= enough);
  const last = counts.findLastIndex((count) => count >= enough);
  return first < 0 ? { first: 0, last: points - 1 } : { first, last };
}
