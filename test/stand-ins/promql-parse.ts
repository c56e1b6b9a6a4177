import { BadRegex, matcher } from './label-matchers.ts';
import type { Matcher } from './label-matchers.ts';
import {
  AGGREGATIONS,
  COMPARISONS,
  FUNCTIONS,
  OTHER_AGGREGATIONS,
  OTHER_FUNCTIONS,
  SET_OPERATORS,
} from './promql-expression.ts';
import type { Expression, Grouping, SelectorExpression } from './promql-expression.ts';
import { checkTypes } from './promql-types.ts';
import { emptyQuery, goNumber, notSupported, parseError, tokenize, unexpectedToken } from './promql-tokens.ts';
import type { PromqlError, Token } from './promql-tokens.ts';
import { durationSeconds } from './query-time.ts';

/** Weakest first; `^` alone is right-associative. */
const PRECEDENCE: readonly (readonly string[])[] = [
  ['or'],
  ['and', 'unless'],
  [...COMPARISONS],
  ['+', '-'],
  ['*', '/', '%'],
];

/** @throws PromqlError in Prometheus' words, or "not supported by this stand-in" */
export function parsePromql(query: string): Expression {
  const parser = new PromqlParser(query);
  const expression = parser.whole();
  checkTypes(expression, query);
  return expression;
}

class PromqlParser {
  private readonly query: string;
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(query: string) {
    this.query = query;
    this.tokens = tokenize(query);
  }

  whole(): Expression {
    if (this.peek().kind === 'end') {
      throw emptyQuery();
    }
    const expression = this.binary(0);
    if (this.peek().text === ')') throw this.strayParenthesis(this.peek());
    if (this.peek().kind !== 'end') throw this.unexpected(this.peek());
    return expression;
  }

