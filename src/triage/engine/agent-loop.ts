import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../domain/clock';
import type { Block, Conversation, ToolResultBlock } from '../../domain/conversation';
import { assertNever, Unavailable } from '../../domain/errors';
import type { Ending } from '../../domain/triage';
import { SUBMIT_REPORT } from '../../domain/report';
import { ToldTrouble } from '../../domain/told-trouble';
import { VigilEventEmitter } from '../../events/vigil-event-emitter';
import { LanguageModel, ModelFailure, type ModelReply, type ReplyBlock } from '../../llm/language-model';
import { MoneySpent } from '../../llm/money-limited-model';
import { ConversationLog } from '../ports/conversation-log';
import { type Attempt, budgetOf, DEADLINE, untilDeadline } from './attempt';
import { CallRunner } from './call-runner';
import { endingOf } from './ending';
import { lastReadableReport } from './given-reports';
import { type Finish, nextStep, type Nudge } from './next-step';
import { callsOf, openCalls } from './pending-call';

/** A database that is away is asked again after this. */
const RECORD_AGAIN_MS = 1_000;

/** Decide, act, record, until finished. It has no memory but the conversation: a crash between two lines is no harm. */
@Injectable()
export class AgentLoop {
  private readonly log = new Logger(AgentLoop.name);

  constructor(
    private readonly model: LanguageModel,
    private readonly calls: CallRunner,
    private readonly record: ConversationLog,
    private readonly clock: Clock,
    private readonly events: VigilEventEmitter,
  ) {}

  /**
   * @returns how it ended; not yet settled
   * @throws ModelFailure when the model's side is down, LeaseLost, the signal's reason
   */
  async run(begun: Conversation, attempt: Attempt): Promise<Ending> {
    let conversation = begun;
    for (;;) {
      attempt.signal.throwIfAborted();
      const next = nextStep(conversation, budgetOf(attempt, this.clock));
      switch (next.step) {
        case 'call-model': {
          const answered = await this.callModel(conversation, attempt, next.maxOutputTokens);
          if ('endedBy' in answered) return this.end(conversation, attempt, answered);
          conversation = answered;
          break;
        }
        case 'run-tools':
          conversation = await this.calls.run(conversation, attempt, next.calls);
          break;
        case 'take-report':
          conversation = await this.calls.takeReport(conversation, attempt, next.call, next.stands);
          break;
        case 'refuse':
          conversation = await this.calls.refuse(conversation, attempt, next.calls, next.refusal);
          break;
        case 'send-results':
          conversation = await this.say(conversation, attempt, resultsOf(conversation));
          break;
        case 'nudge':
          conversation = await this.say(conversation, attempt, [{ type: 'text', text: NUDGES[next.nudge] }]);
          break;
        case 'finish':
          return this.end(conversation, attempt, next.finish);
        default:
          return assertNever(next);
      }
    }
  }

  /** @returns the conversation with the answer in it, or the end that the attempt to get one came to */
  private async callModel(
    conversation: Conversation,
    attempt: Attempt,
    maxOutputTokens: number,
  ): Promise<Conversation | Finish> {
    const wires = conversation.turns.map((turn) => turn.wire);
    const { remainingMs } = budgetOf(attempt, this.clock);
    try {
      const reply = await untilDeadline(attempt, remainingMs, (signal) =>
        this.model.reply({ model: conversation.model, prefix: conversation.prefix, wires, maxOutputTokens }, signal),
      );
      return await this.recordAnswer(conversation, attempt, reply);
    } catch (error) {
      if (error === DEADLINE) return { outcome: 'partial', endedBy: 'deadline' };
      if (error instanceof ModelFailure && error.kind === 'context_full') {
        const { message: msg, detail } = error;
        this.log.warn({ msg, triage_id: conversation.triageId, detail });
        return { outcome: 'partial', endedBy: 'context_full' };
      }
      if (lastReadableReport(conversation) && (error instanceof ModelFailure || error instanceof MoneySpent)) {
        // A report that only lacks its corrections is worth more now than a better one after the outage.
        this.log.warn({ msg: 'a report stands uncorrected', triage_id: conversation.triageId, why: error.message });
        return { outcome: 'complete', endedBy: 'answer' };
      }
      throw error;
    }
  }

