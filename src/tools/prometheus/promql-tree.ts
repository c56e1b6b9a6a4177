import { parser } from '@prometheus-io/lezer-promql';

/** A part of a parsed PromQL expression. */
export type PromqlNode = ReturnType<typeof parser.parse>['topNode'];

/** The parser calls itself for each level: a longer chain of operators overflows the stack. Characters. */
const MAX_PARSED_CHARS = 4_000;

/** A parsed expression. */
export interface PromqlTree {
  readonly root: PromqlNode;
  /** A part as it stands in the text, with the modifiers behind it, on one line. */
  slice(node: PromqlNode): string;
}

/** The expression as a tree; undefined when it cannot be read (a newer syntax, too long): the server is its judge. */
export function parsePromql(text: string): PromqlNode | undefined {
  if (text.length > MAX_PARSED_CHARS) return undefined;
  const tree = parser.parse(text);
  let errors = 0;
  tree.iterate({ enter: ({ type }) => void (errors += Number(type.isError)) });
  return errors === 0 ? childrenOf(tree.topNode)[0] : undefined;
}

const MODIFIED: ReadonlySet<string> = new Set(['OffsetExpr', 'StepInvariantExpr', 'AnchoredExpr', 'SmoothedExpr']);

/**
 * The same for taking operators apart. The grammar reads `a > b offset 1w` as `(a > b) offset 1w`, so the modifiers are
 * blanked out first; a slice has them again.
 */
export function parseOperators(text: string): PromqlTree | undefined {
  const asWritten = parsePromql(text);
  if (!asWritten) return undefined;
  const ends = new Map<number, number>();
  asWritten.cursor().iterate(({ name, node }) => {
    const [modified] = MODIFIED.has(name) ? childrenOf(node) : [];
    if (modified) ends.set(modified.to, node.to);
  });
  const plain = [...ends].reduce(
    (rest, [from, to]) => rest.slice(0, from) + ' '.repeat(to - from) + rest.slice(to),
    text,
  );
  const root = parsePromql(plain);
  if (!root) return undefined;
  return {
    root,
    slice({ from, to }) {
      let end = to;
      for (let more = ends.get(end); more !== undefined; more = ends.get(end)) end = more;
      return onOneLine(text.slice(from, end));
    },
  };
}

/** Without comments, which may stand between any two parts. */
export function childrenOf(node: PromqlNode): PromqlNode[] {
  const children: PromqlNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'LineComment') children.push(child);
  }
  return children;
}

/** Every node of this kind at or below the node, in the order of the text. */
export function descendants(node: PromqlNode, kind: string): PromqlNode[] {
  const found: PromqlNode[] = [];
  const cursor = node.cursor();
  cursor.iterate(({ name, node: here }) => {
    if (name === kind) found.push(here);
  });
  return found;
}

export function withoutParentheses(node: PromqlNode): PromqlNode {
  let inner = node;
  while (inner.name === 'ParenExpr') {
    const [child] = childrenOf(inner);
    if (!child) return inner;
    inner = child;
  }
  return inner;
}

/* Nothing stands behind the last alternative: it never has to look back. */
const STRING_COMMENT_OR_SPACE = /("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)|(?:#[^\n]*|\s)+/g;

/** The same expression on one line, without comments: it can stand in a line `query: …`. */
export function onOneLine(text: string): string {
  return text
    .replace(STRING_COMMENT_OR_SPACE, (_, string?: string) => string ?? ' ')
    .replace(/[\r\n]/g, ' ')
    .trim();
}
