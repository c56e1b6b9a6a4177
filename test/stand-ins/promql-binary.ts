import { labelKey, only, showLabels, without } from './label-matchers.ts';
import type { Labels } from './label-matchers.ts';
import type { Value, VectorSample } from './promql-value.ts';
import { COMPARISONS, SET_OPERATORS } from './promql-expression.ts';
import type { BinaryExpression } from './promql-expression.ts';
import { PromqlError } from './promql-tokens.ts';

/** An operator between two values; comparisons filter unless `bool` asks for 0 and 1. */
export function evaluateBinary(expression: BinaryExpression, left: Value, right: Value): Value {
  if (left.type === 'scalar' && right.type === 'scalar') {
    return { type: 'scalar', value: Number(apply(expression.op, left.value, right.value)) };
  }
  if (left.type === 'vector' && right.type === 'vector') {
    const combine = SET_OPERATORS.has(expression.op) ? setOperator : oneToOne;
    return { type: 'vector', samples: combine(expression, left.samples, right.samples) };
  }
  if (left.type === 'vector' && right.type === 'scalar') {
    const samples = left.samples.flatMap((s) => kept(expression, s, s.value, right.value));
    return { type: 'vector', samples };
  }
  if (left.type === 'scalar' && right.type === 'vector') {
    const samples = right.samples.flatMap((s) => kept(expression, s, left.value, s.value));
    return { type: 'vector', samples };
  }
  throw new Error('the type check lets only scalars and instant vectors through');
}

/** A vector's sample against a scalar: a comparison keeps the sample as it is, arithmetic drops the metric's name. */
function kept(expression: BinaryExpression, sample: VectorSample, a: number, b: number): VectorSample[] {
  const result = apply(expression.op, a, b);
  if (typeof result === 'boolean' && !expression.bool) return result ? [sample] : [];
  return [{ labels: without(sample.labels, ['__name__']), value: Number(result) }];
}

function oneToOne(
  expression: BinaryExpression,
  left: readonly VectorSample[],
  right: readonly VectorSample[],
): VectorSample[] {
  const partners = new Map<string, VectorSample>();
  for (const sample of right) {
    const group = matchLabels(expression, sample.labels);
    const earlier = partners.get(labelKey(group));
    if (earlier) throw manyToMany(group, [sample, earlier], 'right');
    partners.set(labelKey(group), sample);
  }
  const taken = new Map<string, VectorSample>();
  return left.flatMap((sample) => {
    const group = matchLabels(expression, sample.labels);
    const partner = partners.get(labelKey(group));
    if (!partner) return [];
    const earlier = taken.get(labelKey(group));
    if (earlier) throw manyToMany(group, [sample, earlier], 'left');
    taken.set(labelKey(group), sample);
    const result = apply(expression.op, sample.value, partner.value);
    if (typeof result !== 'boolean' || expression.bool) return [{ labels: group, value: Number(result) }];
    const { matching } = expression;
    const labels = matching?.mode === 'on' ? group : without(sample.labels, matching?.names ?? []);
    return result ? [{ labels, value: sample.value }] : [];
  });
}

function setOperator(
  expression: BinaryExpression,
  left: readonly VectorSample[],
  right: readonly VectorSample[],
): VectorSample[] {
  const key = (sample: VectorSample): string => labelKey(matchLabels(expression, sample.labels));
  const leftKeys = new Set(left.map(key));
  const rightKeys = new Set(right.map(key));
  switch (expression.op) {
    case 'and':
      return left.filter((s) => rightKeys.has(key(s)));
    case 'unless':
      return left.filter((s) => !rightKeys.has(key(s)));
    default:
      return [...left, ...right.filter((s) => !leftKeys.has(key(s)))];
  }
}

function matchLabels({ matching }: BinaryExpression, labels: Labels): Labels {
  if (matching?.mode === 'on') return only(labels, matching.names);
  return without(labels, ['__name__', ...(matching?.names ?? [])]);
}

function manyToMany(group: Labels, samples: readonly VectorSample[], side: 'left' | 'right'): PromqlError {
  return new PromqlError(
    422,
    'execution',
    `found duplicate series for the match group ${showLabels(group)} on the ${side} hand-side of the operation: ` +
      `[${samples.map((s) => showLabels(s.labels)).join(', ')}];many-to-many matching not allowed: matching labels must be unique on one side`,
  );
}

function apply(op: string, a: number, b: number): number | boolean {
  if (COMPARISONS.has(op)) return compare(op, a, b);
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    default:
      throw new Error(`no operator ${op}`);
  }
}

function compare(op: string, a: number, b: number): boolean {
  switch (op) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '>':
      return a > b;
    case '<':
      return a < b;
    case '>=':
      return a >= b;
    default:
      return a <= b;
  }
}
