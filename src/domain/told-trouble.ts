import { Unavailable } from './errors';

/** A dependency that is away is told to the log when that begins and when it is over, not each time it is asked. */
export class ToldTrouble {
  private isTold = false;

  /** @returns whether to tell of it: what is no passing trouble is told each time */
  begins(error: unknown): boolean {
    if (!(error instanceof Unavailable)) return true;
    const isNew = !this.isTold;
    this.isTold = true;
    return isNew;
  }

  /** @returns whether there was one that was told */
  ends(): boolean {
    const wasTold = this.isTold;
    this.isTold = false;
    return wasTold;
  }
}
