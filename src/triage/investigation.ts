import { Injectable, Logger } from '@nestjs/common';
import { TriageConfig } from '../config/slices';
import { Clock } from '../domain/clock';
import type { Conversation } from '../domain/conversation';
import type { Ending } from '../domain/triage';
import { ModelFailure } from '../llm/language-model';
import { ConversationOpener } from './conversation-opener';
import { AgentLoop } from './engine/agent-loop';
import type { Attempt } from './engine/attempt';
import { endingFromOutside } from './engine/ending';
import { ConversationLog } from './ports/conversation-log';
import type { ClaimedTriage } from './ports/triage-queue';

/** The part of the deadline that is kept for the concluding answer: a fifth, at most a minute. */
const CONCLUDING_SHARE = 0.2;
const CONCLUDING_MAX_MS = 60_000;

/** One triage as a story: opening message, conversation, report. A triage that was begun elsewhere just goes on. */
@Injectable()
export class Investigation {
  private readonly log = new Logger(Investigation.name);

  constructor(
    private readonly record: ConversationLog,
    private readonly opener: ConversationOpener,
    private readonly loop: AgentLoop,
    private readonly config: TriageConfig,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns how it ended; not yet settled
   * @throws ModelFailure when the model's side is down, LeaseLost, the signal's reason
   */
  async run(claimed: ClaimedTriage, signal: AbortSignal): Promise<Ending> {
    const { lease, runningMs, firings } = claimed;
    const deadlineMs = this.clock.monotonicMs() + this.config.deadlineMs - runningMs;
    const attempt: Attempt = {
      lease,
      startsAt: firings[0]?.startsAt ?? this.clock.now(),
      signal,
      deadlineMs,
      concludingMs: Math.min(CONCLUDING_MAX_MS, this.config.deadlineMs * CONCLUDING_SHARE),
      limits: this.config,
    };

    const conversation = (await this.record.load(lease.triageId)) ?? (await this.begin(claimed, signal));
    try {
      return await this.loop.run(conversation, attempt);
    } catch (error) {
      if (!(error instanceof ModelFailure) || error.kind !== 'other_conversation') throw error;
      return this.loop.run(await this.beginAgain(attempt, error), attempt);
    }
  }

  /**
   * An end that comes from outside the conversation: with the report on record, also one that was sent back for its
   * faults, else with what was found.
   * @param end what it is without a report
   */
  async endNow(triageId: string, end: Ending): Promise<Ending> {
    const conversation = await this.record.load(triageId);
    return conversation ? endingFromOutside(conversation, end) : end;
  }

  private async begin(claimed: ClaimedTriage, signal: AbortSignal): Promise<Conversation> {
    const { conversation, opening } = await this.opener.begin(claimed, signal);
    return this.record.open(claimed.lease, conversation, opening);
  }

  /** Once a triage: what the model's side does not take from the second conversation either, it will not take. */
  private async beginAgain({ lease, limits }: Attempt, failure: ModelFailure): Promise<Conversation> {
    const earlier = await this.record.load(lease.triageId);
    if (!earlier || earlier.earlier) throw failure;
    const { message: why, detail } = failure;
    this.log.warn({ msg: 'the conversation is begun again', triage_id: lease.triageId, why, detail });
    const { conversation, opening } = this.opener.beginAgain(earlier, limits.maxToolCalls);
    return this.record.open(lease, conversation, opening);
  }
}
