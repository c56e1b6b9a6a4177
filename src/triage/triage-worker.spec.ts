import { Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { Clock } from '../domain/clock';
import { VigilEventEmitter } from '../events/vigil-event-emitter';
import type { AttemptRunner } from './attempt-runner';
import type { LeaseKeeper } from './lease-keeper';
import type { ClaimedTriage, ModelOutage, TriageQueue } from './ports/triage-queue';
import { TriageWorker, type WorkerLimits } from './triage-worker';

const OUTAGE: ModelOutage = { model: 'm', afterMs: 1, happened: 'It is down.', giveUpAfterMs: 1 };

describe('A worker in an outage of the model', () => {
  beforeAll(() => Logger.overrideLogger(false));

  /** @returns how often a triage was taken for the probe, of one that is handed out */
  const probes = async (outage: ModelOutage | undefined): Promise<number> => {
    const lease = { triageId: 'T', owner: 'o', epoch: 1 };
    const claimed = { lease, attempt: 1, strikes: 0 } as unknown as ClaimedTriage;
    const claim = jest.fn<Promise<ClaimedTriage | undefined>, []>().mockResolvedValueOnce(claimed);
    const begun = jest.fn();
    const ran = jest.fn().mockResolvedValue(true);
    const clock = {
      monotonicMs: () => 0,
      sleep: (_ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve) => {
          if (signal?.aborted) resolve();
          else signal?.addEventListener('abort', () => resolve());
        }),
    } as unknown as Clock;
    const worker = new TriageWorker(
      { claim } as unknown as TriageQueue,
      {
        keep: () => new AbortController().signal,
        drop: () => undefined,
        abortAll: () => undefined,
        stop: async () => undefined,
      } as unknown as LeaseKeeper,
      { run: ran } as unknown as AttemptRunner,
      {
        maxConcurrent: 1,
        leaseMs: 1,
        drainMs: 1,
        terms: { outage: () => outage, begun },
        clock,
        ids: { next: () => 'o' },
      } as unknown as WorkerLimits,
      new VigilEventEmitter(new EventEmitter2()),
    );
    worker.onApplicationBootstrap();
    while (claim.mock.calls.length < 2) await new Promise((resolve) => setImmediate(resolve));
    worker.onModuleDestroy();
    await worker.beforeApplicationShutdown();
    expect(ran).toHaveBeenCalledTimes(1);
    return begun.mock.calls.length;
  };

  it('takes for the probe what nothing held back, and nothing that is handed out all the same (F26)', async () => {
    expect(await probes(undefined)).toBe(1);
    expect(await probes(OUTAGE)).toBe(0);
  });
});
