/**
 * The process' idea of now, for texts and for measuring how long something took.
 * Leases and due times never use it: they are computed by the database (its clock is the one that all replicas share).
 */
export abstract class Clock {
  /** The wall clock. */
  abstract now(): Date;
  /** Milliseconds since some fixed moment; never jumps when the wall clock is set. */
  abstract monotonicMs(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts. Never rejects: look at the signal. */
  abstract sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
