import type { Labels } from '../../domain/alert';
import { cleanText } from '../../domain/outside-text';
import type { Comparison, Matching } from './split-expression';

interface Labelled {
  readonly labels: Labels;
}

/**
 * The series of an answer that are the alert's: equal in every label that both have; those that share most labels
 * with it. Several are left only where nothing tells them apart.
 * @param labels the alert's, without those that its rule adds
 * @param counts which labels tell; absent: all
 */
export function seriesOfAlert<Series extends Labelled>(
  series: readonly Series[],
  labels: Labels,
  counts: (name: string) => boolean = () => true,
): Series[] {
  const shared = series.map((one) => sharedLabels(one.labels, labels, counts));
  const most = shared.reduce((a, b) => Math.max(a, b), -1);
  return most < 0 ? [] : series.filter((_, i) => shared[i] === most);
}

/** How many labels they share; -1 when one contradicts. */
function sharedLabels(series: Labels, alert: Labels, counts: (name: string) => boolean): number {
  let count = 0;
  for (const [name, value] of Object.entries(series)) {
    const wanted = alert[name];
    if (name === '__name__' || wanted === undefined || !counts(name)) continue;
    /* the alert's labels were cleaned when they came in */
    if (cleanText(value) !== wanted) return -1;
    count += 1;
  }
  return count;
}

/**
 * Which labels tell whose a series of one side is: of the one side only those by which it is matched, of the other all
 * but those that the result takes from the one side.
 */
export function tellingLabels({ matching }: Comparison, side: 'left' | 'right'): (name: string) => boolean {
  if (!matching) return () => true;
  const owner = matching.many === 'right' ? 'right' : 'left';
  return side === owner ? (name) => !matching.included.includes(name) : (name) => isMatched(matching, name);
}

function isMatched({ mode, names }: Matching, name: string): boolean {
  return names.includes(name) === (mode === 'on');
}

/** A label's name that every version reads without quotes. */
const PLAIN_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * The same query for the alert's series alone, whatever is inside: its value is compared with nothing, only its labels.
 * A rule over thousands of series would else answer with megabytes.
 */
export function onlySeries(query: string, labels: Labels, counts: (name: string) => boolean = () => true): string {
  const names = Object.keys(labels).filter((name) => PLAIN_NAME.test(name) && name !== '__name__' && counts(name));
  if (names.length === 0) return query;
  const wanted = names
    .sort()
    .reduce((inner, name) => `label_replace(${inner}, "${name}", ${literal(labels[name]!)}, "", "")`, 'vector(1)');
  return `(${query}) and on (${names.join(', ')}) ${wanted}`;
}

/** `$1` in a replacement would be filled in. */
function literal(value: string): string {
  return JSON.stringify(value.replaceAll('$', '$$$$'));
}
