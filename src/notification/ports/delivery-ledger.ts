import type { Channel, DeliveryKind } from '../../domain/delivery';
import type { DigestItem } from '../../domain/digest';
import type { Notice } from '../../domain/notice';
import type { Triage } from '../../domain/triage';

/** One row of the ledger that this process holds until `leaseMs` after the claim. */
export interface Debt {
  readonly id: string;
  readonly kind: DeliveryKind;
  /** The triage's id, or what the notice is about. */
  readonly subjectId: string;
  /** This one included. */
  readonly attempts: number;
  /** Time since the debt exists, by the database's clock. */
  readonly ageMs: number;
}

/** One message that is owed now: a report, a notice, or a digest, which pays several debts at once. */
export interface OwedMessage {
  readonly channel: Channel;
  /** In the order in which they arose; never empty. */
  readonly debts: readonly Debt[];
  readonly content: Content;
}

export type Content =
  | { readonly kind: 'report'; readonly triage: Triage }
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { readonly kind: 'digest'; readonly items: readonly DigestItem[] };

/** What a channel was told and is owed, over all replicas and by the database's clock. */
export interface Traffic {
  /** Messages of the last hour; a digest is one. */
  readonly saidInLastHour: number;
  /** Since the last of them, milliseconds. */
  readonly sinceLastMs: number;
  readonly pending: number;
  /** How old the oldest pending delivery is, milliseconds. */
  readonly oldestMs: number;
  /** A notice is among them. */
  readonly noticeOwed: boolean;
}

/** Whether the oldest pending delivery is told of alone, all of them in one digest, or nothing is said yet. */
export type Pace = (traffic: Traffic) => 'alone' | 'digest' | 'wait';

/** What is owed to the channels. Each channel gets its messages in the order in which the debts arose. */
export abstract class DeliveryLedger {
  /** What is to be said next, if the channel's oldest debt is due and nobody holds it. The attempts are counted here. */
  abstract claim(channel: Channel, leaseMs: number, pace: Pace): Promise<OwedMessage | undefined>;
  abstract delivered(debts: readonly Debt[]): Promise<void>;
  abstract retryLater(debts: readonly Debt[], reason: string, afterMs: number): Promise<void>;
  abstract giveUp(debts: readonly Debt[], reason: string): Promise<void>;
  /**
   * For a channel that is not configured now: notes with what is pending why it is not told, and gives up what is older.
   * @returns how much is pending
   */
  abstract hold(channel: Channel, giveUpAfterMs: number): Promise<number>;
}
