import type { Sample, Series } from '../test/stand-ins/prometheus.ts';
import { chance, deployOf, failingShare, secondsAt, SERVICES, servedBy } from './incident-plan.ts';
import type { IncidentPlan, Service } from './incident-plan.ts';

const SCRAPE_SECONDS = 15;
const HISTORY_MINUTES = 75;
const BUCKETS_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** An ordinary day of each service. */
const USUAL: Readonly<Record<Service, { requestsPerSecond: number; medianSeconds: number; cores: number }>> = {
  storefront: { requestsPerSecond: 64, medianSeconds: 0.06, cores: 0.9 },
  checkout: { requestsPerSecond: 19, medianSeconds: 0.12, cores: 0.45 },
  payments: { requestsPerSecond: 15, medianSeconds: 0.09, cores: 0.3 },
  inventory: { requestsPerSecond: 27, medianSeconds: 0.04, cores: 0.35 },
};

/** What the services' own metrics would have shown a Prometheus that scrapes them every 15 seconds. */
export function metricSeries(plan: IncidentPlan): Series[] {
  return SERVICES.flatMap((service) => [
    ...counters(plan, service),
    ...buildInfo(plan, service),
    { labels: named('up', service), samples: scrapes(plan).map((at): Sample => [at, 1]) },
  ]);
}

function scrapes(plan: IncidentPlan): number[] {
  const last = Math.floor(plan.now.getTime() / 1000 / SCRAPE_SECONDS) * SCRAPE_SECONDS;
  const count = (HISTORY_MINUTES * 60) / SCRAPE_SECONDS + 1;
  return Array.from({ length: count }, (_, i) => last - (count - 1 - i) * SCRAPE_SECONDS);
}

function named(name: string, service: Service, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { __name__: name, job: 'shop', instance: `${service}-0:8080`, service, ...more };
}

/** Requests, durations and CPU of one service: counters, which a deploy's restart sets back to zero. */
function counters(plan: IncidentPlan, service: Service): Series[] {
  const failure = deployOf(plan, service) ? '500' : '502';
  const sums: Record<string, number> = { ok: 1_200_000, failed: 2_300, cpu: 40_000 };
  const columns: Record<string, Sample[]> = {};
  const keep = (name: string, at: number): void => void (columns[name] ??= []).push([at, sums[name]!]);
  let before = scrapes(plan)[0]! - SCRAPE_SECONDS;
  for (const at of scrapes(plan)) {
    if (restartedBetween(plan, service, before, at)) for (const name of Object.keys(sums)) sums[name] = 0;
    const now = at - SCRAPE_SECONDS / 2;
    const requests = Math.round(USUAL[service].requestsPerSecond * SCRAPE_SECONDS * wiggle('load', service, at));
    const share = failingShare(plan, service, now) * wiggle('failed', service, at);
    /* whole requests, rounded by chance: a share of 0.2 % must not become none */
    const failed = Math.floor(requests * share + chance('rest', service, at));
    sums.ok! += requests - failed;
    sums.failed! += failed;
    sums.cpu! += USUAL[service].cores * busy(plan, service, now, 2.6) * SCRAPE_SECONDS * wiggle('cpu', service, at);
    const median = USUAL[service].medianSeconds * busy(plan, service, now, 3.2);
    for (const le of [...BUCKETS_SECONDS, Infinity]) {
      sums[`le${le}`] = (sums[`le${le}`] ?? 0) + Math.round(requests / (1 + (median / le) ** 3));
    }
    for (const name of Object.keys(sums)) keep(name, at);
    before = at;
  }
  const bucket = (le: number): Series => ({
    labels: named('http_request_duration_seconds_bucket', service, { le: le === Infinity ? '+Inf' : String(le) }),
    samples: columns[`le${le}`]!,
  });
  return [
    { labels: named('http_requests_total', service, { status: '200' }), samples: columns.ok! },
    { labels: named('http_requests_total', service, { status: failure }), samples: columns.failed! },
    { labels: named('process_cpu_seconds_total', service), samples: columns.cpu! },
    ...[...BUCKETS_SECONDS, Infinity].map(bucket),
  ];
}

/** One series a version: the old one goes stale with the deploy. */
function buildInfo(plan: IncidentPlan, service: Service): Series[] {
  const versions = new Map<string, Sample[]>();
  for (const at of scrapes(plan)) {
    const { version, revision } = servedBy(plan, service, at);
    const key = `${version} ${revision}`;
    if (!versions.has(key)) for (const samples of versions.values()) samples.push([at, 'stale']);
    versions.set(key, [...(versions.get(key) ?? []), [at, 1]]);
  }
  return [...versions].map(([key, samples]) => {
    const [version, revision] = key.split(' ') as [string, string];
    return { labels: named('app_build_info', service, { version, revision }), samples };
  });
}

function restartedBetween(plan: IncidentPlan, service: Service, before: number, at: number): boolean {
  const deploy = deployOf(plan, service);
  if (!deploy) return false;
  const deployed = secondsAt(plan, deploy.minutesAgo);
  return before < deployed && deployed <= at;
}

/** The decoy warms its cache after its start: busy and slow, but it answers. */
function busy(plan: IncidentPlan, service: Service, at: number, factor: number): number {
  return service === plan.decoy.service && at >= secondsAt(plan, plan.decoy.minutesAgo) ? factor : 1;
}

/** Between 0.96 and 1.04. */
function wiggle(...words: readonly (string | number)[]): number {
  return 0.96 + 0.08 * chance(...words);
}
