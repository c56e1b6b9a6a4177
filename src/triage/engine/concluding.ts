import type { Conversation, Refusal } from '../../domain/conversation';
import type { EndedBy, Outcome } from '../../domain/triage';

type Limit = Extract<Refusal, 'tool_budget' | 'token_budget' | 'deadline'>;
/** Why the model was asked to conclude: a limit, or because it got no further. */
type Concluding = Limit | Extract<Refusal, 'tool_failures' | 'already_asked'>;

export function isLimit(concluding: Concluding): concluding is Limit {
  return concluding !== 'tool_failures' && concluding !== 'already_asked';
}

/** The reason for which the model was asked to conclude, if it was. */
export function spentLimit(conversation: Conversation): Concluding | undefined {
  return spentLimitBefore(conversation, Infinity);
}

export function spentLimitBefore(conversation: Conversation, turnSeq: number): Concluding | undefined {
  for (const { refusal, turnSeq: seq } of conversation.toolCalls) {
    if (seq >= turnSeq) continue;
    if (refusal === 'tool_budget' || refusal === 'token_budget' || refusal === 'deadline') return refusal;
    if (refusal === 'tool_failures' || refusal === 'already_asked') return refusal;
  }
  return undefined;
}

/** How a conversation ends whose model gives its analysis. */
export function howItEnded(conversation: Conversation): [Outcome, EndedBy] {
  const limit = spentLimit(conversation);
  return limit && isLimit(limit) ? ['partial', limit] : ['complete', 'answer'];
}
