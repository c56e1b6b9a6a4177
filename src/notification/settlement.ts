import { backoffMs } from '../domain/backoff';
import type { DeliveryOutcome } from '../domain/delivery';
import { assertNever } from '../domain/errors';
import { durationInWords } from '../domain/in-words';
import type { Debt } from './ports/delivery-ledger';

/** What an attempt settles: the debt is paid, still owed later, or given up for a reason that a person can read. */
export type Settlement =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry_later'; readonly reason: string; readonly afterMs: number }
  | { readonly kind: 'give_up'; readonly reason: string };

const BACKOFF_BASE_MS = 2_000;
const BACKOFF_CAP_MS = 300_000;

/** Debts that one attempt settled in the same way. */
export interface Settled {
  readonly debts: readonly Debt[];
  readonly settlement: Settlement;
}

interface Circumstances {
  readonly giveUpAfterMs: number;
  /** Chance, in [0, 1). */
  readonly fraction: number;
}

interface Facts extends Circumstances {
  /** The one just made included. */
  readonly attempts: number;
  readonly ageMs: number;
}

/** What one attempt means for each of its debts: a digest that did not arrive may be the end of the oldest in it only. */
export function settle(
  outcome: DeliveryOutcome,
  debts: readonly Debt[],
  circumstances: Circumstances,
): readonly Settled[] {
  const settled = new Map<Settlement['kind'], { debts: Debt[]; settlement: Settlement }>();
  for (const debt of debts) {
    const { attempts, ageMs } = debt;
    const settlement = settlementOf(outcome, { attempts, ageMs, ...circumstances });
    const alike = settled.get(settlement.kind);
    if (alike) alike.debts.push(debt);
    else settled.set(settlement.kind, { debts: [debt], settlement });
  }
  return [...settled.values()];
}

/** A channel that is down is tried for as long as the message matters; one that refuses is not tried again. */
export function settlementOf(
  outcome: DeliveryOutcome,
  { attempts, ageMs, giveUpAfterMs, fraction }: Facts,
): Settlement {
  switch (outcome.outcome) {
    case 'delivered':
      return { kind: 'delivered' };
    case 'rejected':
      return { kind: 'give_up', reason: outcome.reason };
    case 'retry':
      if (ageMs > giveUpAfterMs) {
        return {
          kind: 'give_up',
          reason: `not delivered within ${durationInWords(giveUpAfterMs)}; at last: ${outcome.reason}`,
        };
      }
      return {
        kind: 'retry_later',
        reason: outcome.reason,
        afterMs: outcome.afterMs ?? backoffMs(attempts, BACKOFF_BASE_MS, BACKOFF_CAP_MS, fraction),
      };
    default:
      return assertNever(outcome);
  }
}
