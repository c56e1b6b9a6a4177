import { clipped } from '../../domain/clipped';
import type {
  AssistantTurn,
  Block,
  Conversation,
  ToolCallRecord,
  ToolUseBlock,
  Turn,
  UserTurn,
} from '../../domain/conversation';
import { assertNever } from '../../domain/errors';
import { type EvidenceViewers, evidenceLink } from '../../domain/evidence-link';
import { countInWords, dollarsInWords, durationInWords, momentInWords } from '../../domain/in-words';
import { html, type Html, proseHtml } from './html';

/** The place on the page where the opening message stands: the sections `o1`, `o2` … are inside it. */
const OPENING = 'opening';

/** What a handle stands for. */
export interface Source {
  /** Where on the page its text stands. */
  readonly anchor: string;
  /** Where the same data is looked at outside. */
  readonly url?: string;
}

/** @param viewers absent: nothing leads out of the page */
export function sourcesOf(
  conversations: readonly Conversation[],
  viewers: EvidenceViewers | undefined,
): ReadonlyMap<string, Source> {
  return new Map(
    conversations.flatMap(({ turns, toolCalls }) => [
      ...openingHandles(turns[0]).map((handle): [string, Source] => [handle, { anchor: OPENING }]),
      ...toolCalls.map((call): [string, Source] => [
        call.handle,
        { anchor: call.handle, url: viewers && evidenceLink(call, viewers) },
      ]),
    ]),
  );
}

function openingHandles(opening: Turn | undefined): string[] {
  const text = (opening?.blocks ?? []).map((block) => (block.type === 'text' ? block.text : '')).join('\n');
  return Array.from(text.matchAll(/^\[(o\d+)\]/gm), ([, handle]) => handle ?? '');
}

/** The conversation behind a report: what was asked, what came back, what it took. */
export function conversationSection(conversation: Conversation): Html {
  return html`<section>
    <h2>The conversation behind it</h2>
    <p class="soft">
      ${conversation.purpose} by ${conversation.model} (${conversation.provider}), instructions
      ${conversation.promptVersion}
    </p>
    ${folded('The instructions that the model works by', conversation.systemPrompt)}
    ${conversation.turns.map((turn) => turnSection(turn, conversation.toolCalls))}
  </section>`;
}

function turnSection(turn: Turn, calls: readonly ToolCallRecord[]): Html {
  return turn.role === 'user' ? userTurn(turn) : assistantTurn(turn, calls);
}

/** Tool results stand with their calls: a turn that holds nothing else is not shown again. */
function userTurn(turn: UserTurn): Html {
  const texts = turn.blocks.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  if (texts.length === 0) return html``;
  const opening = turn.seq === 0;
  return html`<div class="turn">
    <h3>Vigil</h3>
    ${when(turn.at)}
    ${
      opening
        ? html`<details id="${OPENING}">
            <summary>The opening message: the alert and what was known</summary>
            <pre>${texts.join('\n\n')}</pre>
          </details>`
        : texts.map((text) => html`<p>${text}</p>`)
    }
  </div>`;
}

function assistantTurn(turn: AssistantTurn, calls: readonly ToolCallRecord[]): Html {
  const ours = calls.filter((call) => call.turnSeq === turn.seq);
  return html`<div class="turn">
    <h3>Model</h3>
    ${when(turn.at)}
    <span class="soft"> · ${expense(turn)}</span>
    ${turn.blocks.map((block) => blockHtml(block, ours))} ${unusualEnd(turn)}
  </div>`;
}

function when(at: Date): Html {
  return html`<time class="soft" datetime="${at.toISOString()}">${momentInWords(at)}</time>`;
}

function expense({ usage, durationMs, costUsd }: AssistantTurn): string {
  const prompt = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const cached = usage.cacheReadTokens > 0 ? ` (${usage.cacheReadTokens.toLocaleString('en-US')} from the cache)` : '';
  const parts = [
    `${countInWords(prompt, 'token')} in${cached}`,
    `${usage.outputTokens.toLocaleString('en-US')} out`,
    durationInWords(durationMs),
    ...(costUsd === null ? [] : [dollarsInWords(costUsd)]),
  ];
  return parts.join(' · ');
}

function blockHtml(block: Block, calls: readonly ToolCallRecord[]): Html {
  switch (block.type) {
    case 'text':
      return html`${proseHtml(block.text)}`;
    case 'thinking':
      return block.text.trim() === '' ? html`` : folded('What the model let us see of its thinking', block.text);
    case 'tool_use':
      return toolCall(
        block,
        calls.find((call) => call.handle === block.handle),
      );
    case 'tool_result':
      return html``;
    default:
      return assertNever(block);
  }
}

function toolCall(use: ToolUseBlock, call: ToolCallRecord | undefined): Html {
  return html`<details id="${use.handle}">
    <summary>
      <code>${use.handle}</code> <strong>${use.name}</strong>
      <span class="soft">${call ? resultInWords(call) : 'not answered yet'}</span>
      ${queryLine(use.input)}
    </summary>
    <h4>Asked</h4>
    <pre>${inputText(use.input)}</pre>
    ${
      call &&
      html`<h4>Given to the model</h4>
        <pre>${call.text}</pre>`
    }
  </details>`;
}

function resultInWords(call: ToolCallRecord): Html {
  const status = { ok: 'answered', no_data: 'no data', failed: 'failed' }[call.status];
  if (call.refusal) return html`<span class="failed">not run</span>`;
  return html`<span class="${call.status}">${status}</span> in ${durationInWords(call.durationMs)},
    ${countInWords(call.bytes, 'byte')}`;
}

/** Characters; the whole of it stands below, unfolded. */
const QUERY_SHOWN_MAX = 300;

/** The query is what a reader looks for: it is shown without unfolding. */
function queryLine(input: unknown): Html | undefined {
  const query = typeof input === 'object' && input !== null ? (input as { query?: unknown }).query : undefined;
  return typeof query === 'string' ? html`<span class="query">${clipped(query, QUERY_SHOWN_MAX)}</span>` : undefined;
}

function inputText(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input, null, 2);
}

/** The model's turn ended in another way than by an answer or a question. */
function unusualEnd({ stopReason }: AssistantTurn): Html | undefined {
  if (stopReason === 'end_turn' || stopReason === 'tool_use') return undefined;
  return html`<p class="soft">This turn ended with ${stopReason.replaceAll('_', ' ')}.</p>`;
}

function folded(title: string, text: string): Html {
  return html`<details>
    <summary>${title}</summary>
    <pre>${text}</pre>
  </details>`;
}
