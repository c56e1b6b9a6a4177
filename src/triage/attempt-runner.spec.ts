import type { TriageConfig } from '../config/slices';
import { Unavailable } from '../domain/errors';
import type { VigilEventEmitter } from '../events/vigil-event-emitter';
import { AttemptRunner, Drained } from './attempt-runner';
import type { Investigation } from './investigation';
import type { ClaimedTriage, TriageQueue } from './ports/triage-queue';

describe('An attempt that does not come to an end', () => {
  const lease = { triageId: 'T', owner: 'o', epoch: 1 };
  const claimed = { lease, attempt: 1, strikes: 0, runningMs: 0, ageMs: 0 } as unknown as ClaimedTriage;

  const pauseAfter = async (failure: Error): Promise<number> => {
    const release = jest.fn<Promise<void>, [unknown, number]>().mockResolvedValue();
    const runner = new AttemptRunner(
      { run: () => Promise.reject(failure) } as unknown as Investigation,
      { release } as unknown as TriageQueue,
      { giveUpAfterMs: 1 } as TriageConfig,
      { fraction: () => 0 },
      { emit: () => undefined } as unknown as VigilEventEmitter,
    );
    await runner.run(claimed, new AbortController().signal);
    return release.mock.calls[0]![1];
  };

  it('is given back at once when the process drains', async () => {
    expect(await pauseAfter(new Drained('x'))).toBe(0);
  });

  it('rests when the database could not record it: an answer that is lost again and again is paid for each time', async () => {
    expect(await pauseAfter(new Unavailable('db.unavailable', 'x'))).toBeGreaterThanOrEqual(1_000);
  });
});
