/** The error of a query as Prometheus words it, with the envelope's fields. */
export class PromqlError extends Error {
  readonly status: number;
  readonly errorType: string;
  constructor(status: number, errorType: string, message: string) {
    super(message);
    this.status = status;
    this.errorType = errorType;
  }
}

/** `1:7: parse error: …`: line and column of an offset, both from 1. */
export function parseError(query: string, offset: number, message: string): PromqlError {
  const before = query.slice(0, offset).split('\n');
  const position = `${before.length}:${before.at(-1)!.length + 1}`;
  return new PromqlError(400, 'bad_data', `invalid parameter "query": ${position}: parse error: ${message}`);
}

/** A query without anything in it has no position. */
export function emptyQuery(): PromqlError {
  const message = 'invalid parameter "query": unknown position: parse error: no expression found in input';
  return new PromqlError(400, 'bad_data', message);
}

/** Something that the real server answers and this one does not: an explicit refusal, never a wrong answer. */
export function notSupported(what: string): PromqlError {
  return new PromqlError(400, 'bad_data', `invalid parameter "query": not supported by this stand-in: ${what}`);
}

export interface Token {
  readonly kind: 'name' | 'number' | 'duration' | 'string' | 'operator' | 'end';
  readonly text: string;
  /** A string's content, without quotes and escapes. */
  readonly value: string;
  readonly position: number;
}

const PATTERNS: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /(?:\s+|#[^\n]*)/y],
  ['duration', /(?:\d+(?:ms|[smhdwy]))+(?![A-Za-z0-9_])/y],
  ['number', /(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|(?:[Ii]nf|[Nn]a[Nn])(?![A-Za-z0-9_:]))/y],
  ['name', /[A-Za-z_:][A-Za-z0-9_:]*/y],
  ['string', /(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)/y],
  ['operator', /(?:=~|!~|==|!=|>=|<=|[-+*/%^=<>(){}[\],:@])/y],
];

export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const token = tokenAt(query, at);
    at += token.text.length;
    if (token.kind !== 'space') tokens.push(token as Token);
  }
  tokens.push({ kind: 'end', text: '', value: '', position: query.length });
  return tokens;
}

function tokenAt(query: string, at: number): Omit<Token, 'kind'> & { kind: Token['kind'] | 'space' } {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const text = pattern.exec(query)?.[0];
    if (text) return { kind, text, value: kind === 'string' ? unquote(text) : text, position: at };
  }
  const letter = query[at]!;
  if (letter === '"' || letter === "'" || letter === '`') throw parseError(query, at, 'unterminated quoted string');
  const inBraces = query.lastIndexOf('{', at) > query.lastIndexOf('}', at);
  throw parseError(query, at, `unexpected character${inBraces ? ' inside braces' : ''}: '${letter}'`);
}

/** Content of a quoted string in Go's syntax; shared with LogQL. */
export function unquote(text: string): string {
  const content = text.slice(1, -1);
  if (text.startsWith('`')) return content;
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
  return content.replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);
}

/** A token that cannot stand where it does, as Prometheus names it. */
export function unexpectedToken(query: string, token: Token, where: string): PromqlError {
  if (token.kind === 'end') return parseError(query, token.position, `unexpected end of input${where}`);
  if (token.text === 'bool') return parseError(query, token.position, 'unexpected <bool>');
  const kind = { name: 'identifier ', number: 'number ', duration: 'duration ', string: 'string ', operator: '' }[
    token.kind
  ];
  const shown = token.kind === 'string' ? JSON.stringify(token.value) : `"${token.text}"`;
  return parseError(query, token.position, `unexpected ${kind}${shown}${where}`);
}

/** Go's spellings of what is no number included. */
export function goNumber(text: string): number {
  if (/^inf$/i.test(text)) return Infinity;
  return /^nan$/i.test(text) ? NaN : Number(text);
}
