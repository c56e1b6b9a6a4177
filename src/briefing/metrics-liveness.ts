import type { Labels } from '../domain/alert';
import { countInWords, durationInWords } from '../domain/in-words';
import { labelsKey } from '../domain/labels-key';
import { ALIVE, DEAD, NOT_KNOWN } from '../domain/sent-texts';
import { formatLabels } from '../tools/fit';
import type { Point, RangeSeries } from '../tools/metric-result';
import type { PrometheusClient } from '../tools/prometheus/prometheus-client';
import { formatTime } from '../tools/time-input';
import { matrixOf, vectorOf, Warnings } from './backend-answers';
import { bestMatch, type Match, matchesFor } from './best-match';
import { lowerMedian, spacingOf } from './firing-windows';
import { oneLine } from '../domain/one-line';
import type { BriefingSubject } from './section-source';
import { SERVICE_LABELS, valueOrAbsent, withLabels } from '../tools/prometheus/selector';
import { isScrapeLabel, isWide, targetLabels, type TargetLabels } from './target-labels';

/** The more targets, the shorter the time over which their samples are read: 10,000 of them stay below what is read of an answer. */
const MINUTES_FOR_TARGETS = [
  { most: 20, minutes: 60 },
  { most: 1_000, minutes: 10 },
  { most: Infinity, minutes: 5 },
] as const;
/** Targets of one kind that are named. */
const MAX_NAMED = 3;
/** A source whose newest sample is older than this, and than a few of its samples, gives no data any more. */
const SILENT_SECONDS = 60;
const SILENT_SAMPLES = 4;

/** Lines on whether Prometheus still gets the metrics of what an alert is about. */
export async function metricsLiveness(
  prometheus: PrometheusClient,
  { firing, now }: BriefingSubject,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const target = targetLabels(firing.labels);
  const { principal } = target;
  if (!principal) return [`${NOT_KNOWN}metrics: the alert has no label that names a target (job, instance, service …)`];
  const warnings = new Warnings();
  const ups = vectorOf(await prometheus.query(everyUp(target), now, signal), warnings).map(({ labels }) => labels);
  const own = matchesFor(ups, target);
  const isOwn = own.some(({ shared }) => principal.name in shared);
  const matches = isOwn ? own : [...named(ups, target), ...own];
  const lines = await Promise.all(matches.map((match) => upLines(prometheus, match, now, signal)));
  const isScraped = matches.some(({ shared }) => Object.values(shared).includes(principal.value));
  const elsewhere = isScraped ? [] : await notScraped(prometheus, target, now, signal);
  return [...lines.flat(), ...elsewhere, ...warnings.lines()];
}

/** Every `up` of the last hour that has one of the labels, or the name under another label. Targets that are gone too. */
function everyUp({ all, principal }: TargetLabels): string {
  const own = Object.entries(all).filter(([name]) => !isWide(name));
  const others = principal ? SERVICE_LABELS.map((name) => [name, principal.value] as const) : [];
  const selectors = [...own, ...others].map(
    ([name, value]) => `last_over_time(${withLabels('up', { [name]: value })}[1h])`,
  );
  return [...new Set(selectors)].join(' or ');
}

/** Those that have the value under another label, as `job="payments"` for `service="payments"`, and not elsewhere. */
function named(ups: readonly Labels[], { all, principal }: TargetLabels): Match[] {
  if (isScrapeLabel(principal!.name)) return []; // a job is known by nothing but its name
  const wide = Object.fromEntries(Object.entries(all).filter(([name]) => isWide(name)));
  const found = SERVICE_LABELS.map((name) => bestMatch(ups, { [name]: principal!.value, ...wide }));
  return found.filter((match) => match !== undefined).slice(0, 1);
}

