import type { Labels } from '../../domain/alert';
import { type Grid, numberOf } from '../metric-text';
import type { PrometheusClient } from '../prometheus/prometheus-client';
import { ofMetrics } from './plain-selector';
import { type CountedMetric, MAX_SERIES } from './scope';

/** Series on one grid. */
export interface Rows {
  readonly labels: readonly Labels[];
  /** A row a series; NaN: no sample. */
  readonly values: Float64Array<ArrayBuffer>;
  readonly points: number;
  /** Of what could not be fetched, each once. */
  readonly reasons: readonly string[];
  readonly notes: readonly string[];
}

/** One range query. */
interface Batch {
  readonly query: string;
  readonly grid: Grid;
}

/**
 * Samples of one answer: some 150 kilobytes, which are read in a few milliseconds. Larger ones would hold everything else
 * that the process does: of 12,000 samples, up to 100 ms.
 */
const MAX_SAMPLES = 4_000;
const AT_ONCE = 4;

export function pointsOf({ start, end, stepSeconds }: Grid): number {
  return Math.floor((end.getTime() - start.getTime()) / 1000 / stepSeconds) + 1;
}

/** Fetches the samples of the metrics in answers of bounded size, a few at a time. */
export async function fetchRows(
  prometheus: PrometheusClient,
  chosen: readonly CountedMetric[],
  grid: Grid,
  signal: AbortSignal,
): Promise<Rows> {
  const points = pointsOf(grid);
  const room = Math.min(MAX_SERIES, chosen.reduce((sum, { series }) => sum + series, 0) + SPARE);
  const values = new Float64Array(room * points).fill(NaN);
  const rows = new Map<string, number>();
  const labels: Labels[] = [];
  const [reasons, notes] = [new Set<string>(), new Set<string>()];
  const batches = batchesOf(chosen, grid);
  const fetchOne = async ({ query, grid: part }: Batch): Promise<void> => {
    const answer = await prometheus.queryRange(query, part, signal);
    if (answer.kind === 'failed') return void reasons.add(answer.reason);
    answer.notes.forEach((note) => notes.add(note));
    if (answer.result.type !== 'matrix') return;
    for (const one of answer.result.series) {
      const key = keyOf(one.labels);
      const row = rows.get(key) ?? labels.length;
      if (row === labels.length) {
        if (row === room) continue;
        rows.set(key, row);
        labels.push(one.labels);
      }
      for (const [at, value] of one.points) {
        const point = Math.round((at - grid.start.getTime() / 1000) / grid.stepSeconds);
        if (point >= 0 && point < points) values[row * points + point] = numberOf(value);
      }
    }
  };
  const lane = async (): Promise<void> => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) await fetchOne(batch);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { labels, values: values.slice(0, labels.length * points), points, reasons: [...reasons], notes: [...notes] };
}

/** Series that come and go within the range were not all counted. */
const SPARE = 200;

/** Small metrics together, by the selector that found them; a large one in pieces of time. */
function batchesOf(chosen: readonly CountedMetric[], grid: Grid): Batch[] {
  const points = pointsOf(grid);
  const batches: Batch[] = [];
  for (const selector of new Set(chosen.map((metric) => metric.selector))) {
    let [names, samples]: [string[], number] = [[], 0];
    const close = (): void => {
      if (names.length > 0) batches.push({ query: ofMetrics(selector, names), grid });
      [names, samples] = [[], 0];
    };
    for (const metric of chosen.filter((one) => one.selector === selector)) {
      const size = metric.series * points;
      if (size > MAX_SAMPLES) {
        batches.push(...inPieces(ofMetrics(selector, [metric.name]), grid, Math.ceil(size / MAX_SAMPLES)));
        continue;
      }
      if (samples + size > MAX_SAMPLES) close();
      names.push(metric.name);
      samples += size;
    }
    close();
  }
  return batches;
}

function inPieces(query: string, grid: Grid, count: number): Batch[] {
  const points = pointsOf(grid);
  const length = Math.max(1, Math.ceil(points / count));
  const at = (point: number): Date => new Date(grid.start.getTime() + point * grid.stepSeconds * 1000);
  return Array.from({ length: Math.ceil(points / length) }, (_, i): Batch => {
    const last = Math.min(points - 1, (i + 1) * length - 1);
    return { query, grid: { start: at(i * length), end: at(last), stepSeconds: grid.stepSeconds } };
  });
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
