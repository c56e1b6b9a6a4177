import type { Labels } from '../../domain/alert';

/** One matcher as Alertmanager takes it. */
export interface AlertMatcher {
  /** `service=~"orders|payments"`, as it is sent. */
  readonly text: string;
  readonly name: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
  /** Whether a label's value matches; absent: a pattern that is not run here, because what it costs is not known. */
  readonly holds?: (value: string) => boolean;
}

const MATCHER = /\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*")\s*(?:,|$)/y;

/** @returns undefined when the text is no list of matchers */
export function readMatchers(query: string): AlertMatcher[] | undefined {
  const trimmed = query.trim();
  const text = trimmed.startsWith('{') && trimmed.endsWith('}') ? trimmed.slice(1, -1).trim() : trimmed;
  const matchers: AlertMatcher[] = [];
  MATCHER.lastIndex = 0;
  while (MATCHER.lastIndex < text.length) {
    const [, name, operator, quoted] = MATCHER.exec(text) ?? [];
    if (name === undefined || operator === undefined || quoted === undefined) return undefined;
    matchers.push(matcherOf(name, operator as AlertMatcher['operator'], quoted));
  }
  return matchers;
}

function matcherOf(name: string, operator: AlertMatcher['operator'], quoted: string): AlertMatcher {
  const text = `${name}${operator}${quoted}`;
  const value = quoted.slice(1, -1).replace(/\\(.)/gs, (_, one: string) => (one === 'n' ? '\n' : one));
  const same = operator === '=' || operator === '!=' ? (one: string): boolean => one === value : patternOf(value);
  const wanted = operator === '=' || operator === '=~';
  return { text, name, operator, value, ...(same && { holds: (one: string) => same(one) === wanted }) };
}

/** A choice of plain texts, each open at its ends where it has `.*` there; undefined for any other pattern. */
function patternOf(pattern: string): ((value: string) => boolean) | undefined {
  const bare = /^\(([^()]*)\)$/.exec(pattern)?.[1] ?? pattern;
  const choices = bare.split('|').map(choiceOf);
  if (choices.includes(undefined)) return undefined;
  return (value) => choices.some((holds) => holds!(value));
}

function choiceOf(pattern: string): ((value: string) => boolean) | undefined {
  const fromStart = !pattern.startsWith('.*');
  const rest = fromStart ? pattern : pattern.slice(2);
  const toEnd = !rest.endsWith('.*') || rest.endsWith('\\.*');
  const middle = toEnd ? rest : rest.slice(0, -2);
  if (/[\^$*+?()[\]{}]|(?<!\\)\.|\\(?![.\-/:])/.test(middle)) return undefined;
  const text = middle.replace(/\\(.)/g, '$1');
  if (fromStart && toEnd) return (value) => value === text;
  if (fromStart) return (value) => value.startsWith(text);
  return toEnd ? (value) => value.endsWith(text) : (value) => value.includes(text);
}

/** By the matchers that can be run here; an absent label has the value "". */
export function meets(labels: Labels, matchers: readonly AlertMatcher[]): boolean {
  return matchers.every(({ name, holds }) => holds?.(labels[name] ?? '') ?? true);
}
