/** How much work waits, over all replicas. */
export abstract class QueueDepth {
  abstract queueDepth(): Promise<{ readonly queued: number; readonly waiting: number }>;
}
