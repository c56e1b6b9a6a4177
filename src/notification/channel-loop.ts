import { Logger } from '@nestjs/common';
import type { Clock } from '../domain/clock';
import { assertNever, Unavailable } from '../domain/errors';
import { ToldTrouble } from '../domain/told-trouble';
import type { VigilEventEmitter } from '../events/vigil-event-emitter';
import { type Courier, DELIVERY_LIMIT_MS } from './courier';
import type { Notifier } from './notifier';
import { paceOf } from './pace';
import type { DeliveryLedger, Pace } from './ports/delivery-ledger';
import type { Settled } from './settlement';

/** How often the ledger is asked when nobody rings, and after an error of its own. */
const POLL_MS = 1_000;

/** Longer than an attempt and the recording of it, so that nobody else makes it too. */
const LEASE_MS = 30_000;

/** Tries to record an attempt that a defect or the end of the process stands in the way of. */
const RECORD_TRIES = 3;

export interface ChannelLoopParts {
  readonly notifier: Notifier;
  readonly ledger: DeliveryLedger;
  readonly courier: Courier;
  readonly clock: Clock;
  readonly events: VigilEventEmitter;
}

/** One channel's deliveries, one after the other: claim, deliver, record. */
export class ChannelLoop {
  private readonly log = new Logger(ChannelLoop.name);
  private readonly trouble = new ToldTrouble();
  private readonly stopping = new AbortController();
  private nap = new AbortController();
  private running?: Promise<void>;

  private readonly pace: Pace;

  constructor(private readonly parts: ChannelLoopParts) {
    this.pace = paceOf(parts.notifier.perHour);
  }

  start(): void {
    this.running = this.run();
  }

  /** Wakes the loop early. Missing a ring costs one poll interval, never a delivery. */
  ring(): void {
    this.nap.abort();
  }

  /** Waits for the delivery in flight, at most as long as it and its record may take. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.ring();
    const ended = new AbortController();
    const limit = this.parts.clock.sleep(DELIVERY_LIMIT_MS + RECORD_TRIES * POLL_MS, ended.signal);
    await Promise.race([this.running, limit]);
    ended.abort();
  }

  private async run(): Promise<void> {
    const { clock, notifier } = this.parts;
    while (!this.stopping.signal.aborted) {
      this.nap = new AbortController(); // before the look, so that a ring during it is heard
      switch (await this.deliverNext()) {
        case 'attempted':
          await clock.sleep(notifier.intervalMs, this.stopping.signal);
          break;
        case 'nothing owed':
          await clock.sleep(POLL_MS, this.nap.signal);
          break;
        case 'ledger unavailable':
          await clock.sleep(POLL_MS, this.stopping.signal);
      }
    }
  }

  private async deliverNext(): Promise<'attempted' | 'nothing owed' | 'ledger unavailable'> {
    const { ledger, courier, notifier, clock, events } = this.parts;
    try {
      const askedMs = clock.monotonicMs();
      const owed = await ledger.claim(notifier.channel, LEASE_MS, this.pace);
      if (this.trouble.ends()) this.log.log({ channel: notifier.channel }, 'the deliveries can be read again');
      if (!owed) return 'nothing owed';
      // Stopped for so long meanwhile, the process may post what another one posts too.
      if (clock.monotonicMs() - askedMs > LEASE_MS - DELIVERY_LIMIT_MS) return 'nothing owed';
      const { outcome, settled } = await courier.attempt(notifier, owed);
      for (const some of settled) {
        await this.record(some);
        this.say(some);
      }
      events.emit('delivery.attempted', { channel: notifier.channel, outcome });
      return 'attempted';
    } catch (error) {
      this.tellTrouble(error);
      return 'ledger unavailable';
    }
  }

  private tellTrouble(error: unknown): void {
    if (!this.trouble.begins(error)) return;
    const facts = { err: error, channel: this.parts.notifier.channel };
    const what = 'the deliveries cannot be read or recorded; asking again';
    if (error instanceof Unavailable) this.log.warn(facts, what);
    else this.log.error(facts, what);
  }

  /** A message that was posted and not recorded is posted again: the record waits for a database that is away. */
  private async record(settled: Settled): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.settle(settled);
      } catch (error) {
        const passes = error instanceof Unavailable && !this.stopping.signal.aborted;
        if (tries >= RECORD_TRIES && !passes) throw error;
        this.tellTrouble(error);
        await this.parts.clock.sleep(POLL_MS);
      }
    }
  }

  private settle({ debts, settlement }: Settled): Promise<void> {
    switch (settlement.kind) {
      case 'delivered':
        return this.parts.ledger.delivered(debts);
      case 'retry_later':
        return this.parts.ledger.retryLater(debts, settlement.reason, settlement.afterMs);
      case 'give_up':
        return this.parts.ledger.giveUp(debts, settlement.reason);
      default:
        return assertNever(settlement);
    }
  }

  private say({ debts, settlement }: Settled): void {
    const { kind, subjectId, attempts } = debts[0]!;
    const { channel } = this.parts.notifier;
    const facts =
      debts.length > 1
        ? { channel, kind: 'digest', deliveries: debts.length, attempts }
        : { channel, kind, [kind === 'report' ? 'triage_id' : 'notice']: subjectId, attempts };
    switch (settlement.kind) {
      case 'delivered':
        return this.log.log(facts, 'delivered');
      case 'retry_later':
        return this.log.warn(
          { ...facts, reason: settlement.reason, after_ms: settlement.afterMs },
          'not delivered yet',
        );
      case 'give_up':
        return this.log.error(
          { ...facts, reason: settlement.reason },
          'delivery given up: the report stays readable by its link',
        );
      default:
        return assertNever(settlement);
    }
  }
}
