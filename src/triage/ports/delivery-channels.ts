import type { Channel } from '../../domain/delivery';

/** The channels that a settled triage owes its report to, as they are configured now. */
export abstract class DeliveryChannels {
  abstract all(): readonly ChannelState[];
}

export interface ChannelState {
  readonly channel: Channel;
  /** False: the delivery is recorded as `not_configured`. */
  readonly configured: boolean;
}
