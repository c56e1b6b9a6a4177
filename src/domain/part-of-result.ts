import type { Handle } from './conversation';

/** The tool that gives a part of an earlier result. What it gives is checked as that result is. */
export const READ_RESULT = 'read_result';

/** The first line of what it gives; below it stands the part in the form of its own result. */
export function partLine(handle: Handle, tool: string, said: string): string {
  return `${handle} (${tool}): ${said}`;
}

const PART = /^(r\d+) \(\w+\): [^\n]*\n/;

/** Whose part a text is, and the part without that line. */
export function partOf(text: string): { readonly handle: Handle; readonly part: string } | undefined {
  const [line, handle] = PART.exec(text) ?? [];
  return line && handle ? { handle, part: text.slice(line.length) } : undefined;
}
