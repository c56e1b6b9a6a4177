import { clipped } from '../../domain/clipped';
import { html, type Html } from './html';
import type { LogLine } from './read-log-line';

/** Lines of one answer; its exact text has them all. */
const LINES_MAX = 12;
/** Characters of a line, and of its further fields. */
const MESSAGE_MAX = 400;
const FIELDS_MAX = 160;

/** Log lines with their time and level: those that say the same stand once, the first and the last ones are shown. */
export function linesView(lines: readonly LogLine[]): Html {
  const said = foldedByMessage(lines);
  const between = said.length - LINES_MAX;
  if (between <= 0) return list(said.map(lineHtml));
  const half = LINES_MAX / 2;
  return list([
    ...said.slice(0, half).map(lineHtml),
    html`<li class="soft">… ${between} more between these, in the exact text …</li>`,
    ...said.slice(-half).map(lineHtml),
  ]);
}

function list(items: readonly Html[]): Html {
  return html`<ul class="plain lines">
    ${items}
  </ul>`;
}

/** The model was given them apart where a trace id or a number in a field differs; a reader wants to know what is said. */
function foldedByMessage(lines: readonly LogLine[]): readonly LogLine[] {
  const said = new Map<string, LogLine>();
  for (const line of lines) {
    const key = JSON.stringify([line.labels, line.level, line.message]);
    const before = said.get(key);
    said.set(key, before ? { ...before, count: before.count + line.count, last: line.last } : line);
  }
  return [...said.values()];
}

function lineHtml({ at, labels, level, message, fields, count, last }: LogLine): Html {
  const known = new Set(labels.map(([, value]) => value));
  const telling = fields.filter((field) => !known.has(field.slice(field.indexOf('=') + 1)) && !TRACE.test(field));
  return html`<li>
    <time datetime="${at.toISOString()}">${clockTime(at)}</time>
    ${level && html`<span class="level ${levelColour(level)}">${level}</span>`}
    ${labels.length > 0 ? html`<strong>${clipped(labels.map(([, value]) => value).join(' '), 80)}</strong>` : undefined}
    ${clipped(message, MESSAGE_MAX)} ${telling.length > 0 ? soft(clipped(telling.join(' '), FIELDS_MAX)) : undefined}
    ${count > 1 ? soft(`(${count} times, the last at ${clockTime(last)})`) : undefined}
  </li>`;
}

/** Names of a single request: they tell a reader nothing. */
const TRACE = /^(?:trace|span|request)_?id=/i;

function clockTime(at: Date): string {
  return at.toISOString().slice(11, 19);
}

/** The class of a level: how loud it is. */
export function levelColour(level: string): string {
  if (/^(?:error|fatal|critical|panic)$/.test(level)) return 'bad';
  return level.startsWith('warn') ? 'warn' : '';
}

function soft(text: string): Html {
  return html`<span class="soft">${text}</span>`;
}
