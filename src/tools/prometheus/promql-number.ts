import { childrenOf, withoutParentheses, type PromqlNode } from './promql-tree';

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** A number as PromQL writes it: `0.05`, `1e3`, `1_000`, `0x1F`, `+Inf`, `5m` (in seconds). NaN when it is none. */
export function promqlNumber(literal: string): number {
  const [, sign = '', digits = ''] = /^([+-]?)\s*(.*)$/s.exec(literal) ?? [];
  const size = unsigned(digits.replaceAll('_', '').toLowerCase());
  return sign === '-' ? -size : size;
}

function unsigned(digits: string): number {
  if (digits === 'inf') return Infinity;
  if (!/^(?:\d+(?:ms|[smhdwy]))+$/.test(digits)) return digits === '' ? NaN : Number(digits);
  let seconds = 0;
  for (const [, count, unit] of digits.matchAll(/(\d+)(ms|[smhdwy])/g)) seconds += Number(count) * UNIT_SECONDS[unit!]!;
  return seconds;
}

/** What an expression of numbers alone comes to: `512 * 1024 * 1024`; undefined for any other. */
export function constantOf(node: PromqlNode, text: string): number | undefined {
  const inner = withoutParentheses(node);
  if (inner.name === 'NumberDurationLiteral') return promqlNumber(text.slice(inner.from, inner.to));
  const children = childrenOf(inner);
  if (inner.name === 'UnaryExpr') {
    const of = children.at(-1) && constantOf(children.at(-1)!, text);
    if (of === undefined) return undefined;
    return text[inner.from] === '-' ? -of : of;
  }
  if (inner.name !== 'BinaryExpr' || children.length !== 3) return undefined;
  const [left, right] = [constantOf(children[0]!, text), constantOf(children[2]!, text)];
  if (left === undefined || right === undefined) return undefined;
  switch (children[1]!.name) {
    case 'Add':
      return left + right;
    case 'Sub':
      return left - right;
    case 'Mul':
      return left * right;
    case 'Div':
      return left / right;
    case 'Mod':
      return left % right;
    case 'Pow':
      return left ** right;
    default:
      return undefined;
  }
}

const SCALAR_FUNCTIONS: ReadonlySet<string> = new Set(['Scalar', 'Time', 'Pi']);

/** Whether it gives one number without labels (`time() - 60`), which stands on neither side of `and`. */
export function isScalar(node: PromqlNode): boolean {
  const inner = withoutParentheses(node);
  const children = childrenOf(inner);
  switch (inner.name) {
    case 'NumberDurationLiteral':
      return true;
    case 'UnaryExpr':
      return isScalar(children.at(-1)!);
    case 'BinaryExpr':
      return isScalar(children[0]!) && isScalar(children.at(-1)!);
    case 'FunctionCall':
      return SCALAR_FUNCTIONS.has(children[0]?.firstChild?.name ?? '');
    default:
      return false;
  }
}
