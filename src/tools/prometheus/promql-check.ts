import { meantName } from '../../domain/meant-name';
import { childrenOf, descendants, parsePromql, type PromqlNode, withoutParentheses } from './promql-tree';
import { KNOWN_FUNCTIONS, RANGE_FUNCTIONS } from './promql-functions';
import { type Misfit, misfitText } from './promql-place';
import { definesNames, scanPromql } from './promql-scan';

/** What the query is for: a range query cannot take a range vector, one moment can. */
export type QueryKind = 'instant' | 'range';

/**
 * Why a query is not sent: only what is certainly wrong, or would load everything; the server is the judge of the rest.
 * @returns the place, the text with a mark, and the mend; undefined: it may be sent
 */
export function promqlRefusal(query: string, kind: QueryKind): string | undefined {
  const misfit = firstMisfit(query, kind);
  return misfit && misfitText(query, { ...misfit, mend: wholeMend(misfit.mend, kind) });
}

function firstMisfit(query: string, kind: QueryKind): Misfit | undefined {
  return scanPromql(query) ?? unknownFunction(query) ?? inTree(query, kind);
}

/** Slips of one query that are mended together. */
const MAX_SLIPS = 6;

/** The mend with the next slips mended, too; undefined where no query comes out that can be read. */
function wholeMend(mend: string | undefined, kind: QueryKind): string | undefined {
  let text = mend;
  for (let slips = 1; text !== undefined && slips <= MAX_SLIPS; slips += 1) {
    const next = firstMisfit(text, kind);
    if (!next) return parsePromql(text) && text;
    text = next.mend;
  }
  return undefined;
}

/** A name that is nearly one that exists; others may be a newer version's, or another dialect's. */
function unknownFunction(query: string): Misfit | undefined {
  if (definesNames(query)) return undefined;
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
      const selector = aggregatedSelector(inner);
      if (!selector) continue;
      const between = (from: number, to: number): string => query.slice(from, to);
      const inside = `${between(call.from, argument.from)}${between(selector.from, selector.to)}[5m]${between(argument.to, call.to)}`;
      const turned = `${between(inner.from, selector.from)}${inside}${between(selector.to, inner.to)}`;
      return { at: argument.from, what, mend: between(0, call.from) + turned + query.slice(call.to) };
    }
  }
  return undefined;
}

/** What an aggregation sums up, where that is nothing but a selector: then it and a function can change places. */
function aggregatedSelector(aggregation: PromqlNode): PromqlNode | undefined {
  const body = childrenOf(aggregation).find(({ name }) => name === 'FunctionCallBody');
  const argument = body && childrenOf(body).at(-1);
  const inner = argument && withoutParentheses(argument);
  return inner?.name === 'VectorSelector' ? inner : undefined;
}

function rangeVector(query: string, root: PromqlNode): Misfit | undefined {
  const whole = withoutParentheses(root);
  const inner = whole.name === 'OffsetExpr' ? childrenOf(whole)[0]! : whole;
  if (inner.name !== 'MatrixSelector' && inner.name !== 'SubqueryExpr') return undefined;
  const [selector] = childrenOf(inner);
  const bare = selector ? query.slice(selector.from, selector.to) : '';
  const offset = query.slice(inner.to, whole.to);
  return {
    at: inner.from,
    what: 'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    hint: `${bare}${offset} (its values), or rate(${query.slice(inner.from, whole.to)}) if it is a counter`,
  };
}

/** A selector that no positive matcher narrows. */
function everything(query: string, root: PromqlNode): Misfit | undefined {
  for (const selector of descendants(root, 'VectorSelector')) {
    if (childrenOf(selector).some(({ name }) => name === 'Identifier') || isInfoFilter(query, selector)) continue;
    const matchers = descendants(selector, 'UnquotedLabelMatcher').concat(descendants(selector, 'QuotedLabelMatcher'));
    if (descendants(selector, 'QuotedLabelName').length > 0) continue;
    const kinds = matchers.map((matcher) => narrowing(query, matcher));
    if (kinds.includes('narrows') || (kinds.includes('label is there') && isAggregated(selector))) continue;
    return {
      at: selector.from,
      what: 'this selects every series there is: far too many to load',
      hint: 'name a metric, or a label with its value ({service="checkout"}); find_metrics finds names by words and labels',
    };
  }
  return undefined;
}

/** `info(x, {version=~".+"})`: says which labels are added, and selects nothing by itself. */
function isInfoFilter(query: string, selector: PromqlNode): boolean {
  const body = selector.parent;
  if (body?.name !== 'FunctionCallBody' || body.parent?.name !== 'FunctionCall') return false;
  const isFirst = childrenOf(body)[0]?.from === selector.from;
  return !isFirst && /^info\s*$/.test(query.slice(body.parent.from, body.from));
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
