import { labelsKey } from '../../domain/labels-key';
import type { Failed } from './envelope';
import type { ActiveTarget } from './prometheus-catalog';
import type { PrometheusClient } from './prometheus-client';
import { serviceSelectors } from './selector';

/** What is scraped, from whichever endpoint tells it. */
export type ScrapedTargets =
  | {
      readonly kind: 'targets';
      readonly targets: readonly ActiveTarget[];
      /** Why it is told by `up`, where that is so: then some or all reasons of failed scrapes are not known. */
      readonly fromUp?: string;
      /** What the server said beside its answer: that it is a partial one. */
      readonly notes: readonly string[];
    }
  | Failed;

/** Of jobs with something down, when the list of all targets is too large: their reasons are asked for one by one. */
const MAX_POOLS = 3;

/**
 * The targets of Prometheus; of a server that scrapes nothing itself (Mimir, Thanos) or has too many of them, the series
 * of `up`.
 */
export async function scrapedTargets(
  prometheus: PrometheusClient,
  asked: { readonly service?: string | null; readonly now: Date },
  signal: AbortSignal,
): Promise<ScrapedTargets> {
  const answer = await prometheus.catalog.targets(undefined, signal);
  if (answer.kind === 'items' && answer.items.length > 0) {
    return { kind: 'targets', targets: answer.items, notes: answer.notes };
  }
  const why = answer.kind === 'failed' ? answer.reason : 'This server scrapes nothing itself.';

  /* of one metric, so that no series hides another */
  const query = asked.service
    ? serviceSelectors(asked.service)
        .map((one) => `up${one}`)
        .join(' or ')
    : 'up';
  const ups = await prometheus.query(query, asked.now, signal);
  if (ups.kind === 'failed') return { kind: 'failed', reason: `${why}\nup: ${ups.reason}` };
  const series = ups.result.type === 'vector' ? ups.result.series : [];
  const targets = series.map(({ labels: { __name__: _, ...labels }, point }): ActiveTarget => {
    return { labels, health: point[1] === 0 ? 'down' : 'up', lastError: '' };
  });
  const isTooLong = answer.kind === 'failed' && answer.isTooLarge;
  const known = isTooLong ? await withReasons(prometheus, targets, signal) : targets;
  return { kind: 'targets', targets: known, fromUp: why, notes: ups.notes };
}

async function withReasons(
  prometheus: PrometheusClient,
  targets: readonly ActiveTarget[],
  signal: AbortSignal,
): Promise<ActiveTarget[]> {
  const down = targets.filter(({ health }) => health === 'down');
  const jobs = [...new Set(down.flatMap(({ labels }) => labels.job ?? []))].slice(0, MAX_POOLS);
  const told = await Promise.all(jobs.map((job) => prometheus.catalog.targets(job, signal)));
  const known = new Map(
    told.flatMap((answer) => (answer.kind === 'items' ? answer.items : [])).map((one) => [labelsKey(one.labels), one]),
  );
  return targets.map((target) => (target.health === 'down' ? (known.get(labelsKey(target.labels)) ?? target) : target));
}
