import type { Matcher } from './label-matchers.ts';

/** A parsed query. `position` is an offset in its text, for error messages. */
export type Expression =
  | { readonly type: 'number'; readonly value: number; readonly position: number }
  | { readonly type: 'string'; readonly value: string; readonly position: number }
  | SelectorExpression
  | {
      readonly type: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly position: number;
    }
  | AggregateExpression
  | BinaryExpression
  | { readonly type: 'negate'; readonly of: Expression; readonly position: number };

export interface SelectorExpression {
  readonly type: 'selector';
  readonly matchers: readonly Matcher[];
  /** Present in a range vector. */
  readonly rangeSeconds?: number;
  readonly offsetSeconds: number;
  readonly position: number;
}

export interface Grouping {
  readonly mode: 'by' | 'without';
  readonly names: readonly string[];
}

export interface AggregateExpression {
  readonly type: 'aggregate';
  readonly op: string;
  readonly grouping: Grouping;
  readonly parameter?: Expression;
  readonly of: Expression;
  readonly position: number;
}

export interface BinaryExpression {
  readonly type: 'binary';
  readonly op: string;
  readonly bool: boolean;
  /** Labels that decide which series belong together; absent: all of them. */
  readonly matching?: { readonly mode: 'on' | 'ignoring'; readonly names: readonly string[] };
  readonly left: Expression;
  readonly right: Expression;
  readonly position: number;
}

export type ValueType = 'scalar' | 'instant vector' | 'range vector' | 'string';

/** Functions of this stand-in with the types of their arguments; `?` marks an optional one. */
export const FUNCTIONS: Readonly<Record<string, readonly (ValueType | 'scalar?')[]>> = {
  rate: ['range vector'],
  irate: ['range vector'],
  increase: ['range vector'],
  delta: ['range vector'],
  changes: ['range vector'],
  resets: ['range vector'],
  avg_over_time: ['range vector'],
  max_over_time: ['range vector'],
  min_over_time: ['range vector'],
  sum_over_time: ['range vector'],
  count_over_time: ['range vector'],
  last_over_time: ['range vector'],
  histogram_quantile: ['scalar', 'instant vector'],
  abs: ['instant vector'],
  round: ['instant vector', 'scalar?'],
  clamp_min: ['instant vector', 'scalar'],
  clamp_max: ['instant vector', 'scalar'],
  sort: ['instant vector'],
  sort_desc: ['instant vector'],
  absent: ['instant vector'],
  label_replace: ['instant vector', 'string', 'string', 'string', 'string'],
  timestamp: ['instant vector'],
  vector: ['scalar'],
  scalar: ['instant vector'],
  time: [],
};

/** Functions that the real server knows and this stand-in refuses, so that "unknown function" stays true. */
export const OTHER_FUNCTIONS: ReadonlySet<string> = new Set(
  (
    'absent_over_time acos acosh asin asinh atan atanh ceil clamp cos cosh day_of_month day_of_week day_of_year days_in_month ' +
    'deg deriv double_exponential_smoothing exp floor histogram_avg histogram_count histogram_fraction histogram_stddev ' +
    'histogram_stdvar histogram_sum holt_winters hour idelta info label_join ln log10 log2 ' +
    'mad_over_time minute month pi predict_linear present_over_time quantile_over_time rad sgn sin sinh sort_by_label ' +
    'sort_by_label_desc sqrt stddev_over_time stdvar_over_time tan tanh year'
  ).split(' '),
);

export const AGGREGATIONS: ReadonlySet<string> = new Set(['sum', 'avg', 'min', 'max', 'count', 'topk', 'bottomk']);
export const OTHER_AGGREGATIONS: ReadonlySet<string> = new Set([
  'quantile',
  'stddev',
  'stdvar',
  'count_values',
  'group',
  'limitk',
  'limit_ratio',
]);

export const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);
export const SET_OPERATORS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

export function typeOf(expression: Expression): ValueType {
  switch (expression.type) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
      return expression.rangeSeconds === undefined ? 'instant vector' : 'range vector';
    case 'call':
      return expression.name === 'scalar' || expression.name === 'time' ? 'scalar' : 'instant vector';
    case 'aggregate':
      return 'instant vector';
    case 'binary':
      return typeOf(expression.left) === 'scalar' && typeOf(expression.right) === 'scalar'
        ? 'scalar'
        : 'instant vector';
    case 'negate':
      return typeOf(expression.of);
  }
}
