import type { Clock } from '../../domain/clock';
import type { Lease } from '../ports/triage-queue';
import type { Budget, BudgetLimits } from './budget';

/** One attempt at a conversation: whose lease it writes under, when it must end, what it may use. */
export interface Attempt {
  readonly lease: Lease;
  readonly limits: BudgetLimits;
  /** When the alert that is investigated began to fire. */
  readonly startsAt: Date;
  /** When the running time is used up, on the monotonic clock. */
  readonly deadlineMs: number;
  /** The end of the deadline that is kept for the concluding answer, milliseconds. */
  readonly concludingMs: number;
  /** Lease lost or drain: aborts whatever is under way. */
  readonly signal: AbortSignal;
}

/** The reason with which work is aborted when its share of the running time is used up. */
export const DEADLINE = new Error('the running time of this triage is used up');

export function budgetOf({ limits, deadlineMs, concludingMs }: Attempt, clock: Clock): Budget {
  return { limits, remainingMs: deadlineMs - clock.monotonicMs(), concludingMs };
}

/** Runs `work` under the attempt's signal and a deadline: aborted with DEADLINE when that passes first. */
export async function untilDeadline<T>(
  { signal }: Attempt,
  inMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(DEADLINE), Math.max(0, inMs));
  try {
    return await work(AbortSignal.any([signal, deadline.signal]));
  } finally {
    clearTimeout(timer);
  }
}
