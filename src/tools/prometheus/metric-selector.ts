import { childrenOf, descendants, parsePromql, type PromqlNode } from './promql-tree';
import { literal } from './selector';

/** A metric, and the matchers that stand beside its name. */
export interface MetricSelector {
  readonly name: string;
  /** As they were written: `service="checkout"`. */
  readonly matchers: readonly string[];
}

/** A metric's name, or a selector with one; undefined for anything else. */
export function readMetricSelector(text: string): MetricSelector | undefined {
  const trimmed = text.trim();
  /* since Prometheus 3 a name may have dots and dashes; bare, PromQL does not read it */
  if (/^[\w:][\w:.\-/]*$/.test(trimmed)) return { name: trimmed, matchers: [] };
  const tree = parsePromql(trimmed);
  if (tree?.name !== 'VectorSelector') return undefined;
  const slice = ({ from, to }: PromqlNode): string => trimmed.slice(from, to);
  const bare = childrenOf(tree).find(({ name }) => name === 'Identifier');
  const quoted = descendants(tree, 'QuotedLabelName')[0];
  const all = [...descendants(tree, 'UnquotedLabelMatcher'), ...descendants(tree, 'QuotedLabelMatcher')].map(slice);
  const ofName = all.map((matcher) => /^__name__\s*=\s*("(?:[^"\\]|\\.)*")$/.exec(matcher)?.[1]).find(Boolean);
  const inQuotes = ofName ?? (quoted && slice(quoted));
  const name = bare ? slice(bare) : inQuotes && unquoted(inQuotes);
  if (!name) return undefined;
  return { name, matchers: all.filter((matcher) => !matcher.startsWith('__name__')) };
}

function unquoted(text: string): string | undefined {
  try {
    return text.startsWith('"') ? (JSON.parse(text) as string) : text.slice(1, -1);
  } catch {
    return undefined;
  }
}

/** The selector of one series name with these matchers, as every version reads it. */
export function selectorOf(name: string, matchers: readonly string[]): string {
  const isPlain = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
  const inside = [...(isPlain ? [] : [`__name__=${JSON.stringify(name)}`]), ...matchers].join(', ');
  return `${isPlain ? name : ''}${inside ? `{${inside}}` : ''}`;
}

/** Of several series names at once. */
export function selectorOfAll(names: readonly string[], matchers: readonly string[]): string {
  return `{${[`__name__=~${JSON.stringify(names.map(literal).join('|'))}`, ...matchers].join(', ')}}`;
}
