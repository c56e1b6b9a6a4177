import { Logger } from '@nestjs/common';
import type { TriageConfig } from '../config/slices';
import { LeaseLost, Unavailable } from '../domain/errors';
import type { Ending } from '../domain/triage';
import type { VigilEventEmitter } from '../events/vigil-event-emitter';
import { ModelFailure } from '../llm/language-model';
import { MoneySpent } from '../llm/money-limited-model';
import { AttemptRunner, Drained } from './attempt-runner';
import type { Investigation } from './investigation';
import type { ClaimedTriage, TriageQueue } from './ports/triage-queue';

/** What was logged, as it was said. */
const logged: unknown[] = [];

beforeAll(() => {
  const note = (line: unknown): number => logged.push(line);
  Logger.overrideLogger({ log: note, warn: note, error: note });
});
beforeEach(() => {
  logged.length = 0;
});
afterAll(() => Logger.overrideLogger(false));

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

  it('waits for a word of its former workers before their crashes end it (F11)', async () => {
    const release = jest.fn<Promise<void>, [unknown, number]>().mockResolvedValue();
    const settle = jest.fn<Promise<void>, [unknown, Ending]>().mockResolvedValue();
    const runner = new AttemptRunner(
      { run: () => Promise.reject(new Error('it is not run')) } as unknown as Investigation,
      { release, settle } as unknown as TriageQueue,
      { giveUpAfterMs: 1 } as TriageConfig,
      { fraction: () => 0 },
      { emit: () => undefined } as unknown as VigilEventEmitter,
    );
    const { signal } = new AbortController();
    await runner.run({ ...claimed, strikes: 3, struck: true }, signal);
    expect([release.mock.calls[0]![1], settle.mock.calls]).toEqual([3_000, []]);
    await runner.run({ ...claimed, strikes: 3, struck: false }, signal);
    expect(settle.mock.calls[0]![1]).toMatchObject({ outcome: 'error', endedBy: 'crashed' });
  });

  it('rests when the database could not record it: an answer that is lost again and again is paid for each time', async () => {
    expect(await pauseAfter(new Unavailable('db.unavailable', 'x'))).toBeGreaterThanOrEqual(1_000);
  });
});

