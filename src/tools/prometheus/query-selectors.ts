import { promqlNumber } from './promql-number';
import { childrenOf, descendants, parsePromql, type PromqlNode } from './promql-tree';

/** One selector of a query. */
export interface Selector {
  /** As it stands there, without window and offset: `http_requests_total{service="x"}`. */
  readonly text: string;
  /** Absent: it selects by labels alone. */
  readonly metric?: string;
  readonly matchers: readonly Matcher[];
  /** Of the range vector that it makes: `rate(x[1m])`. Seconds. */
  readonly windowSeconds?: number;
  /** Stands inside a function that needs two samples in its window. */
  readonly needsTwo: boolean;
}

export interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

const NEEDS_TWO = /^(?:rate|irate|increase|delta|idelta|deriv|predict_linear)$/;

/** The selectors of a query, each once, and whether it compares; none of a query that cannot be read. */
export function selectorsOf(query: string): { readonly selectors: readonly Selector[]; readonly compares: boolean } {
  const root = parsePromql(query);
  if (!root) return { selectors: [], compares: false };
  const found = new Map<string, Selector>();
  for (const node of descendants(root, 'VectorSelector')) {
    const one = selectorOf(query, node);
    if (!found.has(one.text)) found.set(one.text, one);
  }
  return { selectors: [...found.values()], compares: COMPARISONS.some((name) => descendants(root, name).length > 0) };
}

const COMPARISONS = ['Gtr', 'Gte', 'Lss', 'Lte', 'Eql', 'Neq', 'EqlC'];

function selectorOf(query: string, node: PromqlNode): Selector {
  const slice = ({ from, to }: PromqlNode): string => query.slice(from, to);
  const name = childrenOf(node).find((child) => child.name === 'Identifier');
  const matchers = descendants(node, 'UnquotedLabelMatcher').flatMap((matcher): Matcher[] => {
    const [label, operator, value] = childrenOf(matcher).map(slice);
    return label && operator && value ? [{ label, operator, value: unquoted(value) }] : [];
  });
  const quoted = descendants(node, 'QuotedLabelName')[0];
  const byLabel = matchers.find(({ label, operator }) => label === '__name__' && operator === '=')?.value;
  const metric = name ? slice(name) : quoted ? unquoted(slice(quoted)) : byLabel;
  const window = node.parent?.name === 'MatrixSelector' ? childrenOf(node.parent)[1] : undefined;
  const call = window && node.parent?.parent?.parent?.name === 'FunctionCall' ? node.parent.parent.parent : undefined;
  const windowSeconds = window ? promqlNumber(slice(window).trim()) : NaN;
  return {
    text: slice(node),
    ...(metric !== undefined && { metric }),
    matchers: matchers.filter(({ label }) => label !== '__name__'),
    ...(Number.isFinite(windowSeconds) && { windowSeconds }),
    needsTwo: call !== undefined && NEEDS_TWO.test(slice(call).split(/[\s(]/, 1)[0]!),
  };
}

function unquoted(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}
