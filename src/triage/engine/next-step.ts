import type {
  AssistantTurn,
  Conversation,
  Refusal,
  ToolCallRecord,
  ToolUseBlock,
  Turn,
} from '../../domain/conversation';
import { assertNever } from '../../domain/errors';
import { SUBMIT_REPORT } from '../../domain/report';
import type { EndedBy, Outcome } from '../../domain/triage';
import { affordableAnswer, affordableCalls, type Budget, spentBy } from './budget';
import { howItEnded, isLimit, spentLimit, spentLimitBefore } from './concluding';
import { hasAcceptedReport, lastReadableReport, unreadableReports } from './given-reports';
import { callsOf, type PendingCall, pendingCalls } from './pending-call';
import { earlierResults, withoutTwins } from './same-call';
import { parseReport } from './submit-report';

/** The next act. Each is recorded before the next one is chosen. */
export type NextStep =
  | { readonly step: 'call-model'; readonly maxOutputTokens: number }
  | { readonly step: 'run-tools'; readonly calls: readonly PendingCall[] }
  /** `stands`: it is the report of the triage, whatever is wrong with it; else its faults go back, once. */
  | { readonly step: 'take-report'; readonly call: PendingCall; readonly stands: boolean }
  /** Answers calls without running them; for a spent budget this asks for the report. */
  | { readonly step: 'refuse'; readonly calls: readonly PendingCall[]; readonly refusal: Refusal }
  /** All calls of the last turn have their results: they become the next user turn. */
  | { readonly step: 'send-results' }
  /** The model stopped without a report: one sentence asks for it. */
  | { readonly step: 'nudge'; readonly nudge: Nudge }
  | { readonly step: 'finish'; readonly finish: Finish };

export type Nudge = 'submit_report' | 'go_on';

/** How the conversation ends when its model has given no report that can be read (ending.ts). */
export interface Finish {
  readonly outcome: Outcome;
  readonly endedBy: EndedBy;
}

/** A model that pauses this often in a row is not going to answer. */
const MAX_PAUSES = 5;
const MAX_FAILED_TURNS = 3;
/** A report that cannot be read in two turns is not asked for again. */
const MAX_BAD_REPORTS = 2;
/** A call that was answered this often is not answered again: the model goes round in circles. */
const MAX_SAME_CALLS = 2;
/**
 * Answers beyond one for each tool call: reports, nudges, pauses, cut answers. No model that works needs as many; the
 * limit holds where a gateway counts no tokens, so that the budget of tokens never ends.
 */
const SPARE_ANSWERS = 12;

/** What to do next, from the conversation alone: to resume after a crash is to ask again. */
export function nextStep(conversation: Conversation, budget: Budget): NextStep {
  const last = conversation.turns.at(-1)!;
  return last.role === 'user' ? afterUser(conversation, budget) : afterAssistant(conversation, last, budget);
}

function afterUser(conversation: Conversation, budget: Budget): NextStep {
  const beforeItsEnd = withoutClosing(conversation);
  if (beforeItsEnd) return nextStep(beforeItsEnd, budget);
  if (hasAcceptedReport(conversation)) return finish(...howItEnded(conversation));
  if (unreadableReports(conversation) >= MAX_BAD_REPORTS) return finish('partial', 'answer');
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
  if (hasEnoughAnswers(conversation, budget)) return finish('partial', 'answer');
  const asked = spentLimit(conversation) !== undefined || lastReadableReport(conversation) !== undefined;
  const concluding = asked || budget.remainingMs <= budget.concludingMs;
  const afterCut = answersOf(conversation).at(-1)?.stopReason === 'max_tokens';
  const maxOutputTokens = affordableAnswer(spentBy(conversation), budget, { concluding, afterCut });
  return maxOutputTokens ? { step: 'call-model', maxOutputTokens } : finish('partial', 'token_budget');
}

function afterAssistant(conversation: Conversation, turn: AssistantTurn, budget: Budget): NextStep {
  const pending = pendingCalls(conversation, turn);
  if (turn.stopReason === 'refusal') return finish('failed', 'refusal');
  if (wholeReport(turn)) return afterReport(conversation, { turn, pending, budget });
  switch (turn.stopReason) {
    case 'context_full':
      return finish('partial', 'context_full');
    case 'max_tokens':
    case 'unknown':
      return afterHalfAnswer(conversation, turn, pending);
    case 'pause_turn':
      if (callsOf(turn).length > 0) return afterCalls(conversation, pending, budget);
      return pausesInARow(conversation) <= MAX_PAUSES ? callModel(conversation, budget) : finish('partial', 'answer');
    case 'tool_use':
    case 'end_turn':
    case 'stop_sequence':
      return callsOf(turn).length > 0 ? afterCalls(conversation, pending, budget) : afterText(conversation, turn);
    default:
      return assertNever(turn.stopReason);
  }
}

interface Submitted {
  readonly turn: AssistantTurn;
  readonly pending: readonly PendingCall[];
  readonly budget: Budget;
}