async function upLines(
  prometheus: PrometheusClient,
  { shared, sets }: Match,
  now: Date,
  signal: AbortSignal,
): Promise<string[]> {
  const { minutes } = MINUTES_FOR_TARGETS.find(({ most }) => sets.length <= most)!;
  const selector = withLabels('up', shared);
  const wanted = new Set(sets.map(keyOf));
  const all = matrixOf(await prometheus.query(`${selector}[${minutes}m]`, now, signal));
  const series = all
    .filter(({ labels, points }) => points.length > 0 && wanted.has(keyOf(labels)))
    .sort((a, b) => (keyOf(a.labels) < keyOf(b.labels) ? -1 : 1)); // the same facts, the same text
  const found = new Set(series.map(({ labels }) => keyOf(labels)));
  const vanished = sets.filter((labels) => !found.has(keyOf(labels)));
  const seen = { name: nameOf(shared), selector, total: sets.length, minutes, nowSeconds: now.getTime() / 1000 };
  const gone = series.filter(({ points }) => isSilent(points, seen));
  const current = series.filter((one) => !gone.includes(one));
  const down = current.filter(({ points }) => valueOf(points) === 0);
  const up = current.filter((one) => !down.includes(one));
  return [
    ...(up.length > 0 ? [upLine(up, seen)] : []),
    ...(down.length > 0 ? [downLine(down, seen, await scrapeError(prometheus, down[0]!.labels, signal))] : []),
    ...(gone.length > 0 ? [goneLine(gone, seen)] : []),
    ...(vanished.length > 0 ? [vanishedLine(vanished, seen)] : []),
  ];
}

interface Seen {
  readonly name: string;
  readonly selector: string;
  /** How many targets had samples in the last hour. */
  readonly total: number;
  readonly minutes: number;
  readonly nowSeconds: number;
}

function upLine(up: readonly RangeSeries[], seen: Seen): string {
  const samples = up.flatMap(({ points }) => points);
  const zeros = samples.filter(([, value]) => value === 0).map(([at]) => at);
  const dips =
    zeros.length > 0
      ? `; up was 0 in ${zeros.length} of ${countInWords(samples.length, 'sample')} of the last ${seen.minutes} min, the last time at ${timeOf(latest(zeros))}`
      : '';
  return `${ALIVE}metrics of ${seen.name}: up 1 (${targets(up, seen)}), ${lastSample(up, seen)}${dips}: ${seen.selector}`;
}

function downLine(down: readonly RangeSeries[], seen: Seen, error: string): string {
  const begins = down.map(({ points }) => downSince(points));
  const known = begins.filter((at) => at !== undefined);
  const since = known.length > 0 ? `since ${timeOf(Math.min(...known))}` : `for all of the last ${seen.minutes} min`;
  return `${DEAD}metrics of ${seen.name}: up 0 ${since} (${targets(down, seen)}: ${instances(down.map(({ labels }) => labels))}), ${lastSample(down, seen)}, last scrape error: ${error}`;
}

function goneLine(gone: readonly RangeSeries[], seen: Seen): string {
  const last = latest(gone.map(({ points }) => points.at(-1)![0]));
  const value = gone.every(({ points }) => valueOf(points) === 1) ? 'up was 1 until then' : 'up was 0 at the end';
  return `${DEAD}metrics of ${seen.name}: no sample since ${timeOf(last)} (${targets(gone, seen)}: ${instances(gone.map(({ labels }) => labels))}); ${value}: it is no longer scraped, or its samples do not arrive`;
}

/** Its samples of the last hour are older than those that were read. */
function vanishedLine(vanished: readonly Labels[], seen: Seen): string {
  return `${DEAD}metrics of ${seen.name}: no sample in the last ${seen.minutes} min, though in the last hour (${targets(vanished, seen)}: ${instances(vanished)}): it is no longer scraped, or its samples do not arrive`;
}

