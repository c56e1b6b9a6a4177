import { formatDuration } from '../time-input';
import type { LabelProfile } from './label-profile';
import { selectorOf, type MetricSelector } from './metric-selector';

export interface Described {
  readonly selector: MetricSelector;
  /** `counter`, `gauge`, `histogram`, `native histogram`, `summary` … */
  readonly type: string;
  readonly labels: readonly LabelProfile[];
  /** Between its samples; absent: not known. */
  readonly spacingSeconds?: number;
}

const WINDOWS_SECONDS = [60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400];
const DEFAULT_WINDOW_SECONDS = 300;

/** The smallest usual window that holds four samples: since Prometheus 3 a shorter one finds nothing. */
function windowFor(spacingSeconds: number | undefined): string {
  const least = spacingSeconds === undefined ? DEFAULT_WINDOW_SECONDS : Math.ceil(4 * spacingSeconds);
  const seconds = WINDOWS_SECONDS.find((one) => one >= least) ?? least;
  return seconds === 60 ? '1m' : formatDuration(seconds); // as it is mostly written
}

/** More groups than these are no overview. */
const MAX_GROUPS = 12;
const NEVER = new Set(['le', 'quantile', '__name__']);
/** Of labels with equally few values, what people ask by. */
const USUAL = ['service', 'status', 'code', 'job', 'state', 'mode', 'route', 'method', 'instance'];

/** The label to group by: the one with the fewest values that still tells series apart. */
function telling(labels: readonly LabelProfile[]): string | undefined {
  const rank = (name: string): number => (USUAL.includes(name) ? USUAL.indexOf(name) : USUAL.length);
  return labels
    .filter(({ name, cardinality }) => cardinality > 1 && cardinality <= MAX_GROUPS && !NEVER.has(name))
    .toSorted((a, b) => a.cardinality - b.cardinality || rank(a.name) - rank(b.name))[0]?.name;
}

/** Queries that suit the type, the most telling first; which of them works, only the server knows. */
export function exampleQueries(described: Described): string[] {
  const { selector, type, labels, spacingSeconds } = described;
  const label = telling(labels);
  const by = label ? ` by (${label})` : '';
  const window = windowFor(spacingSeconds);
  const part = (end: string): string => selectorOf(selector.name + end, selector.matchers);
  const plain = part('');
  switch (type) {
    case 'counter':
      return [`sum${by} (rate(${plain}[${window}]))`, `sum (rate(${plain}[${window}]))`, plain].map(tidy);
    case 'histogram':
      return [
        `histogram_quantile(0.99, sum by (${label ? `le, ${label}` : 'le'}) (rate(${part('_bucket')}[${window}])))`,
        `sum${by} (rate(${part('_count')}[${window}]))`,
      ].map(tidy);
    case 'native histogram':
      return [
        `histogram_quantile(0.99, sum${by} (rate(${plain}[${window}])))`,
        `sum${by} (histogram_count(rate(${plain}[${window}])))`,
      ].map(tidy);
    case 'summary':
      return [
        `sum${by} (rate(${part('_sum')}[${window}])) / sum${by} (rate(${part('_count')}[${window}]))`,
        `sum${by} (rate(${part('_count')}[${window}]))`,
        plain,
      ].map(tidy);
    default:
      return gaugeQueries(selector.name, plain, label).map(tidy);
  }
}

function gaugeQueries(name: string, plain: string, label: string | undefined): string[] {
  const by = label ? ` by (${label})` : '';
  if (/_info$/.test(name)) return [`count${by} (${plain})`, plain];
  if (/_(?:timestamp|time)_seconds$/.test(name)) return [`time() - max${by} (${plain})`, plain];
  return [`max${by} (${plain})`, plain];
}

function tidy(query: string): string {
  return query.replace(/\b(sum|max|count) \(/g, '$1(');
}
