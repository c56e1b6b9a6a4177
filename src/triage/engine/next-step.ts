import type {
  AssistantTurn,
  Conversation,
  Refusal,
  ToolCallRecord,
  ToolUseBlock,
  Turn,
} from '../../domain/conversation';
import { assertNever } from '../../domain/errors';
import { type Report, SUBMIT_REPORT } from '../../domain/report';
import type { EndedBy, Outcome } from '../../domain/triage';
import { affordableAnswer, affordableCalls, type Budget, spentBy } from './budget';
import { parseReport } from './submit-report';

/** A tool call that has no recorded result yet. */
export interface PendingCall {
  readonly turnSeq: number;
  /** Its place among the calls of its turn. */
  readonly position: number;
  readonly call: ToolUseBlock;
}

/** The next act. Each is recorded before the next one is chosen. */
export type NextStep =
  | { readonly step: 'call-model'; readonly maxOutputTokens: number }
  | { readonly step: 'run-tools'; readonly calls: readonly PendingCall[] }
  | { readonly step: 'take-report'; readonly call: PendingCall }
  /** Answers calls without running them; for a spent budget this asks for the report. */
  | { readonly step: 'refuse'; readonly calls: readonly PendingCall[]; readonly refusal: Refusal }
  /** All calls of the last turn have their results: they become the next user turn. */
  | { readonly step: 'send-results' }
  /** The model stopped without a report: one sentence asks for it. */
  | { readonly step: 'nudge'; readonly nudge: Nudge }
  | { readonly step: 'finish'; readonly finish: Finish };

export type Nudge = 'submit_report' | 'go_on';

/** How the conversation ends. Without a report the model's last text, or what was found, is the analysis. */
export interface Finish {
  readonly outcome: Outcome;
  readonly endedBy: EndedBy;
  readonly report?: Report;
}

/** A model that pauses this often in a row is not going to answer. */
const MAX_PAUSES = 5;
const MAX_FAILED_TURNS = 3;
/** A report that is refused twice is not asked for again. */
const MAX_BAD_REPORTS = 2;

/** What to do next, from the conversation alone: to resume after a crash is to ask again. */
export function nextStep(conversation: Conversation, budget: Budget): NextStep {
  const last = conversation.turns.at(-1)!;
  return last.role === 'user' ? afterUser(conversation, budget) : afterAssistant(conversation, last, budget);
}

function afterUser(conversation: Conversation, budget: Budget): NextStep {
  const beforeItsEnd = withoutClosing(conversation);
  if (beforeItsEnd) return nextStep(beforeItsEnd, budget);
  const report = acceptedReport(conversation);
  if (report) return finish(...howItEnded(conversation), report);
  if (badReports(conversation) >= MAX_BAD_REPORTS) return finish('partial', 'answer');
  return callModel(conversation, budget);
}

/** An end that was recorded and not yet settled stays the end: the conversation as it was when it was chosen. */
function withoutClosing(conversation: Conversation): Conversation | undefined {
  const asked = conversation.turns.length - 2;
  const closes = (call: ToolCallRecord): boolean => call.turnSeq === asked && call.refusal === 'not_run';
  if (!conversation.toolCalls.some(closes)) return undefined;
  const toolCalls = conversation.toolCalls.filter((call) => !closes(call));
  return { ...conversation, turns: conversation.turns.slice(0, -1), toolCalls };
}

function callModel(conversation: Conversation, budget: Budget): NextStep {
  if (budget.remainingMs <= 0) return finish('partial', 'deadline');
  const concluding = spentLimit(conversation) !== undefined || budget.remainingMs <= budget.concludingMs;
  const afterCut = lastAnswer(conversation)?.stopReason === 'max_tokens';
  const maxOutputTokens = affordableAnswer(spentBy(conversation), budget, { concluding, afterCut });
  return maxOutputTokens ? { step: 'call-model', maxOutputTokens } : finish('partial', 'token_budget');
}

function afterAssistant(conversation: Conversation, turn: AssistantTurn, budget: Budget): NextStep {
  const pending = pendingCalls(conversation, turn);
  switch (turn.stopReason) {
    case 'refusal':
      return finish('failed', 'refusal');
    case 'context_full':
      return finish('partial', 'context_full');
    case 'max_tokens':
      return afterCutAnswer(conversation, turn, pending);
    case 'pause_turn':
      return pausesInARow(conversation) <= MAX_PAUSES ? callModel(conversation, budget) : finish('partial', 'answer');
    case 'tool_use':
    case 'end_turn':
    case 'stop_sequence':
    case 'unknown':
      return callsOf(turn).length > 0 ? afterCalls(conversation, pending, budget) : afterText(conversation, turn);
    default:
      return assertNever(turn.stopReason);
  }
}

function afterCalls(conversation: Conversation, pending: readonly PendingCall[], budget: Budget): NextStep {
  if (pending.length === 0) return { step: 'send-results' };

  const submission = pending.find(({ call }) => call.name === SUBMIT_REPORT);
  if (submission) return { step: 'take-report', call: submission };
  if (submitsReport(conversation)) return { step: 'refuse', calls: pending, refusal: 'report_submitted' };

  const askedBefore = spentLimitBefore(conversation, pending[0]!.turnSeq);
  if (askedBefore) return finish('partial', askedBefore === 'tool_failures' ? 'answer' : askedBefore);
  if (failedTurnsInARow(conversation) >= MAX_FAILED_TURNS) {
    return { step: 'refuse', calls: pending, refusal: 'tool_failures' };
  }

  const { count, limit } = affordableCalls(spentBy(conversation), budget, pending.length);
  if (count > 0) return { step: 'run-tools', calls: pending.slice(0, count) };
  return { step: 'refuse', calls: pending, refusal: limit };
}

