import type { Block } from '../../domain/conversation';
import { Defect } from '../../domain/errors';
import type { ModelRequest, ToolSpec } from '../language-model';
import { EMPTY_TURN } from './message-stream';

const CACHE_MARK = { type: 'ephemeral' };

/**
 * What stays the same in every request of a conversation. The mark behind the system prompt lets triages share tools
 * and system prompt in the vendor's cache.
 */
export function prefixText(model: string, systemPrompt: string, tools: readonly ToolSpec[]): string {
  return JSON.stringify({
    model,
    system: [{ type: 'text', text: systemPrompt, cache_control: CACHE_MARK }],
    tools: tools.map(({ name, description, inputSchema, strict }) => ({
      name,
      description,
      input_schema: inputSchema,
      strict,
    })),
  });
}

/** A user turn. Text is well-formed from here on: the API refuses a lone surrogate, and the turn could never be sent. */
export function userTurnText(blocks: readonly Block[]): string {
  return JSON.stringify({ role: 'user', content: blocks.map(contentOf) });
}

/**
 * The request's body, joined from stored texts, so that what is sent again is the same to the byte. The top-level mark
 * moves the cached part to the end of the conversation by itself. An empty turn of the model's cannot be sent again:
 * the API refuses messages without content, and takes the two user messages around it as one.
 */
export function bodyText({ prefix, wires, maxOutputTokens }: ModelRequest): string {
  const options = JSON.stringify({ max_tokens: maxOutputTokens, stream: true, cache_control: CACHE_MARK });
  const messages = wires.filter((wire) => wire !== EMPTY_TURN).join(',');
  return `{${prefix.slice(1, -1)},${options.slice(1, -1)},"messages":[${messages}]}`;
}

/** The ids of all calls in these turns. */
export function callIds(wires: readonly string[]): Set<string> {
  const turns = wires.map((wire) => JSON.parse(wire) as { content: readonly { type?: unknown; id?: unknown }[] });
  const calls = turns.flatMap(({ content }) => content).filter((block) => block.type === 'tool_use');
  return new Set(calls.map(({ id }) => String(id)));
}

function contentOf(block: Block): Readonly<Record<string, unknown>> {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.text.toWellFormed() };
    case 'tool_result':
      return {
        type: 'tool_result',
        tool_use_id: block.vendorId,
        content: block.text.toWellFormed(),
        ...(block.status === 'failed' && { is_error: true }),
      };
    case 'thinking':
    case 'tool_use':
      throw new Defect('llm.not_a_user_block', `a user turn cannot hold a ${block.type} block`);
  }
}
