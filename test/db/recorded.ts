import type { Conversation } from '../../src/domain/conversation';
import type { NewAssistantTurn, NewConversation } from '../../src/triage/ports/conversation-log';
import type { Lease } from '../../src/triage/ports/triage-queue';
import type { Adapters } from './adapters';

/** What a parser and a serialiser would write in another way. */
const WIRE = '{"b":1.0,"10":1,"2":1e2}';

/** What is frozen with a conversation. */
export const CONVERSATION: Omit<NewConversation, 'triageId'> = {
  purpose: 'investigation',
  provider: 'p',
  model: 'm',
  promptVersion: 'v',
  systemPrompt: 's',
  prefix: WIRE,
};

/** Opens the conversation of a claimed triage. */
export function openConversation(by: Adapters, lease: Lease, openingWire = 'o'): Promise<Conversation> {
  const opening = { wire: openingWire, blocks: [{ type: 'text' as const, text: 'o' }] };
  return by.log.open(lease, { ...CONVERSATION, triageId: lease.triageId }, opening);
}

/** An answer that asks for one tool call, `r1`. */
export function anAnswer(over: Partial<NewAssistantTurn> = {}): NewAssistantTurn {
  return {
    role: 'assistant',
    seq: 1,
    wire: WIRE,
    blocks: [{ type: 'tool_use', handle: 'r1', vendorId: 'id', name: 'query_metrics', input: { query: 'up' } }],
    stopReason: 'tool_use',
    usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 3, cacheWriteTokens: 2 },
    model: 'm-1',
    costUsd: 0.25,
    durationMs: 12,
    attempts: 1,
    ...over,
  };
}
