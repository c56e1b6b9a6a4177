import type { ChannelState } from './triage-queue';

/** The channels that a settled triage owes its report to, as they are configured now. */
export abstract class DeliveryChannels {
  abstract readonly channels: readonly ChannelState[];
}
