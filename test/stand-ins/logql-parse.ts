import { BadRegex, goRegex, matcher } from './label-matchers.ts';
import type { Matcher } from './label-matchers.ts';
import { grammarName, LokiError, notSupported, syntaxError, tokenizeLogql } from './logql-tokens.ts';
import type { LogqlToken } from './logql-tokens.ts';
import { durationSeconds } from './query-time.ts';

/** A step of the pipeline over one line. */
export type Stage =
  | { readonly type: 'line'; readonly keeps: (line: string) => boolean }
  | { readonly type: 'json' }
  | { readonly type: 'label'; readonly name: string; readonly keeps: (value: string | undefined) => boolean };

export interface LogQuery {
  readonly type: 'log';
  readonly matchers: readonly Matcher[];
  readonly stages: readonly Stage[];
}

export type MetricQuery =
  | {
      readonly type: 'range';
      readonly function: 'count_over_time' | 'rate';
      readonly log: LogQuery;
      readonly seconds: number;
    }
  | { readonly type: 'sum'; readonly by: readonly string[]; readonly of: MetricQuery };

/** Loki's own words (pkg/logql/syntax). */
const EMPTY_COMPATIBLE =
  'parse error : queries require at least one regexp or equality matcher that does not have an empty-compatible value. ' +
  'For instance, app=~".*" does not meet this requirement, but app=~".+" will';

/** Stages, functions and operators of the real Loki that are refused here by name. */
const OTHER_STAGES = new Set(
  'logfmt pattern regexp unpack unwrap line_format label_format decolorize drop keep distinct'.split(' '),
);
const OTHER_FUNCTIONS = new Set(
  (
    'bytes_rate bytes_over_time absent_over_time avg_over_time sum_over_time min_over_time max_over_time ' +
    'first_over_time last_over_time stddev_over_time stdvar_over_time quantile_over_time rate_counter avg min max ' +
    'count stddev stdvar topk bottomk approx_topk sort sort_desc vector label_replace'
  ).split(' '),
);

/** @throws LokiError in Loki's words, or "not supported by this stand-in" */
export function parseLogql(query: string): LogQuery | MetricQuery {
  try {
    return new LogqlParser(query).whole();
  } catch (error) {
    if (error instanceof BadRegex) throw new LokiError(400, `parse error : ${error.message}`);
    throw error;
  }
}

class LogqlParser {
  private readonly query: string;
  private readonly tokens: readonly LogqlToken[];
  private at = 0;

  constructor(query: string) {
    this.query = query;
    this.tokens = tokenizeLogql(query);
  }

  whole(): LogQuery | MetricQuery {
    if (this.peek().kind === 'end') throw new LokiError(400, 'parse error : syntax error: unexpected $end');
    const parsed = this.peek().text === '{' ? this.log() : this.metric();
    const rest = this.peek();
    if (rest.kind === 'end') return parsed;
    if (['>', '<', '>=', '<=', '==', '!=', '+', '-', '*', '/'].includes(rest.text)) {
      throw notSupported(`the operator ${rest.text}`);
    }
    throw this.unexpected(rest);
  }

  private log(): LogQuery {
    const matchers = this.selector();
    const stages: Stage[] = [];
    for (;;) {
      const token = this.peek();
      if (['|=', '!=', '|~', '!~'].includes(token.text)) stages.push(this.lineFilter());
      else if (token.text === '|') stages.push(...this.pipe());
      else return { type: 'log', matchers, stages };
    }
  }

  private selector(): Matcher[] {
    this.expect('{');
    const matchers: Matcher[] = [];
    while (this.peek().text !== '}') {
      const name = this.next();
      if (name.kind !== 'name') throw this.unexpected(name, 'IDENTIFIER or }');
      const op = this.next();
      if (!['=', '!=', '=~', '!~'].includes(op.text)) throw this.unexpected(op, '= or != or =~ or !~');
      const value = this.next();
      if (value.kind !== 'string') throw this.unexpected(value, 'STRING');
      matchers.push(matcher(name.text, op.text as Matcher['op'], value.value));
      if (this.peek().text !== ',') break;
      this.next();
    }
    if (this.peek().text !== '}') throw this.unexpected(this.peek(), '} or ,');
    this.next();
    if (!matchers.some((m) => (m.op === '=' || m.op === '=~') && !m.test('')))
      throw new LokiError(400, EMPTY_COMPATIBLE);
    return matchers;
  }

