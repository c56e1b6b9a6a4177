import { clipped } from '../../domain/clipped';

const MAX_NAMES = 20;
const MAX_NAME_CHARS = 60;

/** `env, level, service and 12 more`: names of labels, bounded. */
export function formatLabelNames(names: readonly string[]): string {
  return listed(names.map((name) => clipped(name, MAX_NAME_CHARS).replace(/\s+/g, ' ')));
}

/** The same of values, quoted: they can hold anything. */
export function formatLabelValues(values: readonly string[]): string {
  return listed(values.map((value) => JSON.stringify(clipped(value, MAX_NAME_CHARS))));
}

function listed(all: readonly string[]): string {
  const more = all.length - MAX_NAMES;
  return all.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
