import { Injectable } from '@nestjs/common';
import { TriageConfig } from '../config/slices';
import { Clock } from '../domain/clock';
import type { Conversation } from '../domain/conversation';
import type { Ending } from '../domain/triage';
import { ConversationOpener } from './conversation-opener';
import { AgentLoop } from './engine/agent-loop';
import { foundBy } from './engine/ending';
import { ConversationLog } from './ports/conversation-log';
import type { ClaimedTriage } from './ports/triage-queue';

/** The part of the deadline that is kept for the concluding answer: a fifth, at most a minute. */
const CONCLUDING_SHARE = 0.2;
const CONCLUDING_MAX_MS = 60_000;

/** One triage as a story: opening message, conversation, report. A triage that was begun elsewhere just goes on. */
@Injectable()
export class Investigation {
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

    const conversation = (await this.record.load(lease.triageId)) ?? (await this.begin(claimed, signal));

    return this.loop.run(conversation, {
      lease,
      startsAt: firings[0]?.startsAt ?? this.clock.now(),
      signal,
      deadlineMs,
      concludingMs: Math.min(CONCLUDING_MAX_MS, this.config.deadlineMs * CONCLUDING_SHARE),
      limits: this.config,
    });
  }

  /** What is on record, for an end that comes from outside the conversation: paragraphs of Markdown. */
  async foundSoFar(triageId: string): Promise<string[]> {
    const conversation = await this.record.load(triageId);
    return conversation ? foundBy(conversation) : [];
  }

  private async begin(claimed: ClaimedTriage, signal: AbortSignal): Promise<Conversation> {
    const { conversation, opening } = await this.opener.begin(claimed, signal);
    return this.record.open(claimed.lease, conversation, opening);
  }
}