describe('The end of an attempt', () => {
  const claimedAt = (ageMs: number, strikes: number): ClaimedTriage =>
    ({
      lease: { triageId: 'T', owner: 'o', epoch: 1 },
      attempt: 1,
      strikes,
      runningMs: 0,
      ageMs,
    }) as unknown as ClaimedTriage;
  const found: Ending = { outcome: 'complete', endedBy: 'answer', analysis: 'because' };
  const calls: unknown[][] = [];

  /** What is on record, for an end from outside; changed by tests that need another answer. */
  let endNow = (end: Ending): Promise<Ending> => Promise.resolve(end);

  const run = async (
    investigation: () => Promise<Ending>,
    settle: (ending: Ending) => Promise<void>,
    { ageMs = 0, strikes = 0 } = {},
  ) => {
    calls.length = 0;
    const note =
      (verb: string) =>
      (_lease: unknown, ...rest: unknown[]): Promise<void> => {
        calls.push([verb, ...rest]);
        return verb === 'settle' ? settle(rest[0] as Ending) : Promise.resolve();
      };
    const runner = new AttemptRunner(
      { run: investigation, endNow: (_id: string, end: Ending) => endNow(end) } as unknown as Investigation,
      { settle: note('settle'), park: note('park'), release: note('release') } as unknown as TriageQueue,
      { giveUpAfterMs: 86_400_000 } as TriageConfig,
      { fraction: () => 0 },
      { emit: () => undefined } as unknown as VigilEventEmitter,
    );
    await runner.run(claimedAt(ageMs, strikes), new AbortController().signal);
    return calls;
  };
  const stored = (): Promise<void> => Promise.resolve();

  it.each<[string, () => Promise<Ending>]>([
    ['rejects', () => Promise.reject(new TypeError('of undefined, at http://model.example'))],
    [
      'throws before its first await',
      () => {
        throw new TypeError('of undefined, at http://model.example');
      },
    ],
  ])(
    'is an error of that triage alone when the loop %s by a defect, and repeats nothing of it (GV-11)',
    async (_how, loop) => {
      const [ended, ...more] = await run(loop, stored);
      expect(ended).toEqual(['settle', expect.objectContaining({ outcome: 'error', endedBy: 'crashed' })]);
      expect((ended![1] as Ending).analysis).toMatch(/a defect of its own[^]*Look into the alert yourself/);
      expect((ended![1] as Ending).analysis).not.toContain('model.example');
      expect(more).toEqual([]);
    },
  );

  it('that cannot be stored by a defect of ours is stored as an error, once (GV-03)', async () => {
    const [first, second, ...more] = await run(
      () => Promise.resolve(found),
      (ending) => (ending === found ? Promise.reject(new Error('invalid input syntax')) : stored()),
    );
    expect(first).toEqual(['settle', found]);
    expect(second).toEqual(['settle', expect.objectContaining({ outcome: 'error', endedBy: 'crashed' })]);
    expect(more).toEqual([]);
  });

  it('that can be stored in no form is not tried again as fast as the machine can', async () => {
    const done = await run(
      () => Promise.resolve(found),
      () => Promise.reject(new Error('a constraint')),
    );
    expect(done.map(([verb]) => verb)).toEqual(['settle', 'settle', 'release']);
    expect(done[2]![1]).toBe(60_000);
  });

  it('is not another one for a database that is away, or a lease that is lost', async () => {
    const away = await run(
      () => Promise.resolve(found),
      () => Promise.reject(new Unavailable('db.unavailable', 'x')),
    );
    expect(away.map(([verb]) => verb)).toEqual(['settle', 'release']);
    const lost = await run(
      () => Promise.resolve(found),
      () => Promise.reject(new LeaseLost('T')),
    );
    expect(lost.map(([verb]) => verb)).toEqual(['settle']);
  });

  it('waits for the next day when the money is spent, but no longer than it matters, and says so', async () => {
    const parked = await run(() => Promise.reject(new MoneySpent(4.98, 5, 0.04)), stored, { ageMs: 80_000_000 });
    const wake = { nextUtcDayWithinMs: 6_400_000, neededUsd: 0.04 };
    expect(parked).toEqual([['park', 'money', wake, expect.stringContaining('$4.98 are spent')]]);
  });

  it('waits for a model that is down, and says what its side said', async () => {
    const parked = await run(() => Promise.reject(new ModelFailure('overloaded', 'It is overloaded.')), stored);
    expect(parked).toEqual([['park', 'model_unavailable', 30_000, 'It is overloaded.']]);
  });

  it('is given up when there was no money for it for too long', async () => {
    const [ended, ...more] = await run(() => Promise.reject(new MoneySpent(0, 0, 0.04)), stored, { ageMs: 86_400_000 });
    expect(ended![1]).toMatchObject({
      outcome: 'failed',
      analysis: expect.stringContaining('waited 24 h for money') as string,
    });
    expect(more).toEqual([]);
  });

  describe('from outside', () => {
    afterEach(() => {
      endNow = (end) => Promise.resolve(end);
    });
    const defect = (): Promise<Ending> => Promise.reject(new TypeError('of undefined'));
    const never = (): Promise<Ending> => Promise.reject(new Error('it is not run any more'));
    const inVain = (kind: ModelFailure['kind']) => (): Promise<Ending> =>
      Promise.reject(new ModelFailure(kind, 'It does not take it.'));

    it.each<[string, () => Promise<Ending>, { ageMs?: number; strikes?: number }]>([
      ['the third crash (F11)', never, { strikes: 3 }],
      ['a defect', defect, {}],
      ['no money for too long', () => Promise.reject(new MoneySpent(5, 5, 1)), { ageMs: 86_400_000 }],
      ['no model for too long', inVain('overloaded'), { ageMs: 86_400_000 }],
      ['a request that is refused (F28)', inVain('bad_request'), {}],
      ['a conversation that is refused twice (F28)', inVain('other_conversation'), {}],
    ])('keeps what is on record: %s', async (_what, investigation, over) => {
      endNow = (end) => Promise.resolve({ ...end, analysis: `${end.analysis} And what was found.` });
      const [ended, ...more] = await run(investigation, stored, over);
      expect((ended![1] as Ending).analysis).toMatch(/not investigated to its end[^]*And what was found\.$/);
      expect(more).toEqual([]);
    });

    it('keeps the words of the API in the log, under the id of the triage, and out of the analysis (F28)', async () => {
      const refused = new ModelFailure('bad_request', 'It is malformed.', { detail: '400 messages.7: all is lost' });
      const [ended] = await run(() => Promise.reject(refused), stored);
      expect(logged).toContainEqual(expect.objectContaining({ triage_id: 'T', detail: '400 messages.7: all is lost' }));
      expect((ended![1] as Ending).analysis).not.toContain('all is lost');
    });

    it('is said without it when it cannot be read by a defect', async () => {
      endNow = () => Promise.reject(new TypeError('of undefined'));
      const [ended, ...more] = await run(never, stored, { strikes: 3 });
      expect(ended![1]).toMatchObject({ outcome: 'error', analysis: expect.stringContaining('3 times') as string });
      expect(more).toEqual([]);
    });

    it('is waited with when the database is away, so that nothing is lost', async () => {
      endNow = () => Promise.reject(new Unavailable('db.unavailable', 'x'));
      expect((await run(never, stored, { strikes: 3 })).map(([verb]) => verb)).toEqual(['release']);
    });

    it('does not look at a record a second time that may be what stops the process (F11)', async () => {
      endNow = () => Promise.reject(new Unavailable('looked', 'x'));
      const [ended] = await run(never, stored, { strikes: 4 });
      expect(ended![1]).toMatchObject({ outcome: 'error', analysis: expect.stringContaining('4 times') as string });
    });
  });
});
