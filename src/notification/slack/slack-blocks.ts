import { CONTEXT_TEXT_MAX, HEADER_MAX, SECTION_MAX } from './slack-limits';
import { clip } from './slack-text';

/** The few kinds of Block Kit blocks that a report needs. All texts in them are escaped already. */
export type SlackBlock = HeaderBlock | SectionBlock | ContextBlock;

interface HeaderBlock {
  readonly type: 'header';
  readonly text: { readonly type: 'plain_text'; readonly text: string; readonly emoji: false };
}

interface SectionBlock {
  readonly type: 'section';
  readonly text: MrkdwnText;
}

interface ContextBlock {
  readonly type: 'context';
  readonly elements: readonly MrkdwnText[];
}

/** `verbatim`: Slack makes no links and mentions of its own out of words that look like some. */
interface MrkdwnText {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

export interface SlackMessage {
  /** What a push message shows and a screen reader says; one line. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  /** Unfurling would make Slack fetch a URL that an attacker may have written. */
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: { type: 'plain_text', text: clip(text, HEADER_MAX), emoji: false } };
}

/** No block at all for an empty text: Slack refuses a section without a character. */
export function section(text: string): SectionBlock[] {
  return text === '' ? [] : [{ type: 'section', text: mrkdwn(text, SECTION_MAX) }];
}

/** Lines as few sections. No line is cut: what does not fit into one section begins the next. Empty lines are none. */
export function sections(lines: readonly string[]): SectionBlock[] {
  const texts: string[] = [];
  for (const line of lines.filter(Boolean)) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= SECTION_MAX)
      texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.flatMap(section);
}

export function context(text: string): ContextBlock[] {
  return text === '' ? [] : [{ type: 'context', elements: [mrkdwn(text, CONTEXT_TEXT_MAX)] }];
}

function mrkdwn(text: string, max: number): MrkdwnText {
  return { type: 'mrkdwn', text: clip(text, max), verbatim: true };
}
