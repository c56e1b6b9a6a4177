import { Unavailable, VigilError } from '../domain/errors';
import { NOT_KNOWN } from '../domain/sent-texts';
import { oneLine } from '../domain/one-line';

/**
 * Runs `work` for at most `ms`. A work that does not look at its signal is left behind: nobody waits for it.
 * @throws the reason of `signal` when that aborts, Unavailable when the time is over, what `work` throws
 */
export async function inTime<T>(
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  ms: number,
): Promise<T> {
  signal.throwIfAborted();
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), ms);
  const both = AbortSignal.any([signal, timeout.signal]);
  try {
    return await Promise.race([work(both), rejectedBy(both)]);
  } catch (error) {
    signal.throwIfAborted();
    if (!timeout.signal.aborted) throw error;
    throw new Unavailable('briefing.timeout', `this took longer than ${ms / 1000} s.`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** Less than a section has: what its other parts have found is kept when one of them hangs. */
const PART_TIMEOUT_MS = 2_000;

/**
 * Some lines of a section that fail for themselves: then they are one line with the reason, and the others stay.
 * @param what stands before the reason: `logs`
 */
export async function partOf(
  what: string,
  work: (signal: AbortSignal) => Promise<readonly string[]>,
  signal: AbortSignal,
  ms = PART_TIMEOUT_MS,
): Promise<readonly string[]> {
  try {
    return await inTime(work, signal, ms);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof VigilError) return [notKnown(error, `${what}: `)];
    throw error;
  }
}

/** Longer reasons take the room of what is known. Characters. */
const MAX_REASON_CHARS = 400;

/** A line that gives the reason of an error. A backend's answer is a part of it, and begins no line of its own. */
export function notKnown({ message }: VigilError, what = ''): string {
  return `${NOT_KNOWN}${what}${oneLine(message, MAX_REASON_CHARS)}`;
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = (): void => reject(signal.reason as Error);
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}
