import type { AssistantTurn, Conversation, ToolUseBlock, Turn } from '../../domain/conversation';

/** A tool call that has no recorded result yet. */
export interface PendingCall {
  readonly turnSeq: number;
  /** Its place among the calls of its turn. */
  readonly position: number;
  readonly call: ToolUseBlock;
}

export function callsOf(turn: Turn): ToolUseBlock[] {
  return turn.blocks.filter((block) => block.type === 'tool_use');
}

export function pendingCalls(conversation: Conversation, turn: AssistantTurn): PendingCall[] {
  const answered = new Set(
    conversation.toolCalls.filter((call) => call.turnSeq === turn.seq).map((call) => call.position),
  );
  return callsOf(turn)
    .map((call, position) => ({ turnSeq: turn.seq, position, call }))
    .filter(({ position }) => !answered.has(position));
}

/** The calls of the last answer that have no result: what a loop that stops here leaves open. */
export function openCalls(conversation: Conversation): readonly PendingCall[] {
  const last = conversation.turns.at(-1);
  return last?.role === 'assistant' ? pendingCalls(conversation, last) : [];
}
