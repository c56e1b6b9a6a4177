import { Injectable } from '@nestjs/common';
import { Clock } from '../../domain/clock';
import type { Conversation, Refusal, ToolCallRecord } from '../../domain/conversation';
import { SUBMIT_REPORT } from '../../domain/report';
import { roomOfResults } from '../../tools/result-room';
import { type Asker, Toolbox } from '../../tools/toolbox';
import { checkReport } from '../check/check-report';
import { ConversationLog } from '../ports/conversation-log';
import { type Attempt, budgetOf, DEADLINE, untilDeadline } from './attempt';
import { callsOf, type PendingCall } from './pending-call';
import { earlierResults } from './same-call';
import { parseReport } from './submit-report';

/** Tool calls of one turn that run at the same time. */
const PARALLEL_CALLS = 4;

/** Answers the calls of a turn: by running them, from the record, or with the reason why not. Each answer is recorded. */
@Injectable()
export class CallRunner {
  constructor(
    private readonly toolbox: Toolbox,
    private readonly record: ConversationLog,
    private readonly clock: Clock,
  ) {}

  /** A few at a time; each result is recorded as it arrives, so that a crash repeats none that was. */
  async run(conversation: Conversation, attempt: Attempt, calls: readonly PendingCall[]): Promise<Conversation> {
    const { remainingMs, concludingMs } = budgetOf(attempt, this.clock);
    const waiting = [...calls];
    const asker = { ...askerFor(conversation, attempt, calls), now: this.clock.now() };
    const records: ToolCallRecord[] = [];
    await untilDeadline(attempt, remainingMs - concludingMs, async (signal) => {
      const runSome = async (): Promise<void> => {
        for (let call = waiting.shift(); call; call = waiting.shift()) {
          const { answer, full } = await this.answer(conversation, call, asker, signal);
          await this.record.recordToolCall(attempt.lease, conversation, answer, full);
          records.push(answer);
        }
      };
      await allOrFirstFailure(Array.from({ length: PARALLEL_CALLS }, runSome));
    });
    return { ...conversation, toolCalls: inOrder([...conversation.toolCalls, ...records]) };
  }

  /** @param stands it is accepted whatever is wrong with it; else faults are its answer, and it is asked for again */
  takeReport(
    conversation: Conversation,
    { lease }: Attempt,
    pending: PendingCall,
    stands: boolean,
  ): Promise<Conversation> {
    const parsed = parseReport(pending.call.input);
    if ('problem' in parsed) {
      return this.record.recordToolCall(lease, conversation, withoutRunning(pending, 'failed', parsed.problem));
    }
    const faults = stands ? [] : checkReport(parsed.report, conversation).faults;
    const answer =
      faults.length > 0
        ? withoutRunning(pending, 'failed', faultsInWords(faults))
        : withoutRunning(pending, 'ok', 'The report is accepted.');
    return this.record.recordToolCall(lease, conversation, answer);
  }

  async refuse(
    conversation: Conversation,
    { lease }: Attempt,
    calls: readonly PendingCall[],
    refusal: Refusal,
  ): Promise<Conversation> {
    let refused = conversation;
    for (const call of calls) {
      const answer = withoutRunning(call, 'failed', REFUSALS[refusal], refusal);
      refused = await this.record.recordToolCall(lease, refused, answer);
    }
    return { ...refused, toolCalls: inOrder(refused.toolCalls) };
  }

  private async answer(
    conversation: Conversation,
    pending: PendingCall,
    asker: Asker,
    signal: AbortSignal,
  ): Promise<{ answer: ToolCallRecord; full?: string }> {
    const [before] = earlierResults(conversation, pending);
    if (before) return { answer: withoutRunning(pending, before.status, repeatOf(before, asker.roomChars)) };
    try {
      const { full, ...outcome } = await this.toolbox.run(pending.call, asker, signal);
      return { answer: { ...recordOf(pending), ...outcome }, full };
    } catch (error) {
      if (error === DEADLINE) return { answer: withoutRunning(pending, 'failed', REFUSALS.deadline, 'deadline') };
      throw error;
    }
  }
}

/** A turn that is gone on with after a crash has fewer calls to run, and each gets the room that it would have had. */
function askerFor(
  conversation: Conversation,
  { startsAt }: Attempt,
  calls: readonly PendingCall[],
): Omit<Asker, 'now'> {
  const turnSeq = calls[0]?.turnSeq ?? conversation.turns.length - 1;
  const turn = conversation.turns[turnSeq];
  const asked = turn ? callsOf(turn).length : calls.length;
  return { conversationId: conversation.id, startsAt, roomChars: roomOfResults(conversation, turnSeq, asked) };
}

const SPENT = 'Submit the report now with what was found.';
const REFUSALS: Record<Refusal, string> = {
  tool_budget: `Not run: the budget of tool calls is spent. ${SPENT}`,
  token_budget: `Not run: the budget of tokens is spent. ${SPENT}`,
  deadline: `Not run: the time for this investigation is up. ${SPENT}`,
  tool_failures: `Not run: the calls of three turns in a row have failed. ${SPENT}`,
  already_asked: `Not run: already asked, and answered, twice. ${SPENT}`,
  id_repeated: 'Not run: another call of the same answer has the same id. Ask again if it is still needed.',
  report_submitted: `Not run: ${SUBMIT_REPORT} is called alone and once, when nothing more is to be asked.`,
  answer_cut:
    'Not run: the answer was cut off at its length limit, so this call may be incomplete. Ask again, in fewer words.',
  stop_unknown: `Not run: the answer ended in an unforeseen way, so this call may be incomplete. Ask again, or call ${SUBMIT_REPORT}.`,
  not_run: 'Not run: the investigation has ended.',
};

/** What to do is said once, for all of them. */
function faultsInWords(faults: readonly string[]): string {
  return [
    'The report was looked up in what you were sent. This does not hold:',
    ...faults.map((fault) => `- ${fault}`),
    `Call ${SUBMIT_REPORT} once more, alone, with the whole report. Each of these: correct it from what you were sent, or leave it out, or call it a hypothesis without figures. That report stands; what then does not hold is marked as unverified.`,
  ].join('\n');
}

/** The earlier result stands under its own handle: that is the one to cite. */
function repeatOf({ handle, text }: ToolCallRecord, roomChars: number): string {
  const made = 'This very call was made before and not again now; a third time it is not answered.';
  if (text.length > roomChars) return `${made} Its result stands above, under ${handle}.`;
  return `${made} Its result, from the record:\n${text}`;
}

function recordOf({
  turnSeq,
  position,
  call,
}: PendingCall): Omit<ToolCallRecord, 'status' | 'text' | 'bytes' | 'durationMs'> {
  const { handle, vendorId, name, input } = call;
  return { turnSeq, position, handle, vendorId, name, input };
}

function withoutRunning(
  pending: PendingCall,
  status: ToolCallRecord['status'],
  text: string,
  refusal?: Refusal,
): ToolCallRecord {
  return { ...recordOf(pending), status, text, bytes: Buffer.byteLength(text), durationMs: 0, refusal };
}

function inOrder(calls: readonly ToolCallRecord[]): ToolCallRecord[] {
  return [...calls].sort((a, b) => a.turnSeq - b.turnSeq || a.position - b.position);
}

/** Waits for all, also when one has failed: none may write behind the back of whoever goes on after the failure. */
async function allOrFirstFailure(work: readonly Promise<void>[]): Promise<void> {
  const settled = await Promise.allSettled(work);
  const failure = settled.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}
