import type { Channel, DeliveryOutcome } from '../domain/delivery';
import type { Triage } from '../domain/triage';

/** Says one report to one channel. The outcome decides what happens next; it never throws for the channel's sake. */
export abstract class Notifier {
  abstract readonly channel: Channel;
  /** False: deliveries to it are recorded as `not_configured`. */
  abstract readonly configured: boolean;
  abstract deliver(triage: Triage, link: string, signal: AbortSignal): Promise<DeliveryOutcome>;
}
