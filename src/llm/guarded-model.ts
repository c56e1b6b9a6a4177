import type { Clock } from '../domain/clock';
import type { Breaker } from './breaker';
import { DelegatingModel } from './delegating-model';
import { type LanguageModel, ModelFailure, type ModelReply, type ModelRequest } from './language-model';

/**
 * The breaker around a model. While that gives answers to nobody, one call from time to time goes out to look; all
 * others are refused at once with the failure that was seen, so that a thousand triages do not each find out for
 * themselves.
 */
export class GuardedModel extends DelegatingModel {
  /**
   * @param patient asks again by itself
   * @param single one request a call: a probe
   */
  constructor(
    patient: LanguageModel,
    private readonly single: LanguageModel,
    private readonly breaker: Breaker,
    private readonly clock: Clock,
  ) {
    super(patient);
  }

  async reply(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const { model } = request;
    const asked = this.breaker.enter(model) === 'probe' ? this.single : this.inner;
    const startedMs = this.clock.monotonicMs();
    try {
      const reply = await asked.reply(request, signal);
      this.breaker.answered(model);
      return reply;
    } catch (error) {
      if (error instanceof ModelFailure) {
        if (concernsOneConversation(error)) this.breaker.answered(model);
        else this.breaker.failed(model, error, startedMs);
      }
      throw error;
    }
  }
}

/** Also a refusal is an answer: the model's side is there. */
function concernsOneConversation({ kind }: ModelFailure): boolean {
  return kind === 'bad_request' || kind === 'other_conversation' || kind === 'context_full';
}
