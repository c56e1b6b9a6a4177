import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ScoringJob, ScoringResult } from './worker/messages';

/** A thread's file beside this one: compiled where this one is compiled, else Node reads the types out of it. */
const THREAD = join(__dirname, 'worker', `anomaly-thread${extname(__filename)}`);
/** A job of the largest size takes a second; nothing is worth waiting longer for. */
const DEADLINE_MS = 15_000;
const MAX_HEAP_MB = 128;

/** From so many series on, two threads do the work: it is done in half the time where there are two cores. */
const LARGE = 400;
const THREADS = 2;

/**
 * Scores series in threads of their own, which end with the job. The job's arrays may be moved there: they are not to
 * be used afterwards.
 * @throws the signal's reason when it aborts; an error when a thread breaks, or takes longer than its deadline
 */
export async function rankSeries(job: ScoringJob, signal: AbortSignal): Promise<ScoringResult> {
  signal.throwIfAborted();
  const parts = job.counters.length < LARGE ? 1 : THREADS;
  const jobs = parts === 1 ? [job] : Array.from({ length: parts }, (_, part) => partOf(job, part, parts));
  const over = new AbortController();
  const ends = AbortSignal.any([signal, over.signal, AbortSignal.timeout(DEADLINE_MS)]);
  try {
    const results = await Promise.all(jobs.map((one) => inThread(one, ends)));
    const changes = results.flatMap((result, part) =>
      result.changes.map((change) => ({ ...change, series: change.series * parts + part })),
    );
    return {
      changes: changes.sort((a, b) => b.score - a.score || a.series - b.series),
      constant: results.reduce((sum, { constant }) => sum + constant, 0),
    };
  } finally {
    over.abort();
  }
}

/** Each second series, and so on: those of one metric stand together, and a part must see what all others do. */
function partOf({ values, points, counters, ...rest }: ScoringJob, part: number, parts: number): ScoringJob {
  const rows = Array.from(counters.keys()).filter((row) => row % parts === part);
  const own = new Float64Array(rows.length * points);
  rows.forEach((row, i) => own.set(values.subarray(row * points, (row + 1) * points), i * points));
  return { ...rest, points, values: own, counters: Uint8Array.from(rows, (row) => counters[row]!) };
}

async function inThread(job: ScoringJob, ends: AbortSignal): Promise<ScoringResult> {
  const worker = new Worker(THREAD, {
    workerData: job,
    transferList: [job.values.buffer, job.counters.buffer],
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
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
