import type { MetricMetadata } from './prometheus-catalog';

/** What belongs together under one name: a counter, or a histogram with its `_bucket`, `_sum` and `_count`. */
export interface MetricFamily {
  readonly name: string;
  /** `counter`, `gauge`, `histogram`, `native histogram`, `summary`, `recorded` (by a rule), `unknown`. */
  readonly type: string;
  /** Told by its name alone: the server has no metadata of it. */
  readonly isGuessed: boolean;
  /** As the target writes it; empty where it is not known. */
  readonly help: string;
  readonly unit: string;
  /** The series name that has one series for each combination of labels. */
  readonly counted: string;
}

const PART = /_(?:bucket|sum|count|created)$/;

/** The families of these series names, in their order. */
export function familiesOf(
  names: readonly string[],
  metadata: ReadonlyMap<string, MetricMetadata> = new Map(),
): MetricFamily[] {
  const known = new Set(names);
  const families = new Map<string, MetricFamily>();
  for (const name of names) {
    const base = baseOf(name, known, metadata);
    if (!families.has(base)) families.set(base, familyOf(base, known, metadata));
  }
  return [...families.values()];
}

function baseOf(name: string, known: ReadonlySet<string>, metadata: ReadonlyMap<string, MetricMetadata>): string {
  if (!PART.test(name)) return name;
  const base = name.replace(PART, '');
  if (name.endsWith('_created') && known.has(`${base}_total`)) return `${base}_total`;
  const type = metadata.get(base)?.type ?? '';
  const isSummary = known.has(base) && known.has(`${base}_sum`) && known.has(`${base}_count`);
  return known.has(`${base}_bucket`) || /histogram|summary/.test(type) || isSummary ? base : name;
}

function familyOf(
  name: string,
  known: ReadonlySet<string>,
  metadata: ReadonlyMap<string, MetricMetadata>,
): MetricFamily {
  const told = metadata.get(name) ?? metadata.get(name.replace(/_(?:total|info)$/, ''));
  const isTold = told !== undefined && told.type !== 'unknown' && told.type !== '';
  return {
    name,
    type: isTold ? nativeOrNot(told.type, name, known) : typeByName(name, known),
    isGuessed: !isTold,
    help: told?.help ?? '',
    unit: told?.unit ?? '',
    counted: known.has(name) ? name : known.has(`${name}_count`) ? `${name}_count` : `${name}_bucket`,
  };
}

/** A native histogram is one series under the plain name. */
function nativeOrNot(type: string, name: string, known: ReadonlySet<string>): string {
  return type === 'histogram' && known.has(name) && !known.has(`${name}_bucket`) ? 'native histogram' : type;
}

function typeByName(name: string, known: ReadonlySet<string>): string {
  if (known.has(`${name}_bucket`)) return 'histogram';
  if (known.has(`${name}_sum`) && known.has(`${name}_count`)) return 'summary';
  if (name.includes(':')) return 'recorded';
  return /_(?:total|count|sum|bucket)$/.test(name) ? 'counter' : 'gauge';
}

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/_timestamp_seconds$|_time_seconds$/, 'unix seconds (a moment)'],
  [/_(seconds|bytes|ratio|celsius|joules|volts|amperes|meters|grams|percent|milliseconds|cores)(?:_total|_sum)?$/, ''],
  [/_ms(?:_total)?$/, 'milliseconds'],
  [/_info$/, 'none: its value is 1, its labels tell'],
];

/** By the metadata, else by the end of the name; undefined where neither tells. */
export function unitOf({ name, unit }: MetricFamily): string | undefined {
  if (unit !== '') return unit;
  for (const [end, word] of UNITS) {
    const found = end.exec(name);
    if (found) return word || found[1];
  }
  return undefined;
}
