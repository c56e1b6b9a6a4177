import { unquote } from './promql-tokens.ts';

/** A refusal of Loki: a status and plain text. */
export class LokiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** `parse error at line 1, col 18: syntax error: …`, both counted from 1. */
export function syntaxError(query: string, offset: number, message: string): LokiError {
  const before = query.slice(0, offset).split('\n');
  const position = `line ${before.length}, col ${before.at(-1)!.length + 1}`;
  return new LokiError(400, `parse error at ${position}: syntax error: ${message}`);
}

/** What the real Loki answers and this one does not: an explicit refusal, never a wrong answer. */
export function notSupported(what: string): LokiError {
  return new LokiError(400, `not supported by this stand-in: ${what}`);
}

export interface LogqlToken {
  readonly kind: 'name' | 'number' | 'duration' | 'string' | 'operator' | 'end';
  readonly text: string;
  /** A string's content. */
  readonly value: string;
  readonly position: number;
}

const PATTERNS: readonly (readonly [LogqlToken['kind'] | 'space', RegExp])[] = [
  ['space', /(?:\s+|#[^\n]*)/y],
  ['duration', /(?:\d+(?:ms|[smhdwy]))+(?![A-Za-z0-9_])/y],
  ['number', /-?\d+(?:\.\d+)?/y],
  ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['string', /(?:"(?:[^"\\\n]|\\.)*"|`[^`]*`)/y],
  ['operator', /(?:\|=|\|~|!=|!~|=~|==|>=|<=|[|=<>(){}[\],+*/-])/y],
];

export function tokenizeLogql(query: string): LogqlToken[] {
  const tokens: LogqlToken[] = [];
  let at = 0;
  next: while (at < query.length) {
    for (const [kind, pattern] of PATTERNS) {
      pattern.lastIndex = at;
      const text = pattern.exec(query)?.[0];
      if (!text) continue;
      const value = kind === 'string' ? unquote(text) : text;
      if (kind !== 'space') tokens.push({ kind, text, value, position: at });
      at += text.length;
      continue next;
    }
    const letter = query[at]!;
    if (letter === '"' || letter === '`') throw syntaxError(query, at, 'literal not terminated');
    throw syntaxError(query, at, `unexpected character inside braces: '${letter}'`);
  }
  tokens.push({ kind: 'end', text: '', value: '', position: query.length });
  return tokens;
}

/** The token's name in the grammar of Loki's parser, as its errors show it. */
export function grammarName(token: LogqlToken): string {
  const kinds = { name: 'IDENTIFIER', number: 'NUMBER', duration: 'DURATION', string: 'STRING', end: '$end' };
  return token.kind === 'operator' ? token.text : kinds[token.kind];
}
