/** A message owed to a channel. The debt exists from the transaction that settles the triage, or parks it. */
export interface Delivery {
  readonly channel: Channel;
  readonly kind: DeliveryKind;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly deliveredAt?: Date;
  /** Why it is not delivered (yet). Safe to show: no URL, no token. */
  readonly reason?: string;
}

export const CHANNELS = ['slack'] as const;
export type Channel = (typeof CHANNELS)[number];
export const DELIVERY_KINDS = ['report', 'notice'] as const;
export type DeliveryKind = (typeof DELIVERY_KINDS)[number];
export const DELIVERY_STATES = ['pending', 'delivered', 'given_up', 'not_configured'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What one attempt to deliver came to; it decides what happens next. */
export type DeliveryOutcome =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'retry'; readonly reason: string; readonly afterMs?: number }
  | { readonly outcome: 'rejected'; readonly reason: string };
