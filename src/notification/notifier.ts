import type { Channel, DeliveryOutcome } from '../domain/delivery';
import type { Triage } from '../domain/triage';

/** Says one report to one channel. The outcome decides what happens next; it never throws for the channel's sake. */
export abstract class Notifier {
  abstract readonly channel: Channel;
  /** False: deliveries to it are recorded as `not_configured`. */
  abstract readonly configured: boolean;
  /** The channel takes one message in this time, milliseconds. */
  abstract readonly intervalMs: number;
  /** When `signal` aborts, the delivery has not happened as far as anybody knows. */
  abstract deliver(triage: Triage, link: string, signal: AbortSignal): Promise<DeliveryOutcome>;
}
