import { COMPARISONS, FUNCTIONS, SET_OPERATORS, typeOf } from './promql-expression.ts';
import type { AggregateExpression, BinaryExpression, Expression } from './promql-expression.ts';
import { parseError } from './promql-tokens.ts';

/** What Prometheus refuses before it evaluates anything: arguments of the wrong type, with their position. */
export function checkTypes(expression: Expression, query: string): void {
  switch (expression.type) {
    case 'number':
    case 'string':
    case 'selector':
      return;
    case 'negate':
      checkTypes(expression.of, query);
      return;
    case 'call':
      checkCall(expression.name, expression.args, expression.position, query);
      return;
    case 'aggregate':
      checkAggregate(expression, query);
      return;
    case 'binary':
      checkBinary(expression, query);
      return;
  }
}

function checkCall(name: string, args: readonly Expression[], position: number, query: string): void {
  const wanted = FUNCTIONS[name]!;
  const least = wanted.filter((type) => !type.endsWith('?')).length;
  if (args.length < least || args.length > wanted.length) {
    const bound = least === wanted.length ? '' : args.length < least ? 'at least ' : 'at most ';
    const count = args.length < least ? least : wanted.length;
    throw parseError(query, position, `expected ${bound}${count} argument(s) in call to "${name}", got ${args.length}`);
  }
  for (const [i, arg] of args.entries()) {
    checkTypes(arg, query);
    const type = wanted[i]!.replace('?', '');
    if (typeOf(arg) === type) continue;
    throw parseError(query, arg.position, `expected type ${type} in call to function "${name}", got ${typeOf(arg)}`);
  }
}

function checkAggregate(expression: AggregateExpression, query: string): void {
  checkTypes(expression.of, query);
  const type = typeOf(expression.of);
  if (type !== 'instant vector') {
    throw parseError(
      query,
      expression.of.position,
      `expected type instant vector in aggregation expression, got ${type}`,
    );
  }
  if (!expression.parameter) return;
  checkTypes(expression.parameter, query);
  const parameter = typeOf(expression.parameter);
  if (parameter === 'scalar') return;
  throw parseError(
    query,
    expression.parameter.position,
    `expected type scalar in aggregation parameter, got ${parameter}`,
  );
}

function checkBinary(expression: BinaryExpression, query: string): void {
  const { left, right, op, bool, position } = expression;
  checkTypes(left, query);
  checkTypes(right, query);
  const types = [typeOf(left), typeOf(right)];
  if (types.some((type) => type === 'range vector' || type === 'string')) {
    throw parseError(query, position, 'binary expression must contain only scalar and instant vector types');
  }
  const scalars = types.filter((type) => type === 'scalar').length;
  if (scalars > 0 && SET_OPERATORS.has(op)) {
    throw parseError(query, position, `set operator "${op}" not allowed in binary scalar expression`);
  }
  if (scalars === 2 && COMPARISONS.has(op) && !bool) {
    throw parseError(query, position, 'comparisons between scalars must use BOOL modifier');
  }
}
