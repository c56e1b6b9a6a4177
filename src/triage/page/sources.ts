import type { Conversation, Handle, ToolUseBlock } from '../../domain/conversation';
import { evidenceLinks, type EvidenceViewers } from '../../domain/evidence-link';
import type { Evidence } from '../../domain/report';
import { type SentText, sentTexts } from '../../domain/sent-texts';
import { html, type Html } from './html';

/** What the handles of a page stand for. */
export interface Sources {
  /** Those that have their place on the page, under their own name. */
  readonly handles: ReadonlySet<Handle>;
  /** Where the same data is looked at outside. */
  linkOf(piece: Pick<Evidence, 'source' | 'quote'>): string | undefined;
}

/** A link is part of every piece of evidence that cites its query; one of this length has never been of use. Characters. */
const LINK_MAX = 8_000;

/**
 * The sections of the opening message, and the calls.
 * @param viewers absent: nothing leads out of the page
 */
export function sourcesOf(conversations: readonly Conversation[], viewers: EvidenceViewers | undefined): Sources {
  const handles = conversations.flatMap((conversation) =>
    [...openingSections(conversation), ...callsOf(conversation)].map(({ handle }) => handle),
  );
  const linkOf = viewers && evidenceLinks(conversations, viewers);
  return {
    handles: new Set(handles),
    linkOf: (piece) => {
      const url = linkOf?.(piece);
      return url !== undefined && url.length <= LINK_MAX ? url : undefined;
    },
  };
}

/** The sections of the opening message, in their order. */
export function openingSections(conversation: Conversation): SentText[] {
  return [...sentTexts({ ...conversation, toolCalls: [] }).values()];
}

function callsOf({ turns }: Conversation): ToolUseBlock[] {
  return turns.flatMap(({ blocks }) => blocks.filter((block) => block.type === 'tool_use'));
}

/** The model may cite what does not exist: then it is text, not a link to nowhere. */
export function handleLink(source: string, sources: Sources): Html {
  if (source.trim() === '') return html`source not given`;
  return sources.handles.has(source) ? html`<a href="#${source}">${source}</a>` : html`<code>${source}</code>`;
}

/** The same query over the same range, where a person can look around it. */
export function outsideLink(url: string | undefined): Html | undefined {
  return url === undefined ? undefined : html`<a href="${url}" rel="noreferrer">look at the data</a>`;
}
