/** Label names and values as lines of our tools and of others show them. */
export type LabelPair = readonly [name: string, value: string];

const IN_BRACES = /([A-Za-z_][\w.]{0,60})="((?:[^"\\]|\\.){0,250})"/g;
const IN_JSON = /"([A-Za-z_][\w.]{0,60})"\s?:\s?"([^"\\]{1,100})"/g;
const IN_LOGFMT = /(?<![\w"])([A-Za-z_][\w.]{0,60})=([^\s"{},=]{1,100})/g;
const IN_CHANGE = /(?:^|, )([a-z]+(?: it)?) "((?:[^"\\]|\\.){0,250})"/g;

/** `a="b"` pairs. */
export function bracePairs(text: string): LabelPair[] {
  return Array.from(text.matchAll(IN_BRACES), ([, name, value]) => [name!, unescaped(value!)]);
}

/** The fields of a log line that is JSON or logfmt. */
export function fieldPairs(text: string): LabelPair[] {
  return [...text.matchAll(IN_JSON), ...text.matchAll(IN_LOGFMT)].map(([, name, value]) => [name!, value!]);
}

/** The names of a change's line: `service "payments", revision "9f3c2e1"`. */
export function changePairs(text: string): LabelPair[] {
  return Array.from(text.matchAll(IN_CHANGE), ([, name, value]) => [name!, unescaped(value!)]);
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/g, '$1');
}

/** The name under which a line filter of LogQL stands among the matchers: each line that it finds holds its text. */
export const LINE_FILTER = '|=';

/** Matchers of a query that select: `service="payments"`, `service=~"payments|checkout"`. Comments select nothing. */
export function matcherPairs(query: string): LabelPair[] {
  const code = query.replace(/#[^\n"]*$/gm, '');
  const filters = Array.from(code.matchAll(/\|=\s{0,2}"([^"\\]{1,100})"/g), ([, text]): LabelPair => [
    LINE_FILTER,
    text!,
  ]);
  const matchers = Array.from(code.matchAll(/([A-Za-z_]\w{0,60})\s{0,2}=~?\s{0,2}"((?:[^"\\]|\\.){0,250})"/g)).flatMap(
    ([, name, values]) => values!.split('|').map((value): LabelPair => [name!, value.replace(/[()]|\.[*+]/g, '')]),
  );
  return [...matchers, ...filters];
}