  private lineFilter(): Stage {
    const op = this.next().text;
    const operand = this.next();
    if (operand.kind === 'name' && operand.text === 'ip') throw notSupported('ip() filters');
    if (operand.kind !== 'string') throw this.unexpected(operand, 'STRING');
    if (this.peek().text === 'or') throw notSupported('or between line filters');
    const negated = op.startsWith('!');
    if (op.endsWith('=')) return { type: 'line', keeps: (line) => line.includes(operand.value) !== negated };
    const regex = goRegex(operand.value, operand.value);
    return { type: 'line', keeps: (line) => regex.test(line) !== negated };
  }

  private pipe(): Stage[] {
    this.expect('|');
    const token = this.next();
    if (token.kind !== 'name') throw this.unexpected(token);
    if (token.text === 'json') {
      if (this.peek().kind === 'name') throw notSupported('json with expressions');
      return [{ type: 'json' }];
    }
    if (OTHER_STAGES.has(token.text)) throw notSupported(`the stage ${token.text}`);
    const filters = [this.labelFilter(token)];
    while (this.peek().text === 'and' || this.peek().text === ',') {
      this.next();
      filters.push(this.labelFilter(this.next()));
    }
    if (this.peek().text === 'or') throw notSupported('or between label filters');
    return filters;
  }

  private labelFilter(name: LogqlToken): Stage {
    if (name.kind !== 'name') throw this.unexpected(name);
    const op = this.next();
    const value = this.next();
    if (value.kind === 'string' && ['=', '!=', '=~', '!~'].includes(op.text)) {
      const test = matcher(name.text, op.text as Matcher['op'], value.value).test;
      return { type: 'label', name: name.text, keeps: (v) => test(v ?? '') };
    }
    if (value.kind === 'duration') throw notSupported('filters on durations and sizes');
    if (value.kind === 'number' && ['=', '==', '!=', '>', '>=', '<', '<='].includes(op.text)) {
      const bound = Number(value.text);
      return { type: 'label', name: name.text, keeps: (v) => compare(op.text, v, bound) };
    }
    throw this.unexpected(op.kind === 'operator' ? value : op);
  }

  private metric(): MetricQuery {
    const name = this.next();
    if (name.kind !== 'name' || this.query.length === name.text.length) throw this.unexpected(name);
    if (name.text === 'sum') return this.sum();
    if (name.text === 'count_over_time' || name.text === 'rate') {
      this.expect('(');
      const log = this.log();
      this.expect('[');
      const range = this.next();
      const seconds = durationSeconds(range.text);
      if (seconds === undefined) throw this.unexpected(range, 'RANGE');
      this.expect(']');
      if (this.peek().text === 'offset') throw notSupported('offset');
      this.expect(')');
      return { type: 'range', function: name.text, log, seconds };
    }
    if (OTHER_FUNCTIONS.has(name.text)) throw notSupported(`the function ${name.text}`);
    throw this.unexpected(name);
  }

  private sum(): MetricQuery {
    const before = this.grouping();
    this.expect('(');
    const of = this.metric();
    this.expect(')');
    return { type: 'sum', by: before ?? this.grouping() ?? [], of };
  }

  private grouping(): string[] | undefined {
    if (this.peek().text === 'without') throw notSupported('without');
    if (this.peek().text !== 'by') return undefined;
    this.next();
    this.expect('(');
    const names: string[] = [];
    while (this.peek().text !== ')') {
      const name = this.next();
      if (name.kind !== 'name') throw this.unexpected(name, 'IDENTIFIER or )');
      names.push(name.text);
      if (this.peek().text !== ',') break;
      this.next();
    }
    this.expect(')');
    return names;
  }

  private peek(): LogqlToken {
    return this.tokens[this.at]!;
  }

  private next(): LogqlToken {
    const token = this.peek();
    if (token.kind !== 'end') this.at += 1;
    return token;
  }

  private expect(text: string): void {
    const token = this.next();
    if (token.text !== text) throw this.unexpected(token, text);
  }

  private unexpected(token: LogqlToken, expecting?: string): LokiError {
    const message = `unexpected ${grammarName(token)}${expecting ? `, expecting ${expecting}` : ''}`;
    return syntaxError(this.query, token.position, message);
  }
}

/** A value that is no number passes no numeric filter. */
function compare(op: string, value: string | undefined, bound: number): boolean {
  const number = value === undefined || value === '' ? NaN : Number(value);
  if (Number.isNaN(number)) return false;
  switch (op) {
    case '>':
      return number > bound;
    case '>=':
      return number >= bound;
    case '<':
      return number < bound;
    case '<=':
      return number <= bound;
    case '!=':
      return number !== bound;
    default:
      return number === bound;
  }
}
