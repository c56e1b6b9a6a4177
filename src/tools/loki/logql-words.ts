/** A word of a query; quoted text is one. */
export interface LogqlWord {
  readonly kind: 'name' | 'string' | 'number' | 'sign';
  readonly text: string;
  /** Where it begins. */
  readonly at: number;
}

export interface LogqlWords {
  readonly words: readonly LogqlWord[];
  /** Where a quote is opened and not closed. */
  readonly openQuoteAt?: number;
}

const PARTS: readonly (readonly [LogqlWord['kind'] | 'space', RegExp])[] = [
  ['space', /\s+|#[^\n]*/y],
  ['string', /"(?:[^"\\]|\\.)*"|`[^`]*`/y],
  ['name', /[A-Za-z_]\w*/y],
  ['number', /\d[\w.]*/y],
  ['sign', /\|=|\|~|\|>|!=|!~|!>|=~|==|>=|<=|&&|\|\|/y],
];

/** The words of a query, without comments; a quote that is not closed ends them. */
export function logqlWords(query: string): LogqlWords {
  const words: LogqlWord[] = [];
  let at = 0;
  while (at < query.length) {
    const [kind, text] = partAt(query, at);
    if (kind === 'sign' && (text === '"' || text === '`')) return { words, openQuoteAt: at };
    if (kind !== 'space') words.push({ kind, text, at });
    at += text.length;
  }
  return { words };
}

function partAt(query: string, at: number): readonly [LogqlWord['kind'] | 'space', string] {
  for (const [kind, pattern] of PARTS) {
    pattern.lastIndex = at;
    const text = pattern.exec(query)?.[0];
    if (text) return [kind, text];
  }
  return ['sign', query[at]!];
}
