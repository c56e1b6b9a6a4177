import { Injectable, Logger } from '@nestjs/common';
import { backoffMs } from '../domain/backoff';
import { Clock } from '../domain/clock';
import { VigilEventEmitter } from '../events/vigil-event-emitter';
import { ModelFailure } from './language-model';

/** Between two probes of a model that gives no answers: at first soon, for a short outage; then as rarely as this. */
const PROBE_BASE_MS = 2_000;
/**
 * Whoever is refused waits until just after the next probe; a triage whose own call failed, a minute at most. So who
 * waits goes on within a minute after the model's side answers again: two probes and a pause fit into it.
 */
const PROBE_CAP_MS = 25_000;

/** A model that gives no answers. */
interface Outage {
  readonly failure: ModelFailure;
  /** Probes that have failed, the call that found the outage included. */
  readonly failures: number;
  probeAtMs: number;
  /** When the next triage is begun, to be the probe. */
  beginAtMs: number;
}

/**
 * Knows which models give answers to nobody. Each has its own outage: a conversation that is frozen with a model of
 * last year does not stop the others. One line is logged when an outage begins, for whoever can set things right, and
 * one when it is over; in between only when the reason changes.
 */
@Injectable()
export class Breaker {
  private readonly log = new Logger(Breaker.name);
  private readonly outages = new Map<string, Outage>();
  private readonly answeredAtMs = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly events: VigilEventEmitter,
  ) {}

  /**
   * For one call of the model: a probe takes the place of all others until the next one is due.
   * @throws ModelFailure while it is not
   */
  enter(model: string): 'usual' | 'probe' {
    const outage = this.outages.get(model);
    if (!outage) return 'usual';
    const nowMs = this.clock.monotonicMs();
    if (outage.probeAtMs > nowMs) throw refusal(outage, outage.probeAtMs - nowMs);
    outage.probeAtMs = nowMs + probeInMs(outage.failures);
    return 'probe';
  }

  /** Why no triage is to be begun now, and when one may be; undefined when one may. */
  holdsBack(model: string): ModelFailure | undefined {
    const outage = this.outages.get(model);
    const waitMs = outage ? outage.beginAtMs - this.clock.monotonicMs() : 0;
    return outage && waitMs > 0 ? refusal(outage, waitMs) : undefined;
  }

  /** A triage was begun; during an outage no other one is, until the next probe. */
  begun(model: string): void {
    const outage = this.outages.get(model);
    if (outage) outage.beginAtMs = this.clock.monotonicMs() + probeInMs(outage.failures);
  }

  answered(model: string): void {
    this.answeredAtMs.set(model, this.clock.monotonicMs());
    if (!this.outages.delete(model)) return;
    this.log.log({ msg: 'the model answers again: triages go on', model });
    this.announce();
  }

  /** @param startedMs when the call began */
  failed(model: string, failure: ModelFailure, startedMs: number): void {
    // Others got answers meanwhile: this call had bad luck, it found no outage.
    if ((this.answeredAtMs.get(model) ?? -Infinity) >= startedMs) return;
    const before = this.outages.get(model);
    const failures = (before?.failures ?? 0) + 1;
    const probeAtMs = this.clock.monotonicMs() + probeInMs(failures);
    this.outages.set(model, { failure, failures, probeAtMs, beginAtMs: probeAtMs });
    if (!before) this.announce();
    if (before?.failure.message === failure.message) return;
    const { kind, detail } = failure;
    this.log.warn({ msg: `${failure.message} Triages wait meanwhile and go on by themselves.`, model, kind, detail });
  }

  private announce(): void {
    this.events.emit('model.outages', { count: this.outages.size });
  }
}

function refusal({ failure: { kind, message, detail } }: Outage, retryAfterMs: number): ModelFailure {
  return new ModelFailure(kind, message, { detail, retryAfterMs });
}

function probeInMs(failures: number): number {
  return backoffMs(failures, PROBE_BASE_MS, PROBE_CAP_MS, 1);
}
