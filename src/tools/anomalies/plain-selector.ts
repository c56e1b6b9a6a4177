import { childrenOf, onOneLine, parsePromql } from '../prometheus/promql-tree';
import type { Refused } from '../time-input';

/** What selects series, without any function around it. */
export interface Selector {
  readonly kind: 'selector';
  /** As it is asked, on one line. */
  readonly text: string;
  /** Before the braces. */
  readonly metric?: string;
  /** Between the braces, without a comma at the end. */
  readonly matchers: string;
}

/** Reads `name{label="value"}`, `name` or `{label="value"}`; refuses everything else with the reason. */
export function readSelector(query: string): Selector | Refused {
  const text = onOneLine(query);
  const root = parsePromql(text);
  if (root?.name !== 'VectorSelector') {
    return { kind: 'refused', reason: root ? NOT_PLAIN : `query: this is no selector. ${EXAMPLES}` };
  }
  const parts = childrenOf(root);
  const named = parts.find(({ name }) => name === 'Identifier');
  const braces = parts.find(({ name }) => name === 'LabelMatchers');
  const inside = braces ? text.slice(braces.from + 1, braces.to - 1).trim() : '';
  const matchers = inside.endsWith(',') ? inside.slice(0, -1).trim() : inside;
  return { kind: 'selector', text, ...(named && { metric: text.slice(named.from, named.to) }), matchers };
}

/** The same selector for some of its metrics. */
export function ofMetrics({ text, metric, matchers }: Selector, names: readonly string[]): string {
  if (metric !== undefined) return text;
  const escaped = names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const [only] = names;
  const byName =
    names.length === 1 ? `__name__=${JSON.stringify(only)}` : `__name__=~${JSON.stringify(escaped.join('|'))}`;
  return `{${[byName, ...(matchers ? [matchers] : [])].join(', ')}}`;
}

const EXAMPLES =
  'Accepted: a plain selector, `{service="checkout"}` or `http_requests_total{job="shop", status=~"5.."}`.';
const NOT_PLAIN = `query: only a plain selector is looked at: functions and operators drop the names that the answer is about, and then series clash. Counters become rates by themselves. ${EXAMPLES}`;
