import { Logger } from '@nestjs/common';
import { backoffMs } from '../domain/backoff';
import type { Clock } from '../domain/clock';
import { DelegatingModel } from './delegating-model';
import { type LanguageModel, ModelFailure, type ModelReply, type ModelRequest } from './language-model';

/** Between two probes of a model that gives no answers: at first soon, for a short outage; then as rarely as this. */
const PROBE_BASE_MS = 2_000;
/**
 * A triage that is refused waits until just after the next probe; one whose own call failed, a minute at most. So
 * whoever waits goes on within a minute after the model's side answers again: two probes and a pause fit into it.
 */
const PROBE_CAP_MS = 25_000;

/** A model that gives no answers. */
interface Outage {
  readonly failure: ModelFailure;
  /** Probes that have failed, the call that found the outage included. */
  readonly failures: number;
  probeAtMs: number;
}

/**
 * The breaker. While a model gives answers to nobody, one call from time to time goes out to look; all others are
 * refused at once with the failure that was seen, so that a thousand triages do not each find out for themselves. One
 * line is logged when it opens, for whoever can set things right, and one when it closes. Each model has its own: a
 * conversation that is frozen with a model of last year does not stop the others.
 */
export class GuardedModel extends DelegatingModel {
  private readonly log = new Logger(GuardedModel.name);
  private readonly outages = new Map<string, Outage>();
  private readonly answeredAtMs = new Map<string, number>();

  /**
   * @param patient asks again by itself
   * @param single one request a call: a probe
   */
  constructor(
    patient: LanguageModel,
    private readonly single: LanguageModel,
    private readonly clock: Clock,
  ) {
    super(patient);
  }

  async reply(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const outage = this.outages.get(request.model);
    if (outage) this.takeTheProbe(outage);
    const startedMs = this.clock.monotonicMs();
    try {
      const reply = await (outage ? this.single : this.inner).reply(request, signal);
      this.answered(request.model);
      return reply;
    } catch (error) {
      if (error instanceof ModelFailure) this.failed(request.model, error, startedMs);
      throw error;
    }
  }

  /** @throws ModelFailure while the next probe is not due */
  private takeTheProbe(outage: Outage): void {
    const nowMs = this.clock.monotonicMs();
    const { kind, message, detail } = outage.failure;
    const retryAfterMs = outage.probeAtMs - nowMs;
    if (retryAfterMs > 0) throw new ModelFailure(kind, message, { detail, retryAfterMs });
    outage.probeAtMs = nowMs + probeInMs(outage.failures);
  }

  private answered(model: string): void {
    this.answeredAtMs.set(model, this.clock.monotonicMs());
    if (this.outages.delete(model)) this.log.log({ msg: 'the model answers again: triages go on', model });
  }

  private failed(model: string, failure: ModelFailure, startedMs: number): void {
    if (failure.kind === 'bad_request' || failure.kind === 'context_full') return this.answered(model);
    // Others got answers meanwhile: this call had bad luck, it found no outage.
    if ((this.answeredAtMs.get(model) ?? -Infinity) >= startedMs) return;
    const before = this.outages.get(model);
    const failures = (before?.failures ?? 0) + 1;
    this.outages.set(model, { failure, failures, probeAtMs: this.clock.monotonicMs() + probeInMs(failures) });
    if (before?.failure.message === failure.message) return;
    const { kind, detail } = failure;
    this.log.warn({ msg: `${failure.message} Triages wait meanwhile and go on by themselves.`, model, kind, detail });
  }
}

function probeInMs(failures: number): number {
  return backoffMs(failures, PROBE_BASE_MS, PROBE_CAP_MS, 1);
}
