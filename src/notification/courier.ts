import { Injectable, Logger } from '@nestjs/common';
import { TriageConfig } from '../config/slices';
import { Chance } from '../domain/chance';
import type { DeliveryOutcome } from '../domain/delivery';
import { byWeight, type DigestItem } from '../domain/digest';
import { assertNever } from '../domain/errors';
import type { LinkedItem, Message } from './message';
import type { Notifier } from './notifier';
import type { Content, OwedMessage } from './ports/delivery-ledger';
import { TriageLinks } from './ports/triage-links';
import { type Settled, settle } from './settlement';

/** How long one attempt may take. */
export const DELIVERY_LIMIT_MS = 10_000;

/** No channel shows more items of a digest than this. */
const LINKED_ITEMS = 50;

/** One attempt at one message. Whatever happens is an outcome: no message can hold up those behind it by throwing. */
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
    owed: OwedMessage,
  ): Promise<{ readonly outcome: DeliveryOutcome['outcome']; readonly settled: readonly Settled[] }> {
    const outcome = await this.outcomeOf(notifier, owed);
    const settled = settle(outcome, owed.debts, {
      giveUpAfterMs: this.limits.giveUpAfterMs,
      fraction: this.chance.fraction(),
    });
    return { outcome: outcome.outcome, settled };
  }

  private async outcomeOf(notifier: Notifier, { content, debts }: OwedMessage): Promise<DeliveryOutcome> {
    const subject_id = debts[0]!.subjectId;
    let message: Message;
    try {
      message = await this.linked(content);
    } catch (error) {
      this.log.warn({ err: error, subject_id }, 'the link to the report could not be made');
      return { outcome: 'retry', reason: 'the link to the report could not be made' };
    }
    try {
      return await notifier.deliver(message, AbortSignal.timeout(DELIVERY_LIMIT_MS));
    } catch (error) {
      this.log.error({ err: error, subject_id }, 'a message could not be written');
      return { outcome: 'rejected', reason: 'the message could not be written: a bug of Vigil, see its log' };
    }
  }

  private async linked(content: Content): Promise<Message> {
    switch (content.kind) {
      case 'report':
        return { ...content, link: await this.links.linkTo(content.triage.id) };
      case 'notice':
        return content;
      case 'digest': {
        const items = byWeight(content.items);
        const linked = await Promise.all(items.slice(0, LINKED_ITEMS).map((item) => this.withLink(item)));
        return { kind: 'digest', items: [...linked, ...items.slice(LINKED_ITEMS)] };
      }
      default:
        return assertNever(content);
    }
  }

  private async withLink(item: DigestItem): Promise<LinkedItem> {
    return item.kind === 'notice' ? item : { ...item, link: await this.links.linkTo(item.triageId) };
  }
}
