/** The thread that scores: one job, one answer, and it ends. Plain Node loads this file as it stands. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ScoringJob } from './messages.ts';
import { scoreJob } from './score-job.ts';

parentPort?.postMessage(scoreJob(workerData as ScoringJob));
