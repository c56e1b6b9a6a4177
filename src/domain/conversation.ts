/**
 * A conversation with a language model in neutral words. Beside each turn stands its `wire` text: the vendor's own
 * form, stored once and sent again as it is, because a prefix that differs in one byte costs the prompt cache and may
 * be refused.
 */

/** Where a piece of outside text stands: `o1` … for the opening message's sections, `r1` … for tool results. */
export type Handle = string;

export type Block = TextBlock | ThinkingBlock | ToolUseBlock | ToolResultBlock;

export interface TextBlock {
  readonly type: 'text';
  readonly text: string;
}

/** What the model let us see of its reasoning; may be empty, and goes back as it came. */
export interface ThinkingBlock {
  readonly type: 'thinking';
  readonly text: string;
}

export interface ToolUseBlock {
  readonly type: 'tool_use';
  /** The handle its result will have. */
  readonly handle: Handle;
  /** The vendor's id of this call, as it stands in the wire: a column like any other, never a key. */
  readonly vendorId: string;
  /** The model gave this call the id of an earlier one of the same answer. */
  readonly repeatsId?: true;
  readonly name: string;
  /** As the model gave it: anything until the tool's own schema has read it. */
  readonly input: unknown;
}

export interface ToolResultBlock {
  readonly type: 'tool_result';
  readonly handle: Handle;
  readonly vendorId: string;
  readonly status: ToolStatus;
  /** Exactly the text that the model is given. */
  readonly text: string;
}

/** `no_data` is a finding (the query worked and found nothing); `failed` is our failure or a wrong call. */
export const TOOL_STATUSES = ['ok', 'no_data', 'failed'] as const;
export type ToolStatus = (typeof TOOL_STATUSES)[number];

/** Why the model ended its turn. Every member has one path in the engine; `unknown` keeps the union total. */
export const STOP_REASONS = [
  'end_turn',
  'tool_use',
  'max_tokens',
  'pause_turn',
  'refusal',
  'context_full',
  'stop_sequence',
  'unknown',
] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** Tokens of one model call. The whole prompt is input + cache read + cache write. */
export interface Usage {
  /** Uncached input. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

export interface UserTurn {
  readonly role: 'user';
  readonly seq: number;
  readonly at: Date;
  readonly wire: string;
  readonly blocks: readonly Block[];
}

export interface AssistantTurn {
  readonly role: 'assistant';
  readonly seq: number;
  readonly at: Date;
  readonly wire: string;
  readonly blocks: readonly Block[];
  readonly stopReason: StopReason;
  /**
   * More about the stop, in the vendor's words: the category of a refusal, the name of an unknown reason. It is not
   * stored: only the attempt that got the answer knows it.
   */
  readonly stopDetail?: string;
  readonly usage: Usage;
  /** The model that answered, in the vendor's words. */
  readonly model: string;
  /** US dollars; null when the model has no known price. */
  readonly costUsd: number | null;
  readonly durationMs: number;
}

export type Turn = UserTurn | AssistantTurn;

/** Why a call was answered without being run. */
export type Refusal =
  | 'tool_budget'
  | 'token_budget'
  | 'deadline'
  | 'tool_failures' /* three turns in a row brought nothing but failures */
  | 'already_asked' /* this very call was answered twice before */
  | 'id_repeated' /* the same answer holds another call of its id */
  | 'report_submitted' /* the same turn submits the report */
  | 'answer_cut' /* the answer that asked for it was cut off */
  | 'stop_unknown' /* the answer that asked for it ended for a reason that Vigil does not know */
  | 'not_run'; /* the conversation ends here */

/** The stored end of one tool call. */
export interface ToolCallRecord {
  /** The turn that asked for it. */
  readonly turnSeq: number;
  /** Its place among that turn's calls, from 0. */
  readonly position: number;
  readonly handle: Handle;
  readonly vendorId: string;
  readonly name: string;
  readonly input: unknown;
  readonly status: ToolStatus;
  /** Exactly the text that is sent to the model. */
  readonly text: string;
  /** Size of the whole result before it was fitted, in bytes. */
  readonly bytes: number;
  readonly durationMs: number;
  /** Set when the call was not run. */
  readonly refusal?: Refusal;
}

export interface Conversation {
  readonly id: string;
  readonly triageId: string;
  readonly purpose: 'investigation';
  readonly provider: string;
  /** The model that is asked, frozen with the prefix. */
  readonly model: string;
  readonly promptVersion: string;
  readonly systemPrompt: string;
  /** System prompt and tools in the vendor's own form, frozen: the same text in every request. */
  readonly prefix: string;
  /** Without gaps, from 0; the first is the opening message, a user turn. */
  readonly turns: readonly Turn[];
  /** In the order of turn and position. */
  readonly toolCalls: readonly ToolCallRecord[];
  /** The conversation in whose place this one was begun: its results are cited here, and it counts to the budget. */
  readonly earlier?: Conversation;
}

/** The calls of a conversation and before them those of the one that it goes on from. */
export function recordedCalls({ earlier, toolCalls }: Conversation): readonly ToolCallRecord[] {
  return earlier ? [...earlier.toolCalls, ...toolCalls] : toolCalls;
}
