import { type AssistantTurn, type Conversation, recordedCalls } from '../../domain/conversation';
import { SUBMIT_REPORT } from '../../domain/report';

/** What one triage may use up. */
export interface BudgetLimits {
  readonly maxToolCalls: number;
  readonly maxInputTokens: number;
  readonly maxOutputTokens: number;
}

/** What is left of it, time included. */
export interface Budget {
  readonly limits: BudgetLimits;
  /** Running time until the deadline, milliseconds. */
  readonly remainingMs: number;
  /** The share of the deadline that is kept for the concluding answer, milliseconds. */
  readonly concludingMs: number;
}

/** The longest answer that is asked for, in tokens; twice this after one that was cut. */
export const ANSWER_MAX_TOKENS = 8_192;
/** Kept back from the output budget for the concluding answer, in tokens. */
const CONCLUSION_TOKENS = 4_096;
/** Below this an answer cannot say anything useful. */
const ANSWER_MIN_TOKENS = 512;
/** The most that one fitted tool result adds to the prompt, in tokens. */
const RESULT_MAX_TOKENS = 4_500;
/** What answering a call with "the budget is spent" adds, in tokens. */
const REFUSAL_TOKENS = 120;

/** A cautious estimate: English text has about four characters a token, digits and punctuation fewer, other scripts about one. */
const CHARACTERS_PER_TOKEN = 3;

/** What the conversation has used together with the one that it goes on from, by the vendor's own count. */
export interface Spent {
  readonly toolCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What the next request would hold, as far as it is known now. */
  readonly nextPromptTokens: number;
}

export function spentBy(conversation: Conversation): Spent {
  const answers = answersOf(conversation);
  const last = answers.at(-1);
  const all = [...answersOf(conversation.earlier), ...answers];
  return {
    toolCalls: recordedCalls(conversation).filter((call) => !call.refusal && call.name !== SUBMIT_REPORT).length,
    inputTokens: all.reduce((sum, turn) => sum + promptTokens(turn), 0),
    outputTokens: all.reduce((sum, turn) => sum + turn.usage.outputTokens, 0),
    nextPromptTokens: last
      ? promptTokens(last) + last.usage.outputTokens + tokensSince(conversation, last)
      : estimateTokens(conversation.prefix) + estimateTokens(conversation.turns[0]?.wire ?? ''),
  };
}

function answersOf(conversation: Conversation | undefined): AssistantTurn[] {
  return conversation?.turns.filter((turn) => turn.role === 'assistant') ?? [];
}

/** Results that are recorded but not yet sent count as well: they will be sent. */
function tokensSince(conversation: Conversation, last: AssistantTurn): number {
  const next = conversation.turns[last.seq + 1];
  if (next) return estimateTokens(next.wire);
  return conversation.toolCalls
    .filter((call) => call.turnSeq === last.seq)
    .reduce((sum, call) => sum + estimateTokens(call.text), 0);
}

function promptTokens({ usage }: AssistantTurn): number {
  return usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
}

function estimateTokens(text: string): number {
  const others = text.match(/[^\0-\x7f]/g)?.length ?? 0;
  return Math.ceil((text.length - others) / CHARACTERS_PER_TOKEN) + others;
}

/**
 * How many of `pending` calls can be run so that the answer to them and, after that, the concluding answer still fit
 * into the budget; and which limit says no to the rest.
 */
export function affordableCalls(
  spent: Spent,
  { limits, remainingMs, concludingMs }: Budget,
  pending: number,
): { readonly count: number; readonly limit: 'tool_budget' | 'token_budget' | 'deadline' } {
  if (remainingMs <= concludingMs) return { count: 0, limit: 'deadline' };
  if (spent.outputTokens + ANSWER_MIN_TOKENS + CONCLUSION_TOKENS > limits.maxOutputTokens) {
    return { count: 0, limit: 'token_budget' };
  }
  // Two more requests: the one with the results, and the concluding one that also holds its answer.
  const fixed = 2 * spent.nextPromptTokens + ANSWER_MAX_TOKENS + pending * REFUSAL_TOKENS;
  const free = limits.maxInputTokens - spent.inputTokens - fixed;
  const byTokens = Math.max(0, Math.floor(free / (2 * RESULT_MAX_TOKENS)));
  const byCalls = Math.max(0, limits.maxToolCalls - spent.toolCalls);
  return byCalls <= byTokens
    ? { count: Math.min(pending, byCalls), limit: 'tool_budget' }
    : { count: Math.min(pending, byTokens), limit: 'token_budget' };
}

/** The longest answer that the next request may bring, or none when no request fits any more. */
export function affordableAnswer(
  spent: Spent,
  { limits }: Budget,
  options: { readonly concluding: boolean; readonly afterCut: boolean },
): number | undefined {
  if (spent.inputTokens + spent.nextPromptTokens > limits.maxInputTokens) return undefined;
  const reserve = options.concluding ? 0 : CONCLUSION_TOKENS;
  const left = limits.maxOutputTokens - spent.outputTokens;
  const cap = options.afterCut ? 2 * ANSWER_MAX_TOKENS : ANSWER_MAX_TOKENS;
  const tokens = Math.min(cap, Math.max(left - reserve, Math.min(left, ANSWER_MIN_TOKENS)));
  return tokens >= Math.min(ANSWER_MIN_TOKENS, limits.maxOutputTokens) && tokens > 0 ? tokens : undefined;
}
