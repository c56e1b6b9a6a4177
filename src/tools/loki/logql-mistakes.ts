import { beginning } from '../../domain/clipped';
import { meantName } from '../../domain/meant-name';
import { parseLogql, type LogqlMatcher } from './logql-tree';
import { type LogqlWord, logqlWords } from './logql-words';

/** A query with its words, and where one of them stands. */
interface Read {
  readonly query: string;
  readonly words: readonly LogqlWord[];
}

/** What is wrong, and what to write instead. */
interface Mistake {
  readonly at: number;
  readonly what: string;
}

/**
 * What is certainly wrong in a query, with the place and the mend; undefined where the server is to judge. Only where
 * the parser finds an error does a rule speak, so that a newer syntax that the rules do not know passes.
 */
export function logqlMistake(query: string): string | undefined {
  const { words, openQuoteAt } = logqlWords(query);
  if (openQuoteAt !== undefined) {
    const text = query.slice(openQuoteAt, openQuoteAt + 1);
    return said(
      { at: openQuoteAt, what: `the quote ${text} that opens here is not closed; inside "…" write \\" for a quote` },
      query,
    );
  }
  if (words.length === 0) return `${NOT_SENT} it is empty. Begin with a selector: {service="checkout"}.`;
  const tree = parseLogql(query);
  if (!tree) return undefined;
  const read = { query, words };
  const found = tree.isWhole ? undefined : RULES.map((rule) => rule(read)).find((mistake) => mistake !== undefined);
  if (found) return said(found, query);
  const empty = tree.isWhole ? tree.selectors.find(({ matchers }) => isEmptyCompatible(matchers)) : undefined;
  return empty && said({ at: query.indexOf(empty.text), what: `${beginning(empty.text, 80)} ${NEEDS_MATCHER}` }, query);
}

const NOT_SENT = 'The query was not sent:';
const NEEDS_MATCHER =
  'selects everything: a selector needs at least one label with = or =~ that cannot be empty, {service="checkout"} or {service=~".+"}';

function said({ at, what }: Mistake, query: string): string {
  const near = query
    .slice(at, at + 30)
    .replace(/\s+/g, ' ')
    .trim();
  return `${NOT_SENT} at character ${at + 1}, before ${beginning(near, 30)} — ${what}.`;
}

type Rule = (read: Read) => Mistake | undefined;

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' };

