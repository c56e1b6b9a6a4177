import { ALIVE, DEAD } from './sent-texts';

/** Whether anybody tells of changes here. */
export interface ChangeRecords {
  readonly lastSevenDays: number;
  /** When the last change took effect; absent: none was ever recorded. */
  readonly lastAt?: Date;
}

/** `alive: changes are recorded here: …` or `dead: …`: only where the record lives is its silence a fact. */
export function recordsLine({ lastSevenDays, lastAt }: ChangeRecords): string {
  const last = lastAt ? `the last one at ${lastAt.toISOString().replace('.000Z', 'Z')}` : 'none before now';
  if (lastSevenDays > 0) return `${ALIVE}changes are recorded here: ${lastSevenDays} in the last 7 days, ${last}`;
  return `${DEAD}no change was recorded in the last 7 days, ${last}: it cannot be said that nothing changed`;
}

export const NO_CHANGE_EVER = `${DEAD}no change was ever recorded: nothing posts to /api/v1/changes, so it cannot be said that nothing changed`;
