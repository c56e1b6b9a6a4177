import type { Labels } from '../../domain/alert';
import { labelsKey } from '../../domain/labels-key';
import type { Point } from '../metric-result';
import { withinMs } from '../time-limit';
import type { PrometheusClient } from './prometheus-client';
import { literal } from './selector';

/** So far back the samples of `up` are read: every one of them, so that the moment is exact. */
export const LOOK_BACK_HOURS = 3;
/** Since when is worth a moment, not more: that a target is down is known without it. */
const SINCE_MS = 4_000;

/** Since when a target is down, as the samples of its `up` tell. */
export type DownSince =
  | { readonly kind: 'since'; readonly at: Date }
  /** It was never up in the hours that were looked at. */
  | { readonly kind: 'longer' }
  /** Its first sample was a failed scrape already. */
  | { readonly kind: 'first'; readonly at: Date };

/** By the key of its labels. A target that is not told of is left out. */
export async function downSince(
  prometheus: PrometheusClient,
  targets: readonly Labels[],
  now: Date,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, DownSince>> {
  const of = (name: string): string => {
    const values = [...new Set(targets.flatMap((labels) => labels[name] ?? []))];
    return values.length > 0 ? `${name}=~${JSON.stringify(values.map(literal).join('|'))}` : '';
  };
  const selector = ['job', 'instance'].map(of).filter(Boolean).join(', ');
  if (selector === '') return new Map();
  const query = `up{${selector}}[${LOOK_BACK_HOURS}h]`;
  const answer = await withinMs(SINCE_MS, signal, (until) => prometheus.query(query, now, until));
  if (answer?.kind !== 'result' || answer.result.type !== 'matrix') return new Map();
  const begin = now.getTime() / 1000 - LOOK_BACK_HOURS * 3600;
  return new Map(
    answer.result.series.flatMap(({ labels: { __name__: _, ...labels }, points }): [string, DownSince][] => {
      const since = sinceOf(points, begin);
      return since ? [[labelsKey(labels), since]] : [];
    }),
  );
}

/** The first 0 of those at the end. */
function sinceOf(points: readonly Point[], begin: number): DownSince | undefined {
  const lastUp = points.findLastIndex(([, value]) => value !== 0);
  const first = points[lastUp + 1];
  if (!first) return undefined;
  const at = new Date(Math.round(first[0] * 1000));
  if (lastUp >= 0) return { kind: 'since', at };
  const spacing = points.length > 1 ? points[1]![0] - first[0] : 60;
  return first[0] > begin + 2 * spacing ? { kind: 'first', at } : { kind: 'longer' };
}
