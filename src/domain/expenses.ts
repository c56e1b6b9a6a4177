import type { AssistantTurn, Conversation } from './conversation';
import { SUBMIT_REPORT } from './report';
import type { Expenses } from './triage';

/** What the conversations have cost. Undefined while no model has answered: nothing is known then, not zero. */
export function expenses(conversations: readonly Conversation[]): Expenses | undefined {
  const replies = conversations
    .flatMap((c) => c.turns)
    .filter((turn): turn is AssistantTurn => turn.role === 'assistant');
  if (replies.length === 0) return undefined;
  const calls = conversations
    .flatMap((conversation) => conversation.toolCalls)
    .filter((call) => call.name !== SUBMIT_REPORT && call.refusal === undefined);
  const tokensInUncached = sum(replies, (turn) => turn.usage.inputTokens);
  return {
    tokensIn: tokensInUncached + sum(replies, (turn) => turn.usage.cacheReadTokens + turn.usage.cacheWriteTokens),
    tokensInUncached,
    tokensOut: sum(replies, (turn) => turn.usage.outputTokens),
    costUsd: replies.some((turn) => turn.costUsd === null) ? null : sum(replies, (turn) => turn.costUsd ?? 0),
    llmMs: sum(replies, (turn) => turn.durationMs),
    toolMs: sum(calls, (call) => call.durationMs),
    toolCalls: calls.length,
    toolsUsed: [...new Set(calls.map((call) => call.name))],
  };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
