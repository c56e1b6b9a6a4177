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
  /** Looks at another time than the query does: `offset`, `@`, a subquery. */
  readonly isMoved: boolean;
  /** Without it the query gives more, not less: under `absent`, behind `unless`. */
  readonly takesAway: boolean;
}

/** What a query reads, and what may leave nothing of it. */
export interface QueryParts {
  readonly selectors: readonly Selector[];
  readonly compares: boolean;
  /** Two series must meet in it. */
  readonly joins: boolean;
}

export interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

const NEEDS_TWO = /^(?:rate|irate|increase|delta|idelta|deriv|predict_linear)$/;

/** The selectors of a query, each once, and whether it compares; none of a query that cannot be read. */
export function selectorsOf(query: string): QueryParts {
  const root = parsePromql(query);
  if (!root) return { selectors: [], compares: false, joins: false };
  const found = new Map<string, Selector>();
  for (const node of descendants(root, 'VectorSelector')) {
    const one = selectorOf(query, node);
    if (!found.has(one.text)) found.set(one.text, one);
  }
  const compares = COMPARISONS.some((name) => descendants(root, name).length > 0);
  const joins = descendants(root, 'BinaryExpr').some((both) =>
    [both.firstChild, both.lastChild].every((side) => side && descendants(side, 'VectorSelector').length > 0),
  );
  return { selectors: [...found.values()], compares, joins };
}

const COMPARISONS = ['Gtr', 'Gte', 'Lss', 'Lte', 'Eql', 'Neq', 'EqlC'];

function selectorOf(query: string, node: PromqlNode): Selector {
  const slice = ({ from, to }: PromqlNode): string => query.slice(from, to);
  const name = childrenOf(node).find((child) => child.name === 'Identifier');
  const matchers = descendants(node, 'UnquotedLabelMatcher').flatMap((matcher): Matcher[] => {
    const [label, operator, value] = childrenOf(matcher).map(slice);
    return label && operator && value && isPlain(value) ? [{ label, operator, value: unquoted(value) }] : [];
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
    ...standing(query, node),
  };
}

/** From what stands around it. */
function standing(query: string, node: PromqlNode): Pick<Selector, 'isMoved' | 'takesAway'> {
  let [isMoved, takesAway] = [false, false];
  for (let at = node; at.parent; at = at.parent) {
    const { name, from } = at.parent;
    if (/^(?:OffsetExpr|StepInvariantExpr|SubqueryExpr)$/.test(name)) isMoved = true;
    if (name === 'FunctionCall' && /^absent(?:_over_time)?\s*\(/.test(query.slice(from, at.from + 1))) takesAway = true;
    if (name !== 'BinaryExpr' || !at.parent.getChild('Unless')) continue;
    if (at.from !== at.parent.firstChild?.from) takesAway = true;
  }
  return { isMoved, takesAway };
}

/** Quotes and backslashes are all that is escaped in it: other escapes are the server's to read. */
function isPlain(text: string): boolean {
  return text.startsWith('`') || !/\\[^\\"']/.test(text.replaceAll('\\\\', ''));
}

function unquoted(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}
