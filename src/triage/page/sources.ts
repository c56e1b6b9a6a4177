import type { Conversation, Handle, ToolUseBlock } from '../../domain/conversation';
import { type EvidenceViewers, evidenceLink } from '../../domain/evidence-link';
import { sentTexts } from '../../domain/sent-texts';
import { html, type Html } from './html';

/** What a handle stands for. */
export interface Source {
  /** Where on the page its text stands. */
  readonly anchor: string;
  /** Where the same data is looked at outside. */
  readonly url?: string;
}

export type Sources = ReadonlyMap<Handle, Source>;

/**
 * Every handle that has its place on the page: the sections of the opening message, and the calls.
 * @param viewers absent: nothing leads out of the page
 */
export function sourcesOf(conversations: readonly Conversation[], viewers: EvidenceViewers | undefined): Sources {
  return new Map(
    conversations.flatMap((conversation) => [
      ...openingSections(conversation).map(({ handle }): [Handle, Source] => [handle, { anchor: handle }]),
      ...callsOf(conversation).map(({ handle }): [Handle, Source] => {
        const call = conversation.toolCalls.find((one) => one.handle === handle);
        return [handle, { anchor: handle, url: viewers && call && evidenceLink(call, viewers) }];
      }),
    ]),
  );
}

/** The sections of the opening message, in their order. */
export function openingSections(conversation: Conversation): { handle: Handle; source: string; text: string }[] {
  return [...sentTexts({ ...conversation, toolCalls: [] }).values()];
}

function callsOf({ turns }: Conversation): ToolUseBlock[] {
  return turns.flatMap(({ blocks }) => blocks.filter((block) => block.type === 'tool_use'));
}

/** The model may cite what does not exist: then it is text, not a link to nowhere. */
export function handleLink(source: string, sources: Sources): Html {
  if (source.trim() === '') return html`source not given`;
  const known = sources.get(source);
  return known === undefined ? html`<code>${source}</code>` : html`<a href="#${known.anchor}">${source}</a>`;
}

/** The same query over the same range, where a person can look around it. */
export function outsideLink(url: string | undefined): Html | undefined {
  return url === undefined ? undefined : html`<a href="${url}" rel="noreferrer">look at the data</a>`;
}
