import type { Channel, DeliveryOutcome } from '../domain/delivery';
import type { Message } from './message';

/** Says one message to one channel. The outcome decides what happens next; it never throws for the channel's sake. */
export abstract class Notifier {
  abstract readonly channel: Channel;
  /** False: deliveries to it are recorded as `not_configured`. */
  abstract readonly configured: boolean;
  /** The channel takes one message in this time, milliseconds. */
  abstract readonly intervalMs: number;
  /** The most messages in any hour; above it digests stand for the rest. */
  abstract readonly perHour: number;
  /** When `signal` aborts, the delivery has not happened as far as anybody knows. */
  abstract deliver(message: Message, signal: AbortSignal): Promise<DeliveryOutcome>;
}
