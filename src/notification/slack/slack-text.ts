import { UNVERIFIED_MARK } from '../../domain/marked-text';
import { cleanText } from '../../domain/outside-text';
import { ALL_BLOCKS_MAX, LINK_URL_MAX } from './slack-limits';

/**
 * Text from outside (labels, log lines, the model's words) on its way into Slack. After this door it is inert: Slack
 * acts only on `<…>`, and only our own code writes that. Every function gives escaped text: measure it, do not escape
 * it again.
 */

/** Slack, "Formatting message text": these three characters are escaped, and no others. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A URL that no client makes clickable, and that a person can still read. */
function defang(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]{0,30}):\/\//gi, (url, scheme: string) => {
    if (/hxxps?$/i.test(scheme)) return url;
    return /https?$/i.test(scheme) ? `${scheme.replace(/http(s?)$/i, 'hxxp$1')}://` : `${scheme}[:]//`;
  });
}

/** For plain_text objects, which format nothing: one line. */
export function plainLine(text: string): string {
  return escapeText(defang(oneLine(readable(text))));
}

/** Prose for a mrkdwn object: paired backticks stay code, nothing else is formatted. Its lines are kept. */
export function prose(text: string): string {
  return inert(withoutFences(readable(text)));
}

/** Prose on one line, for an item of a list. */
export function proseLine(text: string): string {
  return inert(oneLine(withoutFences(readable(text))));
}

/** Text shown as it is, as code, on one line. Empty text gives no empty code span, which Slack would show as backticks. */
export function code(text: string): string {
  const line = escapeText(defang(oneLine(readable(text)))).replaceAll('`', 'ˋ');
  return line === '' ? '' : `\`${line}\``;
}

/** How far behind a cut the mark of a figure is looked for: the cut may have gone through the figure itself. */
const NEAR_CUT = 40;

/**
 * At most `max` UTF-16 code units of escaped text, cut at a code point, never inside an escape such as `&lt;`; a code
 * span that is cut is closed, and a figure that loses its mark by the cut gets it back.
 */
export function clip(escaped: string, max: number): string {
  if (escaped.length <= max) return escaped;
  const mark = ` ${UNVERIFIED_MARK}`;
  const isMarked = escaped.includes(mark) && max > 2 * mark.length;
  const room = max - '…`'.length - (isMarked ? mark.length : 0);
  let kept = '';
  for (const [unit] of escaped.matchAll(/ \[unverified\]|&(?:amp|lt|gt);|./gsu)) {
    if (kept.length + unit.length > room) break;
    kept += unit;
  }
  const cutsMark = isMarked && escaped.slice(kept.length, kept.length + NEAR_CUT).includes(mark);
  const insideCode = (kept.split('`').length - 1) % 2 === 1;
  return `${kept.trimEnd()}…${cutsMark ? mark : ''}${insideCode ? '`' : ''}`;
}

/** A link that our code writes. Undefined for what is no http(s) URL, holds a password, or is too long for a message. */
export function link(url: string, label: string): string | undefined {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return undefined;
  const { href, username, password } = new URL(url);
  const written = escapeText(href.replaceAll('|', '%7C'));
  if (username !== '' || password !== '' || written.length > LINK_URL_MAX) return undefined;
  return `<${written}|${escapeText(label)}>`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/**
 * Clean, and no more than a message can hold anyway: what follows need not cope with megabytes. No writing puts more
 * than a few marks on a letter; a tower of them covers the lines beside it.
 */
function readable(text: string): string {
  return cleanText(text.slice(0, ALL_BLOCKS_MAX))
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .replace(/\r\n?/g, '\n')
    .trim();
}

/**
 * Slack formats what stands in `*`, `_`, `~`, makes a quote of a line that begins with `>`, and a picture of `:name:`:
 * outside code they become characters that look alike and do nothing.
 */
function inert(text: string): string {
  return defang(text)
    .split(/(`[^`\n]+`)/)
    .map((piece, index) => escapeText(index % 2 === 1 ? piece : unformatted(piece)))
    .join('');
}

/** Code blocks become lines of code: a fence that is cut, or never closed, would swallow what follows. */
function withoutFences(text: string): string {
  return text
    .replace(/(?<!`)`{3,}[\w-]*\n([^`]*?)\n?[ \t]*`{3,}/g, (_block, content: string) =>
      content.replace(/^.*\S.*$/gm, '`$&`'),
    )
    .replace(/`{2,}/g, '`');
}

function unformatted(text: string): string {
  return text
    .replace(/^#{1,6} +/gm, '')
    .replace(/\*\*(?=\S)|(?<=\S)\*\*/g, '')
    .replace(/(?<!\s|^)\*|\*(?!\s|$)/gm, '∗')
    .replace(/(?<![\p{L}\p{M}\p{N}_])_|_(?![\p{L}\p{N}_])/gu, '＿')
    .replace(/^>/gm, '›')
    .replace(/(?<![\p{L}\p{N}_]):(?=[a-z0-9_+'-]{1,100}:(?![\p{L}\p{N}_]))/giu, '꞉')
    .replaceAll('~', '∼')
    .replaceAll('`', 'ˋ');
}
