/** A line's own fields in their order; nested ones under dotted names. */
export type LineFields = ReadonlyMap<string, string>;

/** Longer lines are read as plain text: they are dumps, and their beginning tells as much. */
const MAX_PARSED_CHARS = 64_000;
/** Of one line; an object with more of them is data, not a log line. */
const MAX_FIELDS = 80;
/** `request.headers.accept`: what lies deeper stays JSON. */
const MAX_DEPTH = 3;

/** The fields of a line that is a JSON object, or logfmt from its beginning to its end; undefined for plain text. */
export function fieldsOf(line: string): LineFields | undefined {
  const text = line.trim();
  if (text.length > MAX_PARSED_CHARS) return undefined;
  return text.startsWith('{') ? jsonFields(text) : logfmtFields(text);
}

function jsonFields(text: string): LineFields | undefined {
  try {
    const fields = new Map<string, string>();
    flatten(JSON.parse(text) as object, '', fields);
    return fields.size > 0 ? fields : undefined;
  } catch {
    return undefined;
  }
}

function flatten(members: object, prefix: string, into: Map<string, string>): void {
  for (const [name, value] of Object.entries(members) as [string, unknown][]) {
    if (into.size >= MAX_FIELDS) return;
    const path = prefix + name;
    const isBranch = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isBranch && path.split('.').length < MAX_DEPTH) flatten(value, `${path}.`, into);
    else if (typeof value === 'string') into.set(path, value);
    else if (value !== null) into.set(path, JSON.stringify(value));
  }
}

/* Each part ends where the next begins with another character: a line of any length costs one pass. */
const PAIR = /\s*([A-Za-z_@][\w.@/-]*)=(?:("(?:[^"\\]|\\.)*")|([^\s"]*))(?=\s|$)/y;

function logfmtFields(text: string): LineFields | undefined {
  const fields = new Map<string, string>();
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < text.length) {
    const [, name, quoted, bare] = PAIR.exec(text) ?? [];
    if (name === undefined || fields.size >= MAX_FIELDS) return undefined;
    fields.set(name, quoted === undefined ? (bare ?? '') : unquoted(quoted));
  }
  return fields.size > 1 ? fields : undefined;
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}
