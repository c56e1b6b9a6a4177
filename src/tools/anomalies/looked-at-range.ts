import type { Grid } from '../metric-text';
import { fitStep, parseStep, parseTime, type Refused } from '../time-input';

/** The times as the model gave them. */
interface AskedTimes {
  readonly start?: string | null;
  readonly end?: string | null;
  readonly time?: string | null;
  readonly step?: string | null;
}

/** What is looked at, and when trouble began as far as is known. */
export interface LookedAtRange {
  readonly kind: 'looked-at';
  readonly grid: Grid;
  readonly time: Date;
  /** The start that was asked for, where it left nothing before `time` to compare with. */
  readonly extendedFrom?: Date;
  /** The step that was asked for, in seconds, where it gave too many points. */
  readonly widenedFrom?: number;
}

const HOUR_MS = 3_600_000;
/** A range without so much of itself before the known start has nothing to compare with. */
const LEAST_BASELINE = 0.15;

/** An hour before the alert until now, two hours after it at most, unless told. */
export function lookedAtRange(
  asked: AskedTimes,
  { now, startsAt }: { readonly now: Date; readonly startsAt: Date },
): LookedAtRange | Refused {
  const time = asked.time ? parseTime('time', asked.time, now) : { kind: 'time' as const, at: startsAt };
  if (time.kind === 'refused') return time;
  const given = asked.end ? parseTime('end', asked.end, now) : { kind: 'time' as const, at: usualEnd(now, time.at) };
  if (given.kind === 'refused') return given;
  const end = inSeconds(given.at);
  const hourBefore = Math.min(time.at.getTime(), end.getTime()) - HOUR_MS;
  const from = asked.start ? parseTime('start', asked.start, now) : { kind: 'time' as const, at: new Date(hourBefore) };
  if (from.kind === 'refused') return from;
  const start = inSeconds(from.at);
  if (end <= start) {
    return { kind: 'refused', reason: 'end does not lie behind start. Nothing was asked: exchange or mend them.' };
  }
  const step = parseStep(asked.step);
  if (step.kind === 'refused') return step;
  const lengthMs = end.getTime() - start.getTime();
  const baselineMs = time.at.getTime() - start.getTime();
  const extended = baselineMs < LEAST_BASELINE * lengthMs;
  const first = extended ? new Date(Math.max(0, start.getTime() - lengthMs)) : start;
  /* twice the points of a result that is read by the model: nobody reads these */
  const half = new Date((first.getTime() + end.getTime()) / 2);
  const { seconds, widened } = fitStep({ start: first, end: half }, step.seconds);
  return {
    kind: 'looked-at',
    grid: { start: first, end, stepSeconds: seconds },
    time: time.at,
    ...(extended && { extendedFrom: start }),
    ...(widened && { widenedFrom: step.seconds }),
  };
}

function usualEnd(now: Date, time: Date): Date {
  return new Date(Math.min(now.getTime(), Math.max(time.getTime(), 0) + 2 * HOUR_MS));
}

/** Both backends answer to the second. */
function inSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}