/** A report that is whole is taken, however its answer ended (a refused one has none): it asks for nothing to be run. */
function afterReport(conversation: Conversation, { turn, pending, budget }: Submitted): NextStep {
  if (pending.length === 0) return { step: 'send-results' };
  const submission = pending.find(({ call }) => call === wholeReport(turn));
  if (!submission) return { step: 'refuse', calls: pending, refusal: 'report_submitted' };
  const stands = lastReadableReport(conversation) !== undefined || !canCorrect(conversation, turn, budget);
  return { step: 'take-report', call: submission, stands };
}

/** Whether there is room and time for another report as long as this one. */
function canCorrect(conversation: Conversation, turn: AssistantTurn, budget: Budget): boolean {
  if (turn.stopReason === 'context_full' || budget.remainingMs <= turn.durationMs) return false;
  if (hasEnoughAnswers(conversation, budget)) return false;
  const tokens = affordableAnswer(spentBy(conversation), budget, { concluding: true, afterCut: false });
  return tokens !== undefined && tokens >= turn.usage.outputTokens;
}

function afterCalls(conversation: Conversation, pending: readonly PendingCall[], budget: Budget): NextStep {
  if (pending.length === 0) return { step: 'send-results' };
  const refuse = (calls: readonly PendingCall[], refusal: Refusal): NextStep => ({ step: 'refuse', calls, refusal });

  const namesakes = pending.filter(({ call }) => call.repeatsId);
  if (namesakes.length > 0) return refuse(namesakes, 'id_repeated');

  const submission = pending.find(({ call }) => call.name === SUBMIT_REPORT);
  if (submission) return { step: 'take-report', call: submission, stands: false };
  if (submitsReport(conversation)) return refuse(pending, 'report_submitted');

  const askedBefore = spentLimitBefore(conversation, pending[0]!.turnSeq);
  if (askedBefore) return finish('partial', isLimit(askedBefore) ? askedBefore : 'answer');
  if (failedTurnsInARow(conversation) >= MAX_FAILED_TURNS) return refuse(pending, 'tool_failures');
  const inCircles = pending.filter((call) => earlierResults(conversation, call).length >= MAX_SAME_CALLS);
  if (inCircles.length > 0) return refuse(inCircles, 'already_asked');

  const { count, limit } = affordableCalls(spentBy(conversation), budget, pending.length);
  return count > 0 ? { step: 'run-tools', calls: withoutTwins(pending).slice(0, count) } : refuse(pending, limit);
}

/**
 * One nudge; then the text is the analysis. It is a whole one only where the model says that it has ended. Beside a
 * report that it was to correct, a text is nothing to wait for.
 */
function afterText(conversation: Conversation, turn: AssistantTurn): NextStep {
  if (lastReadableReport(conversation)) return finish(...howItEnded(conversation));
  if (!isNudge(conversation.turns[turn.seq - 1])) return { step: 'nudge', nudge: 'submit_report' };
  const hasText = turn.blocks.some((block) => block.type === 'text' && block.text.trim() !== '');
  const [outcome, endedBy] = howItEnded(conversation);
  return hasText && turn.stopReason !== 'tool_use' ? finish(outcome, endedBy) : finish('partial', endedBy);
}

/**
 * An answer that was cut, or that ended for a reason of next year, may be half: its calls are not run. It is asked for
 * once more, a cut one with a larger cap.
 */
function afterHalfAnswer(conversation: Conversation, turn: AssistantTurn, pending: readonly PendingCall[]): NextStep {
  const cut = turn.stopReason === 'max_tokens';
  const before = answersOf(conversation).at(-2)?.stopReason;
  if (before === 'max_tokens' || before === 'unknown') return finish('partial', cut ? 'token_budget' : 'answer');
  if (pending.length > 0) return { step: 'refuse', calls: pending, refusal: cut ? 'answer_cut' : 'stop_unknown' };
  if (callsOf(turn).length > 0) return { step: 'send-results' };
  return { step: 'nudge', nudge: cut ? 'go_on' : 'submit_report' };
}

function finish(outcome: Outcome, endedBy: EndedBy): NextStep {
  return { step: 'finish', finish: { outcome, endedBy } };
}

/** The first report of this turn that can be read; a second one beside it is not needed. */
function wholeReport(turn: AssistantTurn): ToolUseBlock | undefined {
  return callsOf(turn).find(
    ({ name, input, repeatsId }) => name === SUBMIT_REPORT && !repeatsId && 'report' in parseReport(input),
  );
}

/** The last answer submits a report, good or bad. */
function submitsReport(conversation: Conversation): boolean {
  return callsOf(conversation.turns.at(-1)!).some((call) => call.name === SUBMIT_REPORT);
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

function hasEnoughAnswers(conversation: Conversation, { limits }: Budget): boolean {
  return answersOf(conversation).length >= limits.maxToolCalls + SPARE_ANSWERS;
}

function answersOf(conversation: Conversation): AssistantTurn[] {
  return conversation.turns.filter((turn) => turn.role === 'assistant');
}
