import type { Labels } from '../../domain/alert';
import type { InstantSeries, Point } from '../metric-result';
import { withinMs } from '../time-limit';
import { familiesOf, type MetricFamily } from './metric-families';
import { exampleQueries } from './example-query';
import { type LabelProfile, MAX_READ_SERIES, profileOf, profileOnServer } from './label-profile';
import { type MetricSelector, selectorOf, selectorOfAll } from './metric-selector';
import type { MetricMetadata } from './prometheus-catalog';
import type { PrometheusClient } from './prometheus-client';
import { withLabels } from './selector';

/** What is asked, and until when. */
export interface ProfileContext {
  readonly prometheus: PrometheusClient;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** What there is of a metric now. */
export interface MetricProfile {
  readonly family: MetricFamily;
  readonly series: number;
  readonly labels: readonly LabelProfile[];
  /** Labels of a large metric that were not asked for. */
  readonly unaskedLabels: number;
  /** Series by upper bound of a classic histogram's buckets. */
  readonly bounds: readonly string[];
  readonly spacingSeconds?: number;
  /** How old the newest sample is. */
  readonly ageSeconds?: number;
  /** What the server said beside its answer: that it is a partial one. */
  readonly notes: readonly string[];
  /** A query that gave an answer, and the answer. */
  readonly example?: { readonly query: string; readonly series: readonly InstantSeries[] };
}

const ENDS = ['', '_bucket', '_count', '_sum', '_total'];
/** What an answer can do without is given up after this. */
const EXTRA_MS = 5_000;
/** Values and names are asked for over so much time before now. */
const RECENT_MS = 15 * 60_000;

/** @returns undefined when no series of this name has a sample now; the reason when Prometheus does not tell */
export async function profileMetric(
  selector: MetricSelector,
  context: ProfileContext,
): Promise<MetricProfile | string | undefined> {
  const { prometheus, now, signal } = context;
  const base = selector.name.replace(/_(?:bucket|count|sum)$/, '');
  const names = [...new Set([selector.name, ...ENDS.map((end) => base + end)])];
  const [counted, ...metadata] = await Promise.all([
    prometheus.query(`count by (__name__) (${selectorOfAll(names, selector.matchers)})`, now, signal),
    ...[base, selector.name].map((name) =>
      withinMs(EXTRA_MS, signal, (until) => prometheus.catalog.metadata(name, until)),
    ),
  ]);
  if (counted.kind === 'failed') return counted.reason;
  if (counted.result.type !== 'vector') return 'Prometheus answered in a form that is not known.';
  const counts = new Map(counted.result.series.map(({ labels, point }) => [labels.__name__ ?? '', Number(point[1])]));
  const known = new Map<string, MetricMetadata>(
    metadata.flatMap((one) => (one?.kind === 'metadata' ? [...one.of] : [])),
  );
  const family = chosenFamily([...counts.keys()], known, selector.name, base);
  if (!family) return undefined;
  return profileFamily(family, { selector, series: counts.get(family.counted) ?? 0, notes: counted.notes }, context);
}

/** What was asked for, be it by the name of a part: `x_bucket` is `x`. */
function chosenFamily(
  names: readonly string[],
  metadata: ReadonlyMap<string, MetricMetadata>,
  asked: string,
  base: string,
): MetricFamily | undefined {
  const families = familiesOf(names, metadata);
  return [asked, base, `${asked}_total`].map((name) => families.find((one) => one.name === name)).find(Boolean);
}

async function profileFamily(
  family: MetricFamily,
  found: { readonly selector: MetricSelector; readonly series: number; readonly notes: readonly string[] },
  context: ProfileContext,
): Promise<MetricProfile> {
  const { matchers } = found.selector;
  const selector = selectorOf(family.counted, matchers);
  const [read, age] = await Promise.all([
    readLabels(selector, found.series, context),
    vectorOf(`max(timestamp(${selector}))`, context),
  ]);
  const isNative = family.type === 'native histogram' || read.isNative;
  const type = isNative ? 'native histogram' : family.type;
  const [spacingSeconds, bounds] = await Promise.all([
    spacingOf(selector, read.one, context),
    type === 'histogram' ? boundsOf(selectorOf(`${family.name}_bucket`, matchers), context) : [],
  ]);
  const described = { selector: { name: family.name, matchers }, type, labels: read.labels, spacingSeconds };
  const newest = age[0] && Number(age[0].point[1]);
  return {
    family: { ...family, type },
    series: found.series,
    notes: found.notes,
    labels: read.labels,
    unaskedLabels: read.unasked,
    bounds,
    ...(spacingSeconds !== undefined && { spacingSeconds }),
    ...(newest !== undefined && { ageSeconds: Math.max(0, context.now.getTime() / 1000 - newest) }),
    example: await workingExample(exampleQueries(described), context),
  };
}

interface ReadLabels {
  readonly labels: readonly LabelProfile[];
  readonly unasked: number;
  /** One of its series. */
  readonly one?: Labels;
  readonly isNative: boolean;
}

async function readLabels(selector: string, series: number, context: ProfileContext): Promise<ReadLabels> {
  const { prometheus, now, signal } = context;
  if (series <= MAX_READ_SERIES) {
    const all = await vectorOf(selector, context);
    const labels = all.map((one) => one.labels);
    return { labels: profileOf(labels), unasked: 0, one: labels[0], isNative: isNative(all) };
  }
  const range = { start: new Date(now.getTime() - RECENT_MS), end: now };
  const [profile, some] = await Promise.all([
    profileOnServer(prometheus, { selector, range }, signal),
    vectorOf(`topk(1, ${selector})`, context),
  ]);
  return {
    labels: profile?.labels ?? [],
    unasked: profile?.unasked ?? 0,
    one: some[0]?.labels,
    isNative: isNative(some),
  };
}

function isNative(series: readonly InstantSeries[]): boolean {
  return series.some(({ point }) => typeof point[1] !== 'number');
}

/** Measured on the raw samples of one series. */
async function spacingOf(
  selector: string,
  one: Labels | undefined,
  { prometheus, now, signal }: ProfileContext,
): Promise<number | undefined> {
  if (!one) return undefined;
  const { __name__: name, ...labels } = one;
  const asked = name && /^[a-zA-Z_:]\w*$/.test(name) ? withLabels(name, labels) : selector;
  const answer = await withinMs(EXTRA_MS, signal, (until) => prometheus.query(`${asked}[30m]`, now, until));
  if (answer?.kind !== 'result' || answer.result.type !== 'matrix') return undefined;
  const points = answer.result.series[0]?.points ?? [];
  return points.length > 1 ? medianGap(points) : undefined;
}

/** To a tenth of a second: scrapes are late by some milliseconds. */
function medianGap(points: readonly Point[]): number {
  const gaps = points
    .slice(1)
    .map(([at], i) => at - points[i]![0])
    .sort((a, b) => a - b);
  return Math.round(gaps[(gaps.length - 1) >> 1]! * 10) / 10;
}

async function boundsOf(selector: string, context: ProfileContext): Promise<string[]> {
  const series = await vectorOf(`count by (le) (${selector})`, context);
  const bounds = series.flatMap(({ labels }) => labels.le ?? []);
  return bounds.sort((a, b) => (a === '+Inf' ? 1 : b === '+Inf' ? -1 : Number(a) - Number(b)));
}

/** The first that gives a number; one that gives only NaN (nothing was served) rather than none. */
async function workingExample(queries: readonly string[], context: ProfileContext): Promise<MetricProfile['example']> {
  let last: MetricProfile['example'];
  for (const query of queries) {
    const series = await vectorOf(query, context);
    if (series.some(({ point }) => typeof point[1] !== 'number' || Number.isFinite(point[1]))) return { query, series };
    if (series.length > 0) last ??= { query, series };
  }
  return last;
}

/** Nothing when it fails or takes long: what is known without it is told. */
async function vectorOf(query: string, { prometheus, now, signal }: ProfileContext): Promise<readonly InstantSeries[]> {
  const answer = await withinMs(EXTRA_MS, signal, (until) => prometheus.query(query, now, until));
  return answer?.kind === 'result' && answer.result.type === 'vector' ? answer.result.series : [];
}
