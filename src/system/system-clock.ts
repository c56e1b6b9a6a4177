import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../domain/clock';

@Injectable()
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }

  monotonicMs(): number {
    return performance.now();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    // It rejects only when the signal aborts, and that is an end of the sleep like any other.
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}
