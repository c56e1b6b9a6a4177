import type { Labels } from '../domain/alert';
import { selectable } from '../tools/prometheus/selector';

/** Labels whose value names the thing that an alert is about, the most telling first. */
const SUBJECTS = [
  'service',
  'service_name',
  'app',
  'app_kubernetes_io_name',
  'application',
  'component',
  'deployment',
  'statefulset',
  'daemonset',
  'container',
  'pod',
];
/** Labels that name what was scraped: of an exporter's metrics it is the exporter. */
const SCRAPED = ['job', 'instance', 'node', 'host', 'hostname'];
/** Labels that only narrow: many things share their value. */
const WIDE = ['namespace', 'kubernetes_namespace', 'cluster', 'environment', 'env', 'region', 'zone', 'datacenter'];

/** What the labels of an alert say about where its data and its logs come from. */
export interface TargetLabels {
  /** All that can name a target or narrow it, by name. */
  readonly all: Labels;
  /** The most telling one that is no wide one. */
  readonly principal?: { readonly name: string; readonly value: string };
}

export function targetLabels(labels: Labels): TargetLabels {
  const given = selectable(labels);
  const specific = [...SUBJECTS, ...SCRAPED].filter((name) => name in given);
  const all = Object.fromEntries([...specific, ...WIDE.filter((name) => name in given)].map((n) => [n, given[n]!]));
  const [name] = specific;
  return { all, principal: name === undefined ? undefined : { name, value: given[name]! } };
}

/** Those of them that many things share; the others name one. */
export function isWide(name: string): boolean {
  return WIDE.includes(name);
}

export function isScrapeLabel(name: string): boolean {
  return SCRAPED.includes(name);
}
