import type { Labels } from '../../domain/alert';
import type { TimeRange } from '../time-input';
import type { PrometheusClient } from './prometheus-client';

/** One label of a metric: how many values it has, and the most frequent of them. */
export interface LabelProfile {
  readonly name: string;
  readonly cardinality: number;
  /** With how many series each has; without where that was not counted. */
  readonly values: readonly { readonly value: string; readonly series?: number }[];
}

/** Up to so many series are read as they are: one request tells all of them. More are counted by the server. */
export const MAX_READ_SERIES = 2_000;
/** Labels of a large metric that are asked for, one by one. */
const MAX_ASKED_LABELS = 14;
/** Labels with more values tell by their number alone. */
const MAX_COUNTED_VALUES = 200;
/** Of one label, the most frequent. */
const MAX_SHOWN_VALUES = 6;

/** Of label sets that are known one by one. */
export function profileOf(all: readonly Labels[]): LabelProfile[] {
  const counts = new Map<string, Map<string, number>>();
  for (const labels of all) {
    for (const [name, value] of Object.entries(labels)) {
      if (name === '__name__') continue;
      const of = counts.get(name) ?? new Map<string, number>();
      counts.set(name, of.set(value, (of.get(value) ?? 0) + 1));
    }
  }
  return inOrder([...counts].map(([name, of]) => ({ name, cardinality: of.size, values: ranked(of) })));
}

/**
 * Of a metric with more series than can be read: the server counts. A label whose values it does not tell is left out.
 * @returns undefined when not even the names of the labels are told
 */
export async function profileOnServer(
  prometheus: PrometheusClient,
  asked: { readonly selector: string; readonly range: TimeRange },
  signal: AbortSignal,
): Promise<{ readonly labels: LabelProfile[]; readonly unasked: number } | undefined> {
  const { selector, range } = asked;
  const names = await prometheus.catalog.labelNames(selector, range, signal);
  if (names.kind === 'failed') return undefined;
  const own = names.items.filter((name) => name !== '__name__' && /^[a-zA-Z_]\w*$/.test(name));
  const wanted = own.slice(0, MAX_ASKED_LABELS);
  const labels: LabelProfile[] = [];
  /* one after the other: each of them makes the server look at all series */
  for (const name of wanted) {
    const one = await labelOnServer(prometheus, { selector, range, name }, signal);
    if (one) labels.push(one);
  }
  return { labels: inOrder(labels), unasked: own.length - wanted.length };
}

async function labelOnServer(
  prometheus: PrometheusClient,
  { selector, range, name }: { readonly selector: string; readonly range: TimeRange; readonly name: string },
  signal: AbortSignal,
): Promise<LabelProfile | undefined> {
  const values = await prometheus.catalog.labelValues(name, { ...range, selectors: [selector] }, signal);
  if (values.kind === 'failed') return undefined;
  const cardinality = values.items.length;
  if (cardinality > MAX_COUNTED_VALUES) {
    return { name, cardinality, values: values.items.slice(0, 2).map((value) => ({ value })) };
  }
  const counted = await prometheus.query(`count by (${name}) (${selector})`, range.end, signal);
  if (counted.kind !== 'result' || counted.result.type !== 'vector') {
    return { name, cardinality, values: values.items.slice(0, MAX_SHOWN_VALUES).map((value) => ({ value })) };
  }
  const series = counted.result.series.map(({ labels, point }) => [labels[name] ?? '', Number(point[1])] as const);
  const of = new Map(series.filter(([value]) => value !== ''));
  return { name, cardinality: Math.max(of.size, 1), values: ranked(of) };
}

function ranked(counts: ReadonlyMap<string, number>): LabelProfile['values'] {
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, MAX_SHOWN_VALUES)
    .map(([value, series]) => ({ value, series }));
}

/** Those that tell the series apart by few values first: they are what to group by. */
function inOrder(labels: readonly LabelProfile[]): LabelProfile[] {
  const single = ({ cardinality }: LabelProfile): number => Number(cardinality <= 1);
  return labels.toSorted(
    (a, b) => single(a) - single(b) || a.cardinality - b.cardinality || (a.name < b.name ? -1 : 1),
  );
}
