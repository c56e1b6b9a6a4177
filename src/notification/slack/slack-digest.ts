import type { DigestedReport } from '../../domain/digest';
import { countInWords } from '../../domain/in-words';
import { VERDICT_TITLES } from '../../domain/verdict';
import type { LinkedItem } from '../message';
import { severityColour } from './severity-colour';
import { header, section, sections, type SlackBlock, type SlackMessage } from './slack-blocks';
import { ALL_BLOCKS_MAX, PLAIN_MESSAGE_MAX, PREVIEW_MAX } from './slack-limits';
import { noticePreview } from './slack-notice';
import { clip, link, proseLine } from './slack-text';

/** Nobody reads further, and more than about this many do not fit. */
const ITEMS_MAX = 50;
const NAME_MAX = 100;
const GIST_MAX = 160;

/** One message that stands for many: counts first, then a line for each, the weightiest first, as far as they fit. */
export function slackDigest(items: readonly LinkedItem[]): SlackMessage {
  const lines = items.slice(0, ITEMS_MAX).map(lineOf);
  for (let shown = lines.length; ; shown = Math.floor(shown * 0.8)) {
    const blocks = layout(items, lines.slice(0, shown));
    if (shown > 0 && JSON.stringify(blocks).length > ALL_BLOCKS_MAX) continue;
    return { text: preview(items), blocks, unfurl_links: false, unfurl_media: false };
  }
}

/** The same without blocks. */
export function plainSlackDigest(items: readonly LinkedItem[]): Omit<SlackMessage, 'blocks'> {
  let text = preview(items);
  for (const [i, line] of items.slice(0, ITEMS_MAX).map(lineOf).entries()) {
    const next = `${text}\n${line}`;
    if (next.length + rest(items.length - i).length + 1 > PLAIN_MESSAGE_MAX) {
      text = `${text}\n${rest(items.length - i)}`;
      break;
    }
    text = next;
  }
  return { text, unfurl_links: false, unfurl_media: false };
}

function layout(items: readonly LinkedItem[], lines: readonly string[]): SlackBlock[] {
  const hidden = items.length - lines.length;
  return [
    header(title(items)),
    ...section(
      'More messages were due in this hour than slack-messages-per-hour allows: this one stands for the rest, the most severe first.',
    ),
    ...section(counts(items)),
    ...sections(hidden > 0 ? [...lines, rest(hidden)] : lines),
  ];
}

function title(items: readonly LinkedItem[]): string {
  const reports = reportsOf(items).length;
  const notices = items.length - reports;
  return `Digest: ${[countInWords(reports, 'report'), ...(notices > 0 ? [countInWords(notices, 'notice')] : [])].join(', ')}`;
}

function preview(items: readonly LinkedItem[]): string {
  return clip(`${title(items)}: ${counts(items).replaceAll('\n', '; ')}`, PREVIEW_MAX);
}

function counts(items: readonly LinkedItem[]): string {
  const reports = reportsOf(items);
  const severities = tally(reports.map(({ severity }) => clip(proseLine(severity ?? '') || 'no severity', 40)));
  const verdicts = tally(reports.map(({ verdict }) => VERDICT_TITLES[verdict]));
  return [severities, verdicts].filter(Boolean).join('\n');
}

/** `12 critical · 29 warning`, in the order in which they first appear: the weightiest first. */
function tally(words: readonly string[]): string {
  const count = new Map<string, number>();
  for (const word of words) count.set(word, (count.get(word) ?? 0) + 1);
  const parts = [...count].map(([word, times]) => `${times} × ${word}`);
  return clip(parts.join(' · '), 600);
}

function reportsOf(items: readonly LinkedItem[]): DigestedReport[] {
  return items.filter((item) => item.kind === 'report');
}

function lineOf(item: LinkedItem): string {
  if (item.kind === 'notice') return `• :warning: ${noticePreview(item.notice)}`;
  const name = clip(proseLine(item.alertName) || 'alert without a name', NAME_MAX);
  const gist = clip(proseLine(item.gist ?? ''), GIST_MAX);
  const page = item.link === undefined ? undefined : link(item.link, 'read it');
  return [
    `• ${severityColour(item.severity ?? '')} *${VERDICT_TITLES[item.verdict]}*: ${name}${gist && `: ${gist}`}`,
    ...(page ? [page] : []),
  ].join(' · ');
}

function rest(hidden: number): string {
  return `• and ${hidden.toLocaleString('en-US')} more: GET /api/v1/triage lists them all`;
}
