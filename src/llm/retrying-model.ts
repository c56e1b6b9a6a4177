import { backoffMs } from '../domain/backoff';
import type { Chance } from '../domain/chance';
import type { Clock } from '../domain/clock';
import { DelegatingModel } from './delegating-model';
import { type LanguageModel, ModelFailure, type ModelReply, type ModelRequest } from './language-model';

/** Attempts for one turn, the first included. What lasts longer is waited for by a parked triage, not by a worker. */
const MAX_ATTEMPTS = 4;
const BASE_MS = 1_000;
const CAP_MS = 20_000;
/** A longer wish parks the triage: one header must not hold a worker for a day. */
const MAX_WAIT_MS = 60_000;

/** Asks again after failures that pass by themselves. */
export class RetryingModel extends DelegatingModel {
  constructor(
    inner: LanguageModel,
    private readonly clock: Clock,
    private readonly chance: Chance,
  ) {
    super(inner);
  }

  async reply(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    let timeouts = 0;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const reply = await this.inner.reply(request, signal);
        return { ...reply, attempts: attempt - 1 + reply.attempts };
      } catch (error) {
        if (!(error instanceof ModelFailure)) throw error;
        if (error.kind === 'timeout') timeouts += 1;
        const waitMs = this.waitMs(error, attempt);
        if (waitMs === undefined || attempt >= MAX_ATTEMPTS || timeouts > 1) throw error;
        await this.clock.sleep(waitMs, signal);
        signal.throwIfAborted();
      }
    }
  }

  /** Undefined when asking again soon would not help. Never sooner than the other side asked for. */
  private waitMs({ kind, retryAfterMs = 0 }: ModelFailure, attempt: number): number | undefined {
    switch (kind) {
      case 'overloaded':
      case 'rate_limited':
      case 'timeout':
      case 'connection':
        if (retryAfterMs > MAX_WAIT_MS) return undefined;
        return Math.max(retryAfterMs, backoffMs(attempt, BASE_MS, CAP_MS, this.chance.fraction()));
      case 'configuration':
      case 'context_full':
      case 'other_conversation':
      case 'bad_request':
        return undefined;
    }
  }
}
