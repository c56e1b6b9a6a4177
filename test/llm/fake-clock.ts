import { Chance } from '../../src/domain/chance';
import { Clock } from '../../src/domain/clock';

/** A clock whose sleeps end at once and are written down. */
export class FakeClock extends Clock {
  readonly slept: number[] = [];
  private passedMs = 0;

  now(): Date {
    return new Date(Date.UTC(2026, 10, 24, 3, 0, 0) + this.passedMs);
  }

  monotonicMs(): number {
    return this.passedMs;
  }

  sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.passedMs += ms;
    return Promise.resolve();
  }
}

/** Chance that always gives the same. */
export class FixedChance extends Chance {
  constructor(private readonly value: number) {
    super();
  }

  fraction(): number {
    return this.value;
  }
}
