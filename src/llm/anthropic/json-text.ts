/**
 * Cuts and joins JSON without reading it into values and writing it again: that would reorder keys (`{"b":1,"10":2}`)
 * and rewrite numbers (`1.0`), and a conversation must go back exactly as it came.
 */

/** @param object valid JSON text of an object; each of its members' names with the text of its value, as it stands */
export function memberTexts(object: string): Map<string, string> {
  const members = new Map<string, string>();
  let at = afterSpace(object, object.indexOf('{') + 1);
  while (object[at] === '"') {
    const nameEnd = afterString(object, at);
    const name = JSON.parse(object.slice(at, nameEnd)) as string;
    const start = afterSpace(object, afterSpace(object, nameEnd) + 1);
    const end = afterValue(object, start);
    members.set(name, object.slice(start, end));
    at = afterSpace(object, end);
    if (object[at] === ',') at = afterSpace(object, at + 1);
  }
  return members;
}

/** The inverse of `memberTexts`. */
export function objectText(members: ReadonlyMap<string, string>): string {
  return `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at += 1;
  return at;
}

function afterString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** A bracket inside a string is no bracket; the depth is counted, so that no nesting is too deep for the stack. */
function afterValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  do {
    const char = text.charAt(at);
    if (char === '"') {
      at = afterString(text, at);
      continue;
    }
    if (depth === 0 && ' \t\n\r,}]'.includes(char)) return at;
    if (char === '{' || char === '[') depth += 1;
    if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
    at += 1;
  } while (at < text.length && (depth > 0 || !',}] \t\n\r'.includes(text.charAt(at))));
  return at;
}
