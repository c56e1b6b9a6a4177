import { Logger } from '@nestjs/common';
import type { TriageConfig } from '../config/slices';
import { Clock } from '../domain/clock';
import { LeaseLost } from '../domain/errors';
import { LeaseKeeper } from './lease-keeper';
import type { Lease, Renewal, TriageQueue } from './ports/triage-queue';

const LEASE_MS = 30_000;
const lease: Lease = { triageId: 'T', owner: 'o', epoch: 1 };

/** Time passes when the test says so; who sleeps wakes in the order of the moments. */
class HandClock extends Clock {
  private nowMs = 1_000;
  private sleepers: { atMs: number; wake: () => void }[] = [];

  now(): Date {
    return new Date(this.nowMs);
  }
  monotonicMs(): number {
    return this.nowMs;
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((wake) => {
      if (signal?.aborted) return wake();
      signal?.addEventListener('abort', () => wake(), { once: true });
      this.sleepers.push({ atMs: this.nowMs + ms, wake });
    });
  }
  async pass(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    for (;;) {
      await settled();
      const next = this.sleepers.sort((a, b) => a.atMs - b.atMs)[0];
      if (!next || next.atMs > untilMs) break;
      this.nowMs = next.atMs;
      this.sleepers.shift();
      next.wake();
    }
    this.nowMs = untilMs;
    await settled();
  }
}

/** Whatever follows from promises that are settled has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('A lease', () => {
  let clock: HandClock;
  let keeper: LeaseKeeper;
  /** Moments after the beginning. */
  let renewals: number[];

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => {
    clock = new HandClock();
    renewals = [];
  });
  afterEach(() => keeper.stop());

  const keep = (renew: () => Promise<Renewal>, ageMs = 0): AbortSignal => {
    const queue = {
      renew: () => {
        renewals.push(clock.monotonicMs() - 1_000);
        return renew();
      },
    } as unknown as TriageQueue;
    keeper = new LeaseKeeper(queue, { leaseMs: LEASE_MS } as TriageConfig, clock);
    return keeper.keep(lease, clock.monotonicMs() - ageMs);
  };
  const held = (): Promise<Renewal> => Promise.resolve({ renewed: new Set(['T']), lost: new Set() });
  const away = (): Promise<Renewal> => Promise.reject(new Error('away'));

  it('whose renewal hangs is lost when it ends by the process’ own clock: nothing more is paid for under it', async () => {
    let answer: (renewal: Renewal) => void = () => undefined;
    const signal = keep(() => new Promise((resolve) => (answer = resolve)));
    await clock.pass(LEASE_MS - 1);
    expect([signal.aborted, renewals]).toEqual([false, [10_000]]);
    await clock.pass(1);
    expect(signal.reason).toBeInstanceOf(LeaseLost);
    answer(await held());
  });

  it('is as old as the question for it, however late its answer came', async () => {
    const signal = keep(held, LEASE_MS - 1_000);
    await clock.pass(1_000);
    expect(signal.reason).toBeInstanceOf(LeaseLost);
  });

  it('that the database gave to somebody else is lost at the answer', async () => {
    const signal = keep(() => Promise.resolve({ renewed: new Set(), lost: new Set(['T']) }));
    await clock.pass(10_000);
    expect(signal.reason).toBeInstanceOf(LeaseLost);
  });

  it('is asked for each second while the database is away: one that is back in time loses none', async () => {
    const signal = keep(() => (clock.monotonicMs() < 1_000 + 29_000 ? away() : held()));
    await clock.pass(2 * LEASE_MS);
    expect(signal.aborted).toBe(false);
    expect(renewals.slice(0, 3)).toEqual([10_000, 11_000, 12_000]);
    expect(renewals.slice(-3)).toEqual([39_000, 49_000, 59_000]);
  });

  it('that is over is neither renewed nor lost', async () => {
    const signal = keep(held);
    keeper.drop(lease);
    await clock.pass(2 * LEASE_MS);
    expect([signal.aborted, renewals]).toEqual([false, []]);
  });
});
