import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ScoringJob, ScoringResult } from './worker/messages';

/** The thread's file beside this one: compiled where this one is compiled, else Node reads the types out of it. */
const THREAD = join(__dirname, 'worker', `anomaly-thread${extname(__filename)}`);
/** A job of the largest size takes a second; nothing is worth waiting longer for. */
const DEADLINE_MS = 15_000;
const MAX_HEAP_MB = 128;

/**
 * Scores series in a thread of its own, which ends with the job. The job's arrays are moved there: they are empty
 * afterwards.
 * @throws the signal's reason when it aborts; an error when the thread breaks, or takes longer than its deadline
 */
export async function rankSeries(job: ScoringJob, signal: AbortSignal): Promise<ScoringResult> {
  signal.throwIfAborted();
  const worker = new Worker(THREAD, {
    workerData: job,
    transferList: [job.values.buffer, job.counters.buffer],
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  const ends = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  try {
    return await new Promise<ScoringResult>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the thread that scores ended without an answer')));
      ends.addEventListener('abort', () => reject(ends.reason as Error), { once: true });
    });
  } finally {
    await worker.terminate();
  }
}
