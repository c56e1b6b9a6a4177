import { Injectable, Logger } from '@nestjs/common';
import { TriageConfig } from '../config/slices';
import { Chance } from '../domain/chance';
import type { DeliveryOutcome } from '../domain/delivery';
import type { Notifier } from './notifier';
import type { OwedDelivery } from './ports/delivery-ledger';
import { TriageLinks } from './ports/triage-links';
import { type Settlement, settlementOf } from './settlement';

/** How long one attempt may take. */
export const DELIVERY_LIMIT_MS = 10_000;

/** One attempt at one delivery. Whatever happens is an outcome: no message can hold up those behind it by throwing. */
@Injectable()
export class Courier {
  private readonly log = new Logger(Courier.name);

  constructor(
    private readonly links: TriageLinks,
    private readonly chance: Chance,
    private readonly limits: TriageConfig,
  ) {}

  async attempt(
    notifier: Notifier,
    delivery: OwedDelivery,
  ): Promise<{ readonly outcome: DeliveryOutcome['outcome']; readonly settlement: Settlement }> {
    const outcome = await this.outcomeOf(notifier, delivery);
    const settlement = settlementOf(outcome, {
      attempts: delivery.attempts,
      ageMs: delivery.ageMs,
      giveUpAfterMs: this.limits.giveUpAfterMs,
      fraction: this.chance.fraction(),
    });
    return { outcome: outcome.outcome, settlement };
  }

  private async outcomeOf(notifier: Notifier, delivery: OwedDelivery): Promise<DeliveryOutcome> {
    let link: string;
    try {
      link = await this.links.linkTo(delivery.triageId);
    } catch (error) {
      this.log.warn({ err: error, triage_id: delivery.triageId }, 'the link to the report could not be made');
      return { outcome: 'retry', reason: 'the link to the report could not be made' };
    }
    try {
      return await notifier.deliver(delivery.triage, link, AbortSignal.timeout(DELIVERY_LIMIT_MS));
    } catch (error) {
      this.log.error({ err: error, triage_id: delivery.triageId }, 'a message could not be written');
      return { outcome: 'rejected', reason: 'the message could not be written: a bug of Vigil, see its log' };
    }
  }
}
