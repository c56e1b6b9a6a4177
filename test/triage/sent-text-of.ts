import type { SentText } from '../../src/domain/sent-texts';

/** A section of the opening message. */
export function section(handle: string, source: string, lines: readonly string[]): SentText {
  return { handle, source, text: lines.join('\n') };
}

/** The result of a tool call, with the query that stands before it. */
export function result(handle: string, source: string, query: string, lines: readonly string[]): SentText {
  return { handle, source, text: [`query: ${query}`, ...lines].join('\n'), status: 'ok', input: { query } };
}
