import { clipped } from '../../domain/clipped';

/** Characters of one value; of the message, see the room of a line. */
const MAX_VALUE_CHARS = 160;
/** Lines of a stack trace: it tells its story in the first ones. */
const STACK_LINES = 2;

/** `name=value`, quoted as JSON where a blank or a sign in it would make it read as something else. */
export function fieldText(name: string, value: string, maxChars = MAX_VALUE_CHARS): string {
  const shown = clipped(firstLines(value, STACK_LINES), maxChars);
  return `${nameText(name)}=${/^[^\s"'=,;(){}[\]\\`]+$/.test(shown) ? shown : JSON.stringify(shown)}`;
}

export function nameText(name: string): string {
  return /^[\w.@/-]{1,80}$/.test(name) ? name : JSON.stringify(clipped(name, 60));
}

/** A line break inside a log line would look like the next line, which could then be one of ours. */
export function oneLine(text: string): string {
  return text.trimEnd().replace(/\r?\n|\r/g, '\\n');
}

export function firstLines(text: string, count: number): string {
  const lines = text.trimEnd().split('\n');
  if (lines.length <= count) return text.trimEnd();
  const more = lines.length - count;
  return `${lines.slice(0, count).join('\n')}\n… (${more} more ${more === 1 ? 'line' : 'lines'})`;
}