function brackets({ query, words }: Read): Mistake | undefined {
  const open: LogqlWord[] = [];
  for (const [i, word] of words.entries()) {
    if (word.kind !== 'sign') continue;
    const innermost = open.at(-1);
    /* neither a pipe nor a range stands inside a selector: the brace was forgotten before it */
    if (innermost?.text === '{' && /^(?:\||\|[=~>]|!>|\[)$/.test(word.text))
      return unclosedBrace(query, innermost, words[i - 1]!);
    if (CLOSERS[word.text]) open.push(word);
    if (!Object.values(CLOSERS).includes(word.text)) continue;
    if (innermost && CLOSERS[innermost.text] === word.text) open.pop();
    else if (innermost?.text === '{') return unclosedBrace(query, innermost, words[i - 1]!);
    else if (innermost)
      return { at: word.at, what: `"${CLOSERS[innermost.text]}" is missing: "${innermost.text}" is still open` };
    else return { at: word.at, what: `"${word.text}" closes nothing: leave it out, or open it before` };
  }
  const [last, end] = [open.at(-1), words.at(-1)!];
  if (last?.text === '{') return unclosedBrace(query, last, end);
  return last && { at: last.at, what: `"${last.text}" is not closed: "${CLOSERS[last.text]}" is missing` };
}

function unclosedBrace(query: string, { at }: LogqlWord, end: LogqlWord): Mistake {
  const mended = `${query.slice(at, end.at + end.text.length).replace(/,$/, '')}}`;
  const write = mended.length <= 120 ? `: write ${mended}` : '';
  return { at, what: `the brace is not closed${write}` };
}

const NO_METRIC: ReadonlySet<string> = new Set([
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'bool',
  'and',
  'or',
  'unless',
]);

function promql({ words }: Read): Mistake | undefined {
  const at = words.findIndex(
    ({ kind, text }, i) =>
      kind === 'name' && words[i + 1]?.text === '{' && words[i - 1]?.text !== '|' && !NO_METRIC.has(text),
  );
  if (at >= 0) {
    const { text } = words[at]!;
    return {
      at: words[at]!.at,
      what: `${beginning(text, 60)}{…} is a metric: PromQL goes to query_metrics; LogQL selects streams by labels alone, {service="checkout"}`,
    };
  }
  if (words.some(({ text }) => text === '{')) return undefined;
  const metric = words.find(({ kind }, i) => kind === 'name' && words[i + 1]?.text === '[');
  if (metric) {
    return {
      at: metric.at,
      what: `${beginning(metric.text, 60)} is a metric: PromQL goes to query_metrics; LogQL counts the lines of a selector, rate({service="checkout"} [5m])`,
    };
  }
  return {
    at: words[0]!.at,
    what: 'there is no stream selector: put labels in braces before everything else, {service="checkout"} |= "text"',
  };
}

function everything({ words }: Read): Mistake | undefined {
  const open = words.find(({ text }, i) => text === '{' && words[i + 1]?.text === '}');
  return open && { at: open.at, what: `{} ${NEEDS_MATCHER}` };
}

function singleQuotes({ words }: Read): Mistake | undefined {
  const quote = words.find(({ text }) => text === "'");
  return quote && { at: quote.at, what: 'LogQL has no single quotes: write "…"' };
}

const JOINS = /^(?:and|or|&&|\|\|)$/i;

/** All of a value that was written without quotes: `error.*`, `connection-refused`. */
function bareText(query: string, at: number): string {
  return beginning(/^[^\s,|(){}[\]"'`]+/.exec(query.slice(at, at + 100))?.[0] ?? '', 60);
}

/** Inside the braces: `name operator "value"`, with commas between. */
function matchers({ query, words }: Read): Mistake | undefined {
  let inside = false;
  for (const [i, word] of words.entries()) {
    if (word.text === '{' || word.text === '}') inside = word.text === '{';
    if (!inside) continue;
    const [before, next] = [words[i - 1], words[i + 1]];
    if (word.text === '==') return { at: word.at, what: 'a selector has no ==: write =' };
    if (before?.kind === 'string' && JOINS.test(word.text))
      return {
        at: word.at,
        what: `a selector has no "${word.text}": all of its matchers must hold, with commas between; for alternatives write name=~"a|b"`,
      };
    if (before?.kind === 'string' && word.kind === 'name')
      return { at: word.at, what: 'a comma is missing between two matchers' };
    if (/^(?:=|=~|!=|!~)$/.test(word.text) && (next?.kind === 'name' || next?.kind === 'number')) {
      return {
        at: next.at,
        what: `the value needs quotes: ${before?.text ?? 'name'}${word.text}"${bareText(query, next.at)}"`,
      };
    }
  }
  return undefined;
}

/** Behind the braces: `|= error`, `| level=error`, `| level=="error"`. */
function filters({ query, words }: Read): Mistake | undefined {
  for (const [i, word] of words.entries()) {
    const [next, third] = [words[i + 1], words[i + 2]];
    const isLineFilter = /^\|[=~]$/.test(word.text) || (/^!=|^!~/.test(word.text) && words[i - 1]?.text === '}');
    if (isLineFilter && (next?.kind === 'number' || (next?.kind === 'name' && next.text !== 'ip'))) {
      return { at: next.at, what: `the text needs quotes: ${word.text} "${bareText(query, next.at)}"` };
    }
    if (word.text !== '|' || next?.kind !== 'name' || !third) continue;
    const value = words[i + 3];
    if (/^(?:=|==|=~|!=|!~)$/.test(third.text) && value?.kind === 'name' && words[i + 4]?.text !== '(') {
      const operator = third.text === '==' ? '=' : third.text;
      return { at: value.at, what: `the value needs quotes: | ${next.text}${operator}"${bareText(query, value.at)}"` };
    }
    if (third.text === '==' && value?.kind === 'string')
      return { at: third.at, what: `text is compared with one =: | ${next.text}=${beginning(value.text, 60)}` };
  }
  return undefined;
}

const RANGE_FUNCTIONS =
  'count_over_time rate bytes_over_time bytes_rate rate_counter avg_over_time sum_over_time min_over_time max_over_time stddev_over_time stdvar_over_time quantile_over_time first_over_time last_over_time absent_over_time'.split(
    ' ',
  );
const AGGREGATIONS = 'sum avg min max count stddev stdvar topk bottomk approx_topk sort sort_desc'.split(' ');
const OTHER_FUNCTIONS = 'vector label_replace ip duration duration_seconds bytes'.split(' ');
const KNOWN: ReadonlySet<string> = new Set([...RANGE_FUNCTIONS, ...AGGREGATIONS, ...OTHER_FUNCTIONS, ...NO_METRIC]);
/** Of PromQL, and what does it here. */
const INSTEAD: Readonly<Record<string, string>> = {
  increase: 'count_over_time',
  irate: 'rate',
  delta: 'count_over_time',
  histogram_quantile: 'quantile_over_time(0.95, {…} | json | unwrap field [5m])',
  count_values: 'sum by (field) (count_over_time({…} [5m]))',
};

/** Lines are counted over a range; only counts are summed up. */
function counting({ query, words }: Read): Mistake | undefined {
  if (words[0]?.text === '{') {
    /* `[0-9]` of a pattern without quotes is none */
    const at = words.findIndex(({ text }, i) => text === '[' && words[i + 2]?.text === ']');
    const range = words[at];
    if (!range) return undefined;
    const count = words.some(({ text }) => text === 'unwrap') ? 'sum_over_time' : 'count_over_time';
    const mended = `${count}(${query.slice(words[0].at, words[at + 2]!.at + 1)})`;
    const isWhole = at + 3 === words.length && mended.length <= 160;
    return { at: range.at, what: `a range needs a function that counts: ${isWhole ? mended : `${count}({…} [5m])`}` };
  }
  for (const [i, { kind, text, at }] of words.entries()) {
    if (kind !== 'name') continue;
    const open = argumentsOf(words, i);
    if (open === undefined) continue;
    const inside = words.slice(open + 1, closingOf(words, open));
    const selects = inside.some((word) => word.text === '{');
    const parameter = inside[0]?.kind === 'number' && inside[1]?.text === ',' ? `${inside[0].text}, ` : '';
    const lines = inside.some((word) => word.text === 'unwrap') ? '{…} | unwrap field [5m]' : '{…} [5m]';
    if (RANGE_FUNCTIONS.includes(text) && selects && !inside.some((word) => word.text === '[')) {
      return { at, what: `${text} counts over a range, which is missing: ${text}(${parameter}${lines})` };
    }
    if (AGGREGATIONS.includes(text) && inside[parameter === '' ? 0 : 2]?.text === '{') {
      return { at, what: `${text} takes counts, not lines: ${countsFor(text, parameter, lines)}` };
    }
  }
  return undefined;
}

/** `avg` of unwrapped values is one over time. */
function countsFor(aggregation: string, parameter: string, lines: string): string {
  const overTime = `${aggregation}_over_time`;
  if (lines.includes('unwrap') && aggregation !== 'count' && RANGE_FUNCTIONS.includes(overTime))
    return `${overTime}(${lines})`;
  return `${aggregation === 'count' ? 'sum' : aggregation}(${parameter}count_over_time({…} [5m]))`;
}

/** Where the parenthesis of its arguments opens: behind the name, or behind `by (…)`. */
function argumentsOf(words: readonly LogqlWord[], name: number): number | undefined {
  if (words[name + 1]?.text === '(') return name + 1;
  if (!/^(?:by|without)$/.test(words[name + 1]?.text ?? '') || words[name + 2]?.text !== '(') return undefined;
  const behind = closingOf(words, name + 2) + 1;
  return words[behind]?.text === '(' ? behind : undefined;
}

function closingOf(words: readonly LogqlWord[], open: number): number {
  let depth = 0;
  for (let i = open; i < words.length; i += 1) {
    if (words[i]!.text === '(') depth += 1;
    if (words[i]!.text === ')' && (depth -= 1) === 0) return i;
  }
  return words.length;
}

/** A name that is near a known one, or PromQL's; any other may be newer than this list. */
function functions({ words }: Read): Mistake | undefined {
  /* Loki reads them in capitals, too; the parser here does not */
  const called = words.filter(
    ({ kind, text }, i) => kind === 'name' && words[i + 1]?.text === '(' && !KNOWN.has(text.toLowerCase()),
  );
  for (const { text, at } of called) {
    const lower = text.toLowerCase();
    const instead = Object.hasOwn(INSTEAD, lower) ? INSTEAD[lower] : undefined;
    const misspelt = text.length > 3 ? meantName(text, [...RANGE_FUNCTIONS, ...AGGREGATIONS]) : undefined;
    const meant = instead ?? misspelt;
    if (meant) return { at, what: `LogQL has no function ${beginning(text, 60)}: use ${meant}` };
  }
  return undefined;
}

const RULES: readonly Rule[] = [singleQuotes, brackets, promql, everything, matchers, filters, counting, functions];

/** Patterns that let an empty value pass, in the ways in which people write "anything". Others are the server's to judge. */
const ANYTHING: ReadonlySet<string> = new Set([
  '',
  '.*',
  '.*?',
  '(.*)',
  '^.*$',
  '.*|',
  '|.*',
  '(.*)?',
  '[^]*',
  '.?',
  '.*.*',
]);

function isEmptyCompatible(all: readonly LogqlMatcher[]): boolean {
  return all.every(({ operator, value }) => {
    if (operator === '=') return value === '';
    return operator === '=~' ? ANYTHING.has(value) : true;
  });
}
