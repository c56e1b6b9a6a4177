import { constantOf, isScalar } from '../../tools/prometheus/promql-number';
import {
  childrenOf,
  onOneLine,
  parseOperators,
  withoutParentheses,
  type PromqlNode,
  type PromqlTree,
} from '../../tools/prometheus/promql-tree';

/** An alert's expression, taken apart where the alert is decided. */
export type SplitExpression = readonly Branch[];

/** What is joined by `or`: the alert's series comes from one of them. */
export interface Branch {
  readonly text: string;
  /** The first one that the alert's series has to pass; absent: that there is a value is the alert. */
  readonly comparison?: Comparison;
  /** What has to hold besides. */
  readonly also: readonly OtherPart[];
}

export interface OtherPart {
  readonly joinedBy: 'and' | 'unless';
  readonly text: string;
  readonly comparison?: Comparison;
}

const OPERATORS = { Gtr: '>', Lss: '<', Gte: '>=', Lte: '<=', Eql: '==', Neq: '!=' } as const;
export type Operator = (typeof OPERATORS)[keyof typeof OPERATORS];

/** `left operator right`; a number on the left is brought to the right (`0.05 < x` is `x > 0.05`). */
export interface Comparison {
  readonly left: string;
  readonly operator: Operator;
  readonly right: string;
  /** The right side where it is a number. */
  readonly threshold?: number;
  /** The right side is one number without labels, though not always the same. */
  readonly scalarRight: boolean;
  /** Neither side has labels. */
  readonly scalarLeft: boolean;
  /** It gives 0 and 1 and filters nothing. */
  readonly bool: boolean;
  /** By which labels the sides find each other; absent: by all. */
  readonly matching?: Matching;
}

export interface Matching {
  readonly mode: 'on' | 'ignoring';
  readonly names: readonly string[];
  /** The side that may have several series for one of the other; its labels are the result's. */
  readonly many: 'left' | 'right' | 'none';
  /** Labels that the result has from the one side. */
  readonly included: readonly string[];
}

/** Pure; whatever cannot be read is one branch without a comparison. */
export function splitExpression(text: string): SplitExpression {
  const tree = parseOperators(text);
  if (!tree) return [{ text: onOneLine(text), also: [] }];
  return alternatives(tree.root).map((node) => branchOf(node, { ...tree, text }));
}

function alternatives(node: PromqlNode): PromqlNode[] {
  const inner = withoutParentheses(node);
  if (inner.name !== 'BinaryExpr' || operatorOf(inner) !== 'Or') return [inner];
  const { left, right } = sidesOf(inner);
  return [...alternatives(left), ...alternatives(right)];
}

interface Source extends PromqlTree {
  readonly text: string;
}

function branchOf(node: PromqlNode, source: Source): Branch {
  const parts = conditions(node, source);
  const deciding = parts.findIndex(({ joinedBy, comparison }) => joinedBy === 'and' && comparison);
  const { comparison } = parts[deciding] ?? {};
  return {
    text: source.slice(node),
    ...(comparison && { comparison }),
    also: parts.filter((_, i) => (deciding < 0 ? i > 0 : i !== deciding)),
  };
}

/** `a > 1 and b unless c`, in the order of the text; the first is what the others restrict. */
function conditions(node: PromqlNode, source: Source): OtherPart[] {
  const inner = withoutParentheses(node);
  if (inner.name === 'BinaryExpr') {
    const operator = operatorOf(inner);
    const { left, right } = sidesOf(inner);
    if (operator === 'And') return [...conditions(left, source), ...conditions(right, source)];
    if (operator === 'Unless') {
      return [...conditions(left, source), { joinedBy: 'unless', text: source.slice(right) }];
    }
    if (isFilter(inner) && isFilter(withoutParentheses(left))) return chained(inner, source);
  }
  const comparison = comparisonOf(inner, source);
  return [{ joinedBy: 'and', text: source.slice(inner), ...(comparison && { comparison }) }];
}

/** `a > 1 < 5`: the value of `a` has to pass both. */
function chained(node: PromqlNode, source: Source): OtherPart[] {
  const { left, right } = sidesOf(node);
  const before = conditions(left, source);
  const outer = comparisonOf(node, source);
  const value = before[0]?.comparison?.left;
  if (!outer || value === undefined) return before;
  const comparison = { ...outer, left: value };
  return [...before, { joinedBy: 'and', text: `${value} ${outer.operator} ${source.slice(right)}`, comparison }];
}

/** A comparison that lets values pass as they are. */
function isFilter(node: PromqlNode): boolean {
  return node.name === 'BinaryExpr' && operatorOf(node) in OPERATORS && !node.getChild('BoolModifier');
}

function comparisonOf(node: PromqlNode, source: Source): Comparison | undefined {
  if (node.name !== 'BinaryExpr') return undefined;
  const operator = OPERATORS[operatorOf(node) as keyof typeof OPERATORS] as Operator | undefined;
  if (!operator) return undefined;
  const { left, right } = sidesOf(node);
  const turned = isScalar(left) && !isScalar(right);
  const [value, limit] = turned ? [right, left] : [left, right];
  const threshold = constantOf(limit, source.text);
  const matching = matchingOf(node, source);
  return {
    left: source.slice(withoutParentheses(value)),
    operator: turned ? TURNED[operator] : operator,
    right: source.slice(limit),
    ...(threshold !== undefined && { threshold }),
    scalarRight: isScalar(limit),
    scalarLeft: isScalar(value),
    bool: node.getChild('BoolModifier') !== null,
    ...(matching && { matching }),
  };
}

const TURNED: Readonly<Record<Operator, Operator>> = {
  '>': '<',
  '<': '>',
  '>=': '<=',
  '<=': '>=',
  '==': '==',
  '!=': '!=',
};

function matchingOf(node: PromqlNode, source: Source): Matching | undefined {
  const clause = node.getChild('MatchingModifierClause');
  if (!clause) return undefined;
  const [names = [], included = []] = clause
    .getChildren('GroupingLabels')
    .map((list) => list.getChildren('LabelName').map(({ from, to }) => source.text.slice(from, to)));
  return {
    mode: clause.getChild('On') ? 'on' : 'ignoring',
    names,
    included,
    many: clause.getChild('GroupLeft') ? 'left' : clause.getChild('GroupRight') ? 'right' : 'none',
  };
}

function operatorOf(binary: PromqlNode): string {
  return childrenOf(binary)[1]?.name ?? '';
}

function sidesOf(binary: PromqlNode): { readonly left: PromqlNode; readonly right: PromqlNode } {
  const children = childrenOf(binary);
  return { left: children[0]!, right: children.at(-1)! };
}
