import { withinMs } from '../time-limit';
import type { MetricFamily } from './metric-families';
import type { PrometheusClient } from './prometheus-client';
import { literal, SERVICE_LABELS } from './selector';

/** Counting a hundred thousand series takes a second; the names are worth more than their number. */
const COUNT_MS = 3_000;

/** How many series each of some metrics has now, by series name; undefined where that is not told in time. */
export async function seriesCounts(
  prometheus: PrometheusClient,
  asked: { readonly families: readonly MetricFamily[]; readonly service?: string | null; readonly at: Date },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number> | undefined> {
  const names = asked.families.map(({ counted }) => literal(counted)).join('|');
  const by = ['__name__', ...(asked.service ? SERVICE_LABELS : [])].join(', ');
  const query = `count by (${by}) ({__name__=~${JSON.stringify(names)}})`;
  const answer = await withinMs(COUNT_MS, signal, (until) => prometheus.query(query, asked.at, until));
  if (answer?.kind !== 'result' || answer.result.type !== 'vector') return undefined;
  const counts = new Map<string, number>();
  for (const { labels, point } of answer.result.series) {
    if (asked.service && !SERVICE_LABELS.some((label) => labels[label] === asked.service)) continue;
    const name = labels.__name__ ?? '';
    counts.set(name, (counts.get(name) ?? 0) + Number(point[1]));
  }
  return counts;
}

/** No sample in the last five minutes is no series now. */
export function countOf(
  { counted }: MetricFamily,
  counts: ReadonlyMap<string, number> | undefined,
): number | undefined {
  return counts && (counts.get(counted) ?? 0);
}
