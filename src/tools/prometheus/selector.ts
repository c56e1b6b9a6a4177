import type { Labels } from '../../domain/alert';

/** What every version of Prometheus and Loki takes as the name of a label in a selector. */
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The labels that a selector can name, sorted by name; an empty value says no more than an absent label. */
export function selectable(labels: Labels): Labels {
  const names = Object.keys(labels).filter((name) => LABEL_NAME.test(name) && labels[name] !== '');
  return Object.fromEntries(names.sort().map((name) => [name, labels[name]!]));
}

/** `up{job="shop"}`: series with exactly these values. */
export function withLabels(metric: string, labels: Labels): string {
  const matchers = Object.entries(selectable(labels)).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${metric}{${matchers.join(', ')}}`;
}

/** A matcher for this value or none: labels are added on the way from Prometheus to Alertmanager (external labels). */
export function valueOrAbsent(name: string, value: string): string {
  return `${name}=~${JSON.stringify(`${literal(value)}|`)}`;
}

/** A text that stands for itself inside a regular expression of Prometheus. */
export function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** A metric's name as a query has it: what no version takes as a bare name (since 3 any text is one) stands in quotes. */
export function metricName(name: string): string {
  return METRIC_NAME.test(name) ? name : `{__name__=${JSON.stringify(name)}}`;
}

/** Labels under which a source may know a service by its name, the most usual first. */
export const SERVICE_LABELS: readonly string[] = ['service', 'job', 'app', 'service_name', 'container', 'component'];

/**
 * One selector for each label that may name the service. They are asked one by one, or as several `match[]`: joined by
 * `or`, series of different metrics with the same labels would hide each other.
 */
export function serviceSelectors(service: string): string[] {
  return SERVICE_LABELS.map((label) => withLabels('', { [label]: service }));
}
