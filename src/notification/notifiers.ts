import type { Notifier } from './notifier';

/** Every channel that Vigil knows how to speak to. */
export class Notifiers {
  constructor(readonly all: readonly Notifier[]) {}

  get configured(): readonly Notifier[] {
    return this.all.filter((notifier) => notifier.configured);
  }
}
