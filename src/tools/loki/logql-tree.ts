import { parser } from '@grafana/lezer-logql';

/** `service=~"a|b"`, its value without quotes. */
export interface LogqlMatcher {
  readonly name: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** `{service="checkout"}`: which streams are read. */
export interface LogqlSelector {
  readonly text: string;
  readonly matchers: readonly LogqlMatcher[];
}

/** What is known of a query before it is sent. */
export interface LogqlTree {
  /** What it gives back. */
  readonly gives: 'lines' | 'series';
  /** Each once. */
  readonly selectors: readonly LogqlSelector[];
  /** Something in it drops lines of its streams. */
  readonly filters: boolean;
  /** Something in it may leave nothing of lines that were found: a comparison, two sides that must meet, an absence. */
  readonly reckons: boolean;
  /** The grammar that Vigil knows does not hold all of it; the server may know a newer one. */
  readonly isWhole: boolean;
}

/** Beyond this it is left to the server: the parser's time and stack are bounded. Characters. */
const MAX_PARSED_CHARS = 4_000;

/** Never throws; undefined for a query that is too long to be parsed here. */
export function parseLogql(query: string): LogqlTree | undefined {
  if (query.length > MAX_PARSED_CHARS) return undefined;
  const seen = { errors: 0, series: false, filters: false, reckons: false };
  const selectors = new Map<string, LogqlMatcher[]>();
  let matchers: LogqlMatcher[] = [];
  parser.parse(query).iterate({
    enter: ({ type, name, from, to, node }) => {
      if (type.isError) seen.errors += 1;
      if (name === 'MetricExpr') seen.series = true;
      if (name === 'LineFilter' || name === 'LabelFilter') seen.filters = true;
      if (name === 'BinOpExpr' || name === 'AbsentOverTime') seen.reckons = true;
      if (name === 'Selector') selectors.set(query.slice(from, to), (matchers = []));
      if (name === 'Matcher' && node.parent?.name === 'Matchers') matchers.push(...readMatcher(query.slice(from, to)));
    },
  });
  return {
    gives: seen.series ? 'series' : 'lines',
    selectors: Array.from(selectors, ([text, all]) => ({ text, matchers: all })),
    filters: seen.filters,
    reckons: seen.reckons,
    isWhole: seen.errors === 0,
  };
}

function readMatcher(text: string): LogqlMatcher[] {
  const [, name, operator, value] = /^(\w+)\s*(=~|!~|!=|=)\s*(["`][^]*["`])$/.exec(text) ?? [];
  if (!name || !operator || value === undefined) return [];
  return [{ name, operator: operator as LogqlMatcher['operator'], value: unquoted(value) }];
}

function unquoted(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}