  /** What the model said is recorded before it is acted on. */
  private async recordAnswer(conversation: Conversation, attempt: Attempt, reply: ModelReply): Promise<Conversation> {
    const { triageId } = conversation;
    const seq = conversation.turns.length;
    const blocks = withHandles(conversation, reply.blocks);
    const turn = { ...reply, role: 'assistant', seq, blocks } as const;
    const recorded = await this.whenItCanBe(attempt, triageId, () =>
      this.record.recordAssistantTurn(attempt.lease, conversation, turn),
    );
    this.noteDefect(recorded);
    this.log.log({
      msg: 'the model answered',
      triage_id: triageId,
      seq,
      model: reply.model,
      stop_reason: reply.stopReason,
      stop_detail: reply.stopDetail,
      duration_ms: Math.round(reply.durationMs),
      attempts: reply.attempts,
      ...reply.usage,
    });
    this.events.emit('triage.turn-recorded', { triageId, seq });
    return recorded;
  }

  /**
   * An answer is paid for: while the database takes no record of it, it is kept, and no other is asked for. Until the lease
   * is lost, the drain is over or the running time is used up.
   */
  private async whenItCanBe<T>(attempt: Attempt, triage_id: string, record: () => Promise<T>): Promise<T> {
    const trouble = new ToldTrouble();
    for (;;) {
      try {
        return await record();
      } catch (error) {
        if (!(error instanceof Unavailable) || budgetOf(attempt, this.clock).remainingMs <= 0) throw error;
        if (trouble.begins(error)) {
          this.log.warn({ err: error, triage_id }, 'the answer of the model cannot be recorded: it is kept meanwhile');
        }
        await this.clock.sleep(RECORD_AGAIN_MS, attempt.signal);
        attempt.signal.throwIfAborted();
      }
    }
  }

  /** The engine goes on as well as it can; whoever runs Vigil should know that the other side does what it should not. */
  private noteDefect({ triageId, turns }: Conversation): void {
    const turn = turns.at(-1);
    if (turn?.role !== 'assistant') return;
    const { stopReason: reason, stopDetail: detail } = turn;
    if (reason === 'unknown') {
      this.log.warn({ msg: 'the model stopped for a reason that Vigil does not know', triage_id: triageId, detail });
    }
    if (reason === 'tool_use' && callsOf(turn).length === 0) {
      this.log.warn({ msg: 'the model stopped for a tool call, and its answer holds none', triage_id: triageId });
    }
  }

  private say(conversation: Conversation, { lease }: Attempt, blocks: readonly Block[]): Promise<Conversation> {
    return this.record.recordUserTurn(lease, conversation, { wire: this.model.userWire(blocks), blocks });
  }

  /** Leaves a whole conversation behind: calls that nobody will run are answered, so that each has its result. */
  private async end(conversation: Conversation, attempt: Attempt, finish: Finish): Promise<Ending> {
    const open = openCalls(conversation);
    if (open.length === 0) return endingOf(conversation, finish);
    const closed = await this.calls.refuse(conversation, attempt, open, 'not_run');
    return endingOf(await this.say(closed, attempt, resultsOf(closed)), finish);
  }
}

const NUDGES: Record<Nudge, string> = {
  submit_report: `Give the report now by calling ${SUBMIT_REPORT}. If the cause is not known, say so in it.`,
  go_on: `Your answer was cut off at its length limit. Go on in fewer words; give the report by calling ${SUBMIT_REPORT}.`,
};

/** All results of the last turn in one user turn, in the order of its calls, nothing behind them. */
function resultsOf({ turns, toolCalls }: Conversation): ToolResultBlock[] {
  return toolCalls
    .filter((call) => call.turnSeq === turns.length - 1)
    .map(({ handle, vendorId, status, text }) => ({ type: 'tool_result', handle, vendorId, status, text }));
}

/** Results are r1, r2 … in the order of the calls; submissions are s1, s2 …, for nobody cites them. */
function withHandles(conversation: Conversation, blocks: readonly ReplyBlock[]): Block[] {
  const turns = [...(conversation.earlier?.turns ?? []), ...conversation.turns];
  const asked = turns.flatMap((turn) => turn.blocks).filter((block) => block.type === 'tool_use');
  let submissions = asked.filter((call) => call.name === SUBMIT_REPORT).length;
  let results = asked.length - submissions;
  return blocks.map((block): Block => {
    if (block.type !== 'tool_use') return block;
    return { ...block, handle: block.name === SUBMIT_REPORT ? `s${(submissions += 1)}` : `r${(results += 1)}` };
  });
}