/** One nudge; then the text is the analysis. */
function afterText(conversation: Conversation, turn: AssistantTurn): NextStep {
  if (!isNudge(conversation.turns[turn.seq - 1])) return { step: 'nudge', nudge: 'submit_report' };
  const hasText = turn.blocks.some((block) => block.type === 'text' && block.text.trim() !== '');
  const [outcome, endedBy] = howItEnded(conversation);
  return hasText ? finish(outcome, endedBy) : finish('partial', endedBy);
}

/** An answer that was cut is asked for once more, with a larger cap; its calls may be half and are not run. */
function afterCutAnswer(conversation: Conversation, turn: AssistantTurn, pending: readonly PendingCall[]): NextStep {
  if (answersBefore(conversation, turn)?.stopReason === 'max_tokens') return finish('partial', 'token_budget');
  if (pending.length > 0) return { step: 'refuse', calls: pending, refusal: 'answer_cut' };
  return callsOf(turn).length > 0 ? { step: 'send-results' } : { step: 'nudge', nudge: 'go_on' };
}

function finish(outcome: Outcome, endedBy: EndedBy, report?: Report): NextStep {
  return { step: 'finish', finish: { outcome, endedBy, report } };
}

/** The calls of the last answer that have no result: what a loop that stops here leaves open. */
export function openCalls(conversation: Conversation): readonly PendingCall[] {
  const last = conversation.turns.at(-1);
  return last?.role === 'assistant' ? pendingCalls(conversation, last) : [];
}

function pendingCalls(conversation: Conversation, turn: AssistantTurn): PendingCall[] {
  const answered = new Set(
    conversation.toolCalls.filter((call) => call.turnSeq === turn.seq).map((call) => call.position),
  );
  return callsOf(turn)
    .map((call, position) => ({ turnSeq: turn.seq, position, call }))
    .filter(({ position }) => !answered.has(position));
}

function callsOf(turn: Turn): ToolUseBlock[] {
  return turn.blocks.filter((block) => block.type === 'tool_use');
}

function acceptedReport(conversation: Conversation): Report | undefined {
  const submission = conversation.toolCalls.findLast((call) => call.name === SUBMIT_REPORT && call.status === 'ok');
  if (!submission) return undefined;
  const parsed = parseReport(submission.input);
  return 'report' in parsed ? parsed.report : undefined;
}

function badReports(conversation: Conversation): number {
  return conversation.toolCalls.filter(
    (call) => call.name === SUBMIT_REPORT && call.status === 'failed' && !call.refusal,
  ).length;
}

/** The last answer submits a report, good or bad. */
function submitsReport(conversation: Conversation): boolean {
  return callsOf(conversation.turns.at(-1)!).some((call) => call.name === SUBMIT_REPORT);
}

type SpentLimit = Extract<Refusal, 'tool_budget' | 'token_budget' | 'deadline' | 'tool_failures'>;

/** The limit for which the model was asked to conclude, if it was. */
function spentLimit(conversation: Conversation): SpentLimit | undefined {
  return spentLimitBefore(conversation, Infinity);
}

function spentLimitBefore(conversation: Conversation, turnSeq: number): SpentLimit | undefined {
  for (const { refusal, turnSeq: seq } of conversation.toolCalls) {
    if (seq >= turnSeq) continue;
    if (refusal === 'tool_budget' || refusal === 'token_budget') return refusal;
    if (refusal === 'deadline' || refusal === 'tool_failures') return refusal;
  }
  return undefined;
}

function howItEnded(conversation: Conversation): [Outcome, EndedBy] {
  const limit = spentLimit(conversation);
  if (!limit || limit === 'tool_failures') return ['complete', 'answer'];
  return ['partial', limit];
}

function failedTurnsInARow(conversation: Conversation): number {
  const answered = conversation.turns.filter((turn) => turn.role === 'assistant' && turn !== conversation.turns.at(-1));
  let failed = 0;
  for (const turn of answered.reverse()) {
    const calls = conversation.toolCalls.filter((call) => call.turnSeq === turn.seq && call.name !== SUBMIT_REPORT);
    if (calls.length === 0 || calls.some((call) => call.status !== 'failed')) break;
    failed += 1;
  }
  return failed;
}

function pausesInARow(conversation: Conversation): number {
  const lastOther = conversation.turns.findLastIndex(
    (turn) => turn.role !== 'assistant' || turn.stopReason !== 'pause_turn',
  );
  return conversation.turns.length - 1 - lastOther;
}

function isNudge(turn: Turn | undefined): boolean {
  return turn?.role === 'user' && turn.seq > 0 && turn.blocks.every((block) => block.type === 'text');
}

function lastAnswer(conversation: Conversation): AssistantTurn | undefined {
  return conversation.turns.findLast((turn) => turn.role === 'assistant');
}

function answersBefore(conversation: Conversation, turn: AssistantTurn): AssistantTurn | undefined {
  return conversation.turns.slice(0, turn.seq).findLast((earlier) => earlier.role === 'assistant');
}
