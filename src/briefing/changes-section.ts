import { NO_CHANGE_EVER, recordsLine } from '../domain/change-records';
import { countInWords } from '../domain/in-words';
import { type Telling, toldChanges } from '../domain/told-changes';
import type { ChangeHistory, ChangesOfATime } from './ports/change-history';
import type { BriefingSubject, SectionSource } from './section-source';

const BEFORE_MS = 6 * 3_600_000;
/** More lines than this the section does not hold. */
const MOST_BEFORE = 25;
/** What came after the start did not cause it: a rollback, a hasty repair. A few are enough to know of. */
const MOST_AFTER = 4;

const TELLING: Omit<Telling, 'maxChars'> = {
  nearest: 5,
  wholeChars: 1_500,
  firstChars: 500,
  rest: 'the rest is not shown here',
};

/** For the lines around the changes. Characters. */
const FRAME_CHARS = 400;

/**
 * What was changed before the alert began and since, for every service and those without one: the fault of one service
 * is often met in another.
 */
export class ChangesSection implements SectionSource {
  readonly title = 'changes around the start of the alert';
  readonly maxChars = 3_000;

  constructor(private readonly history: ChangeHistory) {}

  async gather({ firing: { startsAt }, now }: BriefingSubject): Promise<string> {
    const from = new Date(startsAt.getTime() - BEFORE_MS);
    const [records, before, after] = await Promise.all([
      this.history.records(now),
      this.history.between({ after: from, upTo: startsAt, nearestTo: startsAt }, MOST_BEFORE),
      this.history.between({ after: startsAt, upTo: now, nearestTo: startsAt }, MOST_AFTER),
    ]);
    if (!records.lastAt && before.total + after.total === 0) return NO_CHANGE_EVER;

    const distance = ({ at }: { at: Date }): number => Math.abs(at.getTime() - startsAt.getTime());
    const nearest = [...before.changes, ...after.changes].sort((a, b) => distance(a) - distance(b));
    const told = toldChanges(nearest, startsAt, { ...TELLING, maxChars: this.maxChars - FRAME_CHARS });
    const lines = told.flatMap((one) => one.lines);
    const toldAfter = told.filter(({ change: { at } }) => at > startsAt).length;
    const left = leftOut(before.total - (told.length - toldAfter), after.total - toldAfter);
    return [recordsLine(records), countsLine(before, after), ...lines, ...left].join('\n');
  }
}

function countsLine(before: ChangesOfATime, after: ChangesOfATime): string {
  const since = after.total > 0 ? `${after.total} after it` : 'none after it';
  if (before.total === 0) return `no change was recorded in the six hours before the start, ${since}`;
  const changes = countInWords(before.total, 'change');
  return `${changes} in the six hours before the start, ${since}; of all services, the nearest to the start first:`;
}

function leftOut(before: number, after: number): string[] {
  if (before + after === 0) return [];
  const parts = [before > 0 && `${before} before the start`, after > 0 && `${after} after it`].filter(Boolean);
  return [`not shown here, for want of room: ${countInWords(before + after, 'change')} (${parts.join(', ')})`];
}
