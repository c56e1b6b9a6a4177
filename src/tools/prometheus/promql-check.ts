import { meantName } from '../../domain/meant-name';
import { childrenOf, descendants, parsePromql, type PromqlNode, withoutParentheses } from './promql-tree';
import { KNOWN_FUNCTIONS, RANGE_FUNCTIONS } from './promql-functions';
import { type Misfit, misfitText } from './promql-place';
import { scanPromql } from './promql-scan';

/** What the query is for: a range query cannot take a range vector, one moment can. */
export type QueryKind = 'instant' | 'range';

/**
 * Why a query is not sent: only what is certainly wrong, or would load everything; the server is the judge of the rest.
 * @returns the place, the text with a mark, and the mend; undefined: it may be sent
 */
export function promqlRefusal(query: string, kind: QueryKind): string | undefined {
  const misfit = scanPromql(query) ?? unknownFunction(query) ?? inTree(query, kind);
  return misfit && misfitText(query, misfit);
}

/** A name that is nearly one that exists; others may be a newer version's, or another dialect's. */
function unknownFunction(query: string): Misfit | undefined {
  const calls = query.replace(STRINGS_AND_COMMENTS, (text) => ' '.repeat(text.length)).matchAll(CALL);
  for (const { 1: name, index } of calls) {
    if (KNOWN_FUNCTIONS.has(name!.toLowerCase())) continue;
    const meant = meantName(name!, KNOWN_FUNCTIONS);
    if (!meant) continue;
    const mend = query.slice(0, index) + meant + query.slice(index + name!.length);
    return { at: index, what: `parse error: unknown function with name "${name}"`, mend };
  }
  return undefined;
}

/* Nothing stands behind the last alternative: it never has to look back. */
const STRINGS_AND_COMMENTS = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*/g;
const CALL = /(?<![\w:.@])([A-Za-z_]\w{2,60})\s{0,9}(?=\()/g;

function inTree(query: string, kind: QueryKind): Misfit | undefined {
  const root = parsePromql(query);
  if (!root) return undefined;
  return (
    withoutWindow(query, root) ?? (kind === 'range' ? rangeVector(query, root) : undefined) ?? everything(query, root)
  );
}

/** `rate(x)`: the argument of a function over time that has no window and can have none of its own. */
function withoutWindow(query: string, root: PromqlNode): Misfit | undefined {
  for (const call of descendants(root, 'FunctionCall')) {
    const [identifier, body] = childrenOf(call);
    if (!identifier || !body) continue;
    const name = query.slice(identifier.from, identifier.to);
    const argument = childrenOf(body).at(name === 'quantile_over_time' ? -1 : 0);
    if (!argument || !RANGE_FUNCTIONS.has(name)) continue;
    const inner = withoutParentheses(argument);
    const what = `parse error: expected type range vector in call to function "${name}", got instant vector`;
    if (inner.name === 'VectorSelector') {
      return { at: argument.from, what, mend: `${query.slice(0, inner.to)}[5m]${query.slice(inner.to)}` };
    }
    if (inner.name === 'AggregateExpr') {
      const [selector] = descendants(inner, 'VectorSelector');
      const isBare = selector && descendants(inner, 'MatrixSelector').length === 0;
      if (!isBare) continue;
      const inside = query.slice(selector.from, selector.to);
      const around = query.slice(inner.from, selector.from);
      const mend = `${query.slice(0, call.from)}${around}${name}(${inside}[5m])${query.slice(selector.to, inner.to)}${query.slice(call.to)}`;
      return { at: argument.from, what, mend };
    }
  }
  return undefined;
}

function rangeVector(query: string, root: PromqlNode): Misfit | undefined {
  const whole = withoutParentheses(root);
  const inner = whole.name === 'OffsetExpr' ? childrenOf(whole)[0]! : whole;
  if (inner.name !== 'MatrixSelector' && inner.name !== 'SubqueryExpr') return undefined;
  const [selector] = childrenOf(inner);
  const bare = selector ? query.slice(selector.from, selector.to) : '';
  return {
    at: inner.from,
    what: 'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    mend: `${bare} (its values), or rate(${query.slice(inner.from, inner.to)}) if it is a counter`,
  };
}

/** A selector that no positive matcher narrows. */
function everything(query: string, root: PromqlNode): Misfit | undefined {
  for (const selector of descendants(root, 'VectorSelector')) {
    if (childrenOf(selector).some(({ name }) => name === 'Identifier')) continue;
    const matchers = descendants(selector, 'UnquotedLabelMatcher').concat(descendants(selector, 'QuotedLabelMatcher'));
    if (descendants(selector, 'QuotedLabelName').length > 0) continue;
    const kinds = matchers.map((matcher) => narrowing(query, matcher));
    if (kinds.includes('narrows') || (kinds.includes('label is there') && isAggregated(selector))) continue;
    return {
      at: selector.from,
      what: 'this selects every series there is: far too many to load',
      mend: 'name a metric, or a label with its value ({service="checkout"}); find_metrics finds names by words and labels',
    };
  }
  return undefined;
}

const ANYTHING = /^[\^(]{0,4}\.[*+]\??[$)]{0,4}$/;

function narrowing(query: string, matcher: PromqlNode): 'narrows' | 'label is there' | 'nothing' {
  const [name, operator, value] = childrenOf(matcher).map(({ from, to }) => query.slice(from, to));
  const inside = value?.slice(1, -1) ?? '';
  if (operator === '=') return inside === '' ? 'nothing' : 'narrows';
  if (operator !== '=~' || inside === '') return 'nothing';
  if (!ANYTHING.test(inside)) return 'narrows';
  return inside.includes('+') && name !== '__name__' ? 'label is there' : 'nothing';
}

function isAggregated(node: PromqlNode): boolean {
  for (let above = node.parent; above; above = above.parent) if (above.name === 'AggregateExpr') return true;
  return false;
}
