/** Who runs, as far as it can be seen from here. */
export interface Presence {
  /** Processes that the database shows, at least; undefined where it could not be asked. */
  readonly seen?: number;
  /** What answered at the ops port of this machine. */
  readonly here: 'nobody' | 'unknown' | 'running';
}

/** Whether somebody is there to do the work. */
export function isAnybodyThere({ seen = 0, here }: Presence): boolean {
  return seen > 0 || here === 'running';
}
