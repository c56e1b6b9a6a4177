import { promqlNumber } from '../../tools/prometheus/promql-number';
import { childrenOf, descendants, onOneLine, parsePromql, type PromqlNode } from '../../tools/prometheus/promql-tree';

/** What an expression reads: its metrics, and how far back. */
export interface ExpressionSources {
  /** The different selectors, those under a window first. */
  readonly selectors: readonly Selector[];
  readonly windows: readonly Window[];
  /** How long before a moment the oldest sample may lie that its value there depends on. Seconds. */
  readonly reachSeconds: number;
}

export interface Selector {
  /** Absent: it is named by its matchers alone. */
  readonly metric?: string;
  /** `job="shop"`, as they stand in the expression. */
  readonly matchers: readonly string[];
  /** The labels that those matchers speak of. */
  readonly names: readonly string[];
}

/** `rate(x[5m])`. */
export interface Window {
  readonly function: string;
  readonly metric?: string;
  readonly seconds: number;
}

/** Pure; an expression that cannot be read has no sources. */
export function expressionSources(text: string): ExpressionSources {
  const tree = parsePromql(text);
  if (!tree) return { selectors: [], windows: [], reachSeconds: 0 };
  const ranged = descendants(tree, 'MatrixSelector');
  const plain = [
    ...ranged.flatMap((node) => descendants(node, 'VectorSelector')),
    ...descendants(tree, 'VectorSelector'),
  ];
  const selectors = new Map(plain.map((node) => [text.slice(node.from, node.to), selectorOf(node, text)]));
  return {
    selectors: [...selectors.values()],
    windows: ranged.flatMap((node) => windowOf(node, text)),
    reachSeconds: Math.max(0, ...plain.map((node) => reachOf(node, text))),
  };
}

/** The selector as it stands in a query, with more matchers. */
export function selectorText({ metric = '', matchers }: Selector, more: readonly string[] = []): string {
  const all = [...matchers, ...more];
  return all.length > 0 ? `${metric}{${all.join(',')}}` : metric;
}

function selectorOf(node: PromqlNode, text: string): Selector {
  const slice = ({ from, to }: PromqlNode): string => text.slice(from, to);
  const name = node.getChild('Identifier');
  const list = node.getChild('LabelMatchers');
  const matchers = list ? childrenOf(list) : [];
  return {
    ...(name && { metric: slice(name) }),
    matchers: matchers.map((matcher) => onOneLine(slice(matcher))),
    names: matchers.flatMap((matcher) => {
      const label = matcher.getChild('LabelName');
      return label ? [slice(label)] : [];
    }),
  };
}

function windowOf(matrix: PromqlNode, text: string): Window[] {
  const seconds = durationIn(matrix, 'DurationExpr', text);
  const call = around(matrix).find(({ name }) => name === 'FunctionCall');
  const name = call?.getChild('FunctionIdentifier');
  if (!name || !(seconds > 0)) return [];
  const [selector] = descendants(matrix, 'VectorSelector');
  const { metric } = selector ? selectorOf(selector, text) : {};
  return [{ function: text.slice(name.from, name.to), ...(metric && { metric }), seconds }];
}

/** The windows and offsets around a selector add up: `max_over_time(rate(x[5m])[30m:1m] offset 1h)`. */
function reachOf(selector: PromqlNode, text: string): number {
  return around(selector).reduce((sum, node) => {
    const kind = node.name === 'OffsetExpr' ? 'OffsetDurationExpr' : 'DurationExpr';
    const reaches = ['MatrixSelector', 'SubqueryExpr', 'OffsetExpr'].includes(node.name);
    return sum + (reaches ? Math.max(0, durationIn(node, kind, text)) : 0);
  }, 0);
}

/** 0 where it is no plain duration. */
function durationIn(node: PromqlNode, kind: string, text: string): number {
  const duration = node.getChild(kind);
  const seconds = duration ? promqlNumber(text.slice(duration.from, duration.to)) : 0;
  return Number.isFinite(seconds) ? seconds : 0;
}

/** What a node stands in, from the inside. */
function around(node: PromqlNode): PromqlNode[] {
  const outer: PromqlNode[] = [];
  for (let parent = node.parent; parent; parent = parent.parent) outer.push(parent);
  return outer;
}
