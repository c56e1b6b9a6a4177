/** The sign that the worker's loop still turns, busy or not. */
export abstract class WorkerPulse {
  /** When the worker last went round, by `Clock.monotonicMs()`; undefined before its first round. */
  abstract lastBeatMs(): number | undefined;
}
