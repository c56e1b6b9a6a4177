import type { Life } from './life.ts';

/** What can be seen to happen from outside of the program. */
export type MomentName =
  | 'model.request'
  | 'model.answered'
  | 'backend.request'
  | 'slack.post'
  | 'alerts.sent'
  | 'alerts.acknowledged'
  | 'opening.recorded'
  | 'turn.recorded'
  | 'call.recorded'
  | 'triage.settled'
  | 'delivery.recorded'
  | 'replica.spawned'
  | 'replica.listening';

/** When a fault strikes: some time after the n-th moment of a name from now on. */
export interface Trigger {
  readonly moment: MomentName;
  readonly nth: number;
  /** With 0 the fault strikes before whoever told of the moment goes on. */
  readonly thenMs: number;
}

type Listener = (name: MomentName, life: Life | undefined) => void;

/** Hears of moments, and lets a fault strike at one of them. */
export class Moments {
  private readonly listeners = new Set<Listener>();

  /** @param life whose moment it is, where that is known */
  tell(name: MomentName, life?: Life): void {
    for (const listener of [...this.listeners]) listener(name, life);
  }

  /**
   * Calls `strike` once: at the trigger, or without a life when the moment does not come within `limitMs`.
   * @returns when it has been called
   */
  at({ moment, nth, thenMs }: Trigger, limitMs: number, strike: (life: Life | undefined) => void): Promise<void> {
    return new Promise((resolve) => {
      const done = (life: Life | undefined): void => {
        this.listeners.delete(listener);
        clearTimeout(limit);
        const act = (): void => {
          strike(life);
          resolve();
        };
        if (thenMs === 0) act();
        else setTimeout(act, thenMs);
      };
      let left = nth;
      const listener: Listener = (name, life) => {
        if (name === moment && (left -= 1) === 0) done(life);
      };
      const limit = setTimeout(() => done(undefined), limitMs);
      this.listeners.add(listener);
    });
  }
}
