import type { Triage } from '../../domain/triage';
import type { Channel, DeliveryKind } from '../../domain/delivery';

/** A delivery that this process holds until `leaseMs` after the claim. */
export interface OwedDelivery {
  readonly id: string;
  readonly channel: Channel;
  readonly kind: DeliveryKind;
  readonly triageId: string;
  /** This one included. */
  readonly attempts: number;
  /** Time since the debt exists, by the database's clock. */
  readonly ageMs: number;
  readonly triage: Triage;
}

/** What is owed to the channels. Each channel gets its messages in the order in which the triages were settled. */
export abstract class DeliveryLedger {
  /** The oldest pending delivery of the channel, if it is due and nobody holds it; its attempt is counted here. */
  abstract claim(channel: Channel, leaseMs: number): Promise<OwedDelivery | undefined>;
  abstract delivered(delivery: OwedDelivery): Promise<void>;
  abstract retryLater(delivery: OwedDelivery, reason: string, afterMs: number): Promise<void>;
  abstract giveUp(delivery: OwedDelivery, reason: string): Promise<void>;
}
