import type { PrometheusClient } from '../prometheus/prometheus-client';
import { serviceSelectors } from '../prometheus/selector';
import type { TimeRange } from '../time-input';
import { readSelector, type Selector } from './plain-selector';

/** More series than these are not looked at in one call. */
export const MAX_SERIES = 2_000;

/** One metric of a selector, and how many series it has there. */
export interface CountedMetric {
  readonly selector: Selector;
  readonly name: string;
  readonly series: number;
}

/** What of a scope is looked at, and what is not. */
export interface ChosenScope {
  readonly kind: 'scope';
  readonly chosen: readonly CountedMetric[];
  /** Left out because there is no room for them, the largest first. */
  readonly tooMany: readonly CountedMetric[];
  /** Metrics whose series are never looked at: buckets, constants that only carry labels, alerts. */
  readonly untold: number;
  readonly notes: readonly string[];
}

type ScopeReading = ChosenScope | { readonly kind: 'failed'; readonly reason: string };

/** Every selector that finds all; servers differ in which they refuse. */
const EVERYTHING = ['{__name__!=""}', '{__name__=~".+"}', '{job!=""}'];

/** Selectors of a scope. `everything`: one is enough, whichever is answered first. */
export function selectorsOf(scope: { readonly query?: Selector; readonly service?: string }): {
  readonly selectors: readonly Selector[];
  readonly oneIsEnough: boolean;
} {
  if (scope.query) return { selectors: [scope.query], oneIsEnough: false };
  const texts = scope.service === undefined ? EVERYTHING : serviceSelectors(scope.service);
  const selectors = texts.map(readSelector).filter((read): read is Selector => read.kind === 'selector');
  return { selectors, oneIsEnough: scope.service === undefined };
}

/**
 * Counts the series of a scope by metric, at its known start and at its end (what has vanished is not there any more),
 * and chooses so that as many metrics as possible are looked at.
 */
export async function chooseScope(
  prometheus: PrometheusClient,
  { selectors, oneIsEnough }: ReturnType<typeof selectorsOf>,
  { start, end }: TimeRange,
  signal: AbortSignal,
): Promise<ScopeReading> {
  const counted: CountedMetric[] = [];
  const notes = new Set<string>();
  let reason: string | undefined;
  let answered = false;
  for (const selector of selectors) {
    const query = `count by (__name__) (${selector.text})`;
    const answers = await Promise.all([start, end].map((time) => prometheus.query(query, time, signal)));
    const counts = new Map<string, number>();
    for (const answer of answers) {
      if (answer.kind === 'failed') {
        reason = answer.reason;
        continue;
      }
      answered = true;
      answer.notes.forEach((note) => notes.add(note));
      for (const { labels, point } of answer.result.type === 'vector' ? answer.result.series : []) {
        const name = labels.__name__ ?? selector.metric;
        const count = Number(point[1]);
        if (name !== undefined && count > 0) counts.set(name, Math.max(counts.get(name) ?? 0, count));
      }
    }
    counted.push(...Array.from(counts, ([name, series]) => ({ selector, name, series })));
    if (oneIsEnough && answered) break;
  }
  if (!answered && reason !== undefined) return { kind: 'failed', reason };
  return { kind: 'scope', ...choose(counted), notes: [...notes] };
}

/** Constants that only carry labels, and what is told by others: `_sum`, `_count` and `_total` tell what buckets do. */
const UNTOLD = /(?:_bucket|_info|_created)$|^ALERTS(?:_FOR_STATE)?$/;

/** Small metrics first: most names are seen so, and a metric of thousands of series is better asked for by itself. */
function choose(counted: readonly CountedMetric[]): Omit<ChosenScope, 'kind' | 'notes'> {
  const told = counted.filter(({ name, selector }) => selector.metric !== undefined || !UNTOLD.test(name));
  const sorted = told.toSorted((a, b) => a.series - b.series || (a.name < b.name ? -1 : 1));
  let left = MAX_SERIES;
  const chosen: CountedMetric[] = [];
  for (const metric of sorted) {
    if (metric.series > left) break;
    left -= metric.series;
    chosen.push(metric);
  }
  return { chosen, tooMany: sorted.slice(chosen.length).reverse(), untold: counted.length - told.length };
}
