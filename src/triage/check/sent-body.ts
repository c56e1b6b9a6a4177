import type { Handle } from '../../domain/conversation';
import { cleanText } from '../../domain/outside-text';
import { ALERT_TITLE, type SentText } from '../../domain/sent-texts';

export type SentTexts = ReadonlyMap<Handle, SentText>;

/** How our own lines before a result begin that say as what the model's question was run. */
const HEAD_LINES = /^(?:(?:service|range|time): [^\n]*(?:\n|$))+/;

/**
 * What was found: a tool result without its head, which repeats the question in the model's own words. Who quotes that
 * quotes himself.
 */
export function bodyOf({ text, input, status }: SentText): string {
  if (status === undefined || !/^(?:query|scope): /.test(text)) return text;
  const query = (input as { query?: unknown } | null | undefined)?.query;
  const asked = typeof query === 'string' ? `query: ${cleanText(query)}\n` : '';
  const rest = asked && text.startsWith(asked) ? text.slice(asked.length) : afterFirstLine(text);
  return rest.replace(HEAD_LINES, '');
}

/** The lines of the opening message's sections that Vigil wrote: not those of an alert, which anybody can shape. */
export function ourLines(sent: SentTexts): { readonly handle: Handle; readonly line: string }[] {
  return [...sent.values()]
    .filter(({ status, source }) => status === undefined && source !== ALERT_TITLE)
    .flatMap(({ handle, text }) => text.split('\n').map((line) => ({ handle, line })));
}

function afterFirstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? '' : text.slice(end + 1);
}
