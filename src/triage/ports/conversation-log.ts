import type { AssistantTurn, Conversation, ToolCallRecord, UserTurn } from '../../domain/conversation';
import type { Lease } from './triage-queue';

/** A conversation before its first turn is stored. A triage has one, or a second one that goes on from it. */
export type NewConversation = Omit<Conversation, 'turns' | 'toolCalls' | 'id'>;

/** A turn as the engine gives it to the record, which adds the time. */
export type NewUserTurn = Omit<UserTurn, 'at' | 'role' | 'seq'>;
export type NewAssistantTurn = Omit<AssistantTurn, 'at'> & {
  readonly responseId?: string;
  readonly attempts: number;
  /** What it counts against the day's money, where that is not its cost. */
  readonly countedUsd?: number;
};

/**
 * The memory of a triage, and its only one. What the model said is recorded before it is acted on, a tool's result
 * before it is sent; an act that could not be recorded did not happen. Every method that writes throws LeaseLost when
 * another worker holds the triage.
 */
export abstract class ConversationLog {
  /** The conversation so far, the second one where there are two; or none. */
  abstract load(triageId: string): Promise<Conversation | undefined>;
  /** Stores it with its opening message, in one transaction. */
  abstract open(lease: Lease, conversation: NewConversation, opening: NewUserTurn): Promise<Conversation>;
  /** `seq` is the next free number: a second turn of the same number is refused by the key. */
  abstract recordUserTurn(lease: Lease, conversation: Conversation, turn: NewUserTurn): Promise<Conversation>;
  abstract recordAssistantTurn(lease: Lease, conversation: Conversation, turn: NewAssistantTurn): Promise<Conversation>;
  /** `full`: the whole result where `call.text` shows less of it. */
  abstract recordToolCall(
    lease: Lease,
    conversation: Conversation,
    call: ToolCallRecord,
    full?: string,
  ): Promise<Conversation>;
}