/** Neither down nor fine: others may tell of it, and whether they still do shows in the age of what they tell. */
async function notScraped(
  prometheus: PrometheusClient,
  { all, principal }: TargetLabels,
  now: Date,
  signal: AbortSignal,
): Promise<string[]> {
  const { name, value } = principal!;
  const isJob = isScrapeLabel(name);
  const labels = isJob
    ? Object.fromEntries(Object.entries(all).filter(([of]) => isScrapeLabel(of)))
    : { [name]: value };
  const shown = formatLabels(labels);
  /* ALERTS and recorded series are written by Prometheus itself, whether or not their source still lives */
  const within = Object.entries(all).filter(([of]) => isWide(of) && !(of in labels));
  const more = [...within.map(([of, wide]) => valueOrAbsent(of, wide)), '__name__!~"ALERTS|ALERTS_FOR_STATE|.*:.*"'];
  const about = withLabels('', labels).replace(/\}$/, `, ${more.join(', ')}}`);
  const [newest] = vectorOf(await prometheus.query(`max(timestamp(${about}))`, now, signal));
  const elsewhere = isJob ? '' : ', nor that value as job, app or the like';
  const direct = `not scraped directly: in the last hour no series of up has ${shown}${elsewhere}: by up it is neither down nor fine`;
  const what = oneLine(value, 80);
  if (!newest) return [direct, `${NOT_KNOWN}metrics about ${what}: no series has ${shown} now`];
  const age = durationInWords(Math.max(0, now.getTime() - Number(newest.point[1]) * 1000));
  return [direct, `${ALIVE}metrics about ${what}, told by others: the newest sample is ${age} before now`];
}

/** Prometheus' own words; only of one target: they mostly say the same. */
async function scrapeError(prometheus: PrometheusClient, labels: Labels, signal: AbortSignal): Promise<string> {
  const answer = await prometheus.catalog.targets(labels.job, signal);
  if (answer.kind === 'failed') return 'not told';
  const key = keyOf(labels);
  const found = answer.items.find((target) => keyOf(target.labels) === key);
  return found?.lastError ? oneLine(found.lastError, 200) : 'not told';
}

function isSilent(points: readonly Point[], { nowSeconds }: Seen): boolean {
  return nowSeconds - points.at(-1)![0] > Math.max(SILENT_SECONDS, SILENT_SAMPLES * (spacingOf(points) ?? 0));
}

function lastSample(series: readonly RangeSeries[], { nowSeconds }: Seen): string {
  const ageMs = Math.max(0, nowSeconds - latest(series.map(({ points }) => points.at(-1)![0]))) * 1000;
  const spacing = lowerMedian(series.flatMap(({ points }) => spacingOf(points) ?? []));
  const each = spacing === undefined ? '' : `, one every ${durationInWords(Math.round(spacing * 10) * 100)}`;
  return `last sample ${durationInWords(ageMs)} before now${each}`;
}

/** The first 0 of those at the end; undefined where there is nothing else. Seconds. */
function downSince(points: readonly Point[]): number | undefined {
  const lastUp = points.findLastIndex(([, value]) => value !== 0);
  return lastUp === -1 ? undefined : points[lastUp + 1]?.[0];
}

function targets({ length }: readonly unknown[], { total }: Seen): string {
  return `${length} of ${countInWords(total, 'target')}`;
}

function instances(all: readonly Labels[]): string {
  const names = all.map(({ instance }) => oneLine(instance ?? 'without an instance', 80)).sort();
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  return names.slice(0, MAX_NAMED).join(', ') + more;
}

/** The value of the most telling label. */
function nameOf(shared: Labels): string {
  return oneLine(Object.values(shared)[0] ?? 'the target', 80);
}

function keyOf({ __name__: _, ...labels }: Labels): string {
  return labelsKey(labels);
}

function valueOf(points: readonly Point[]): unknown {
  return points.at(-1)?.[1];
}

function latest(seconds: readonly number[]): number {
  return seconds.reduce((a, b) => Math.max(a, b), -Infinity);
}

function timeOf(seconds: number): string {
  return formatTime(new Date(Math.round(seconds * 1000)));
}