  private binary(level: number): Expression {
    if (level === PRECEDENCE.length) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const token = this.peek();
      const op = token.kind === 'name' ? token.text.toLowerCase() : token.text;
      if (token.kind === 'string' || !PRECEDENCE[level]!.includes(op)) return left;
      this.next();
      const bool = this.takeWord('bool');
      const matching = this.matching();
      left = { type: 'binary', op, bool, matching, left, right: this.binary(level + 1), position: left.position };
      if (bool && !COMPARISONS.has(op)) {
        throw this.error(token, 'bool modifier can only be used on comparison operators');
      }
    }
  }

  private matching(): { mode: 'on' | 'ignoring'; names: readonly string[] } | undefined {
    const word = this.peek().text;
    if (this.peek().kind !== 'name' || (word !== 'on' && word !== 'ignoring')) return undefined;
    this.next();
    const matching = { mode: word, names: this.names() } as const;
    if (/^group_(left|right)$/.test(this.peek().text)) throw notSupported(this.peek().text);
    return matching;
  }

  private unary(): Expression {
    const token = this.peek();
    if (token.text === '-' || token.text === '+') {
      this.next();
      const of = this.unary();
      return token.text === '-' ? { type: 'negate', of, position: token.position } : of;
    }
    const base = this.postfix();
    if (this.peek().text === '^') throw notSupported('the operator ^');
    return base;
  }

  private postfix(): Expression {
    let expression = this.primary();
    for (;;) {
      const token = this.peek();
      if (token.text === '[') {
        this.next();
        const range = this.next();
        const seconds = durationSeconds(range.text);
        if (range.kind !== 'duration' || seconds === undefined) throw this.unexpected(range, ' in subquery selector');
        if (this.peek().text.startsWith(':')) throw notSupported('subqueries');
        if (this.peek().kind === 'end') throw this.error(this.peek(), 'unclosed left bracket');
        this.expect(']', ' in subquery or range, expected ":" or "]"');
        if (expression.type !== 'selector') {
          throw this.error(token, 'ranges only allowed for vector selectors');
        }
        expression = { ...expression, rangeSeconds: seconds };
      } else if (token.kind === 'name' && token.text === 'offset') {
        this.next();
        const sign = this.peek().text === '-' ? (this.next(), -1) : 1;
        const duration = this.next();
        const seconds = durationSeconds(duration.text);
        if (seconds === undefined) throw this.unexpected(duration, ' in offset, expected duration');
        if (expression.type !== 'selector') {
          throw this.error(
            token,
            'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
          );
        }
        expression = { ...expression, offsetSeconds: sign * seconds };
      } else if (token.text === '@') {
        throw notSupported('the @ modifier');
      } else {
        return expression;
      }
    }
  }

  private primary(): Expression {
    const token = this.next();
    if (token.kind === 'number') return { type: 'number', value: goNumber(token.text), position: token.position };
    if (token.kind === 'string') return { type: 'string', value: token.value, position: token.position };
    if (token.text === '(') {
      const inner = this.binary(0);
      this.closeParenthesis();
      return inner;
    }
    if (token.text === '{') return this.selector(undefined, token);
    if (token.text === ')') throw this.strayParenthesis(token);
    if (token.kind !== 'name') {
      throw token.kind === 'end' ? this.error(token, 'unexpected end of input') : this.unexpected(token);
    }
    const following = this.peek().text;
    const groupingFollows = this.peek().kind === 'name' && (following === 'by' || following === 'without');
    if (AGGREGATIONS.has(token.text) && (following === '(' || groupingFollows)) return this.aggregate(token);
    if (OTHER_AGGREGATIONS.has(token.text) && (following === '(' || groupingFollows)) {
      throw notSupported(`the aggregation ${token.text}`);
    }
    if (following === '(') return this.call(token);
    if (SET_OPERATORS.has(token.text)) throw this.unexpected(token);
    return this.selector(token, token);
  }

  private call(name: Token): Expression {
    if (!(name.text in FUNCTIONS)) {
      if (OTHER_FUNCTIONS.has(name.text)) throw notSupported(`the function ${name.text}`);
      throw this.error(name, `unknown function with name "${name.text}"`);
    }
    return { type: 'call', name: name.text, args: this.arguments(), position: name.position };
  }

  private aggregate(op: Token): Expression {
    let grouping = this.grouping();
    const args = this.arguments();
    grouping ??= this.grouping();
    const wanted = op.text === 'topk' || op.text === 'bottomk' ? 2 : 1;
    if (args.length !== wanted) {
      throw this.error(
        op,
        `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
      );
    }
    return {
      type: 'aggregate',
      op: op.text,
      grouping: grouping ?? { mode: 'by', names: [] },
      parameter: wanted === 2 ? args[0] : undefined,
      of: args.at(-1)!,
      position: op.position,
    };
  }

  private grouping(): Grouping | undefined {
    const word = this.peek().text;
    if (this.peek().kind !== 'name' || (word !== 'by' && word !== 'without')) return undefined;
    this.next();
    return { mode: word, names: this.names() };
  }

  private arguments(): Expression[] {
    this.expect('(');
    const args: Expression[] = [];
    while (this.peek().text !== ')') {
      if (this.peek().kind === 'end') break;
      args.push(this.binary(0));
      if (this.peek().text !== ',') break;
      this.next();
    }
    this.closeParenthesis();
    return args;
  }

  private names(): string[] {
    this.expect('(', ' in grouping opts');
    const names: string[] = [];
    while (this.peek().text !== ')') {
      const token = this.next();
      if (token.kind !== 'name') throw this.unexpected(token, ' in grouping opts, expected label');
      names.push(token.text);
      if (this.peek().text !== ',') break;
      this.next();
    }
    this.expect(')', ' in grouping opts, expected "," or ")"');
    return names;
  }

  private selector(name: Token | undefined, start: Token): SelectorExpression {
    const matchers: Matcher[] = name ? [matcher('__name__', '=', name.text)] : [];
    if (name ? this.peek().text === '{' : true) {
      if (name) this.next();
      matchers.push(...this.braces());
    }
    if (matchers.every((m) => m.test(''))) {
      throw this.error(start, 'vector selector must contain at least one non-empty matcher');
    }
    return { type: 'selector', matchers, offsetSeconds: 0, position: start.position };
  }

  private braces(): Matcher[] {
    const matchers: Matcher[] = [];
    while (this.peek().text !== '}') {
      const label = this.next();
      if (label.kind === 'end') throw this.error(label, 'unexpected end of input inside braces');
      if (label.kind !== 'name') throw this.unexpected(label, ' in label matching, expected identifier or "}"');
      const op = this.next();
      if (!['=', '!=', '=~', '!~'].includes(op.text)) {
        throw this.unexpected(op, ' in label matching, expected label matching operator');
      }
      const value = this.next();
      if (value.kind === 'end') throw this.error(value, 'unexpected end of input inside braces');
      if (value.kind !== 'string') throw this.unexpected(value, ' in label matching, expected string');
      matchers.push(this.matcher(label, op.text as Matcher['op'], value));
      if (this.peek().text !== ',') break;
      this.next();
    }
    if (this.peek().kind === 'end') throw this.error(this.peek(), 'unexpected end of input inside braces');
    this.expect('}', ' in label matching, expected "," or "}"');
    return matchers;
  }

  private matcher(label: Token, op: Matcher['op'], value: Token): Matcher {
    try {
      return matcher(label.text, op, value.value);
    } catch (error) {
      if (error instanceof BadRegex) throw this.error(label, error.message);
      throw error;
    }
  }

  private peek(): Token {
    return this.tokens[this.at]!;
  }

  private next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.at += 1;
    return token;
  }

  private takeWord(word: string): boolean {
    if (this.peek().kind !== 'name' || this.peek().text !== word) return false;
    this.next();
    return true;
  }

  private expect(text: string, where = ''): void {
    const token = this.next();
    if (token.text !== text || token.kind === 'string') throw this.unexpected(token, where);
  }

  private closeParenthesis(): void {
    const token = this.next();
    if (token.kind === 'end') throw this.error(token, 'unclosed left parenthesis');
    if (token.text !== ')') throw this.unexpected(token);
  }

  /** The real lexer has already read it when it complains. */
  private strayParenthesis(token: Token): PromqlError {
    return parseError(this.query, token.position + 1, "unexpected right parenthesis ')'");
  }

  private error(token: Token, message: string): PromqlError {
    return parseError(this.query, token.position, message);
  }

  private unexpected(token: Token, where = ''): PromqlError {
    return unexpectedToken(this.query, token, where);
  }
}
