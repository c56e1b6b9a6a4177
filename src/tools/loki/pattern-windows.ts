import { formatTime, parseRange, parseTime, type Refused, type TimeRange } from '../time-input';
import type { ToolContext } from '../tool';

/** The range that is asked for, and the one that it is compared with. */
export interface AskedWindows {
  readonly kind: 'windows';
  readonly range: TimeRange;
  readonly baseline: TimeRange;
}

interface Input {
  readonly start?: string | null;
  readonly end?: string | null;
  readonly baseline?: string | null;
}

const MINUTE_MS = 60_000;
/** An alert is late by its `for`: what broke shows before it. */
const BEFORE_START_MS = 15 * MINUTE_MS;
/** Of an alert that began long ago: what began it came soon, and lines of hours later would crowd it out. */
const AFTER_START_MS = 45 * MINUTE_MS;

/**
 * By default from 15 minutes before the start of the alert until now, an hour at most. The baseline is as long as the
 * range and lies right before it, unless it is told where it begins.
 */
export function askedWindows(input: Input, context: Pick<ToolContext, 'now' | 'startsAt'>): AskedWindows | Refused {
  const range = parseRange(
    { start: input.start ?? defaultStart(input, context), end: input.end ?? defaultEnd(input, context) },
    context.now,
  );
  if (range.kind === 'refused') return range;
  const lengthMs = range.end.getTime() - range.start.getTime();
  if (lengthMs < 1000) return refused('start and end are the same moment: give logs a range, `-15m` to `now`.');
  const { start, end } = range;
  if (typeof input.baseline !== 'string') {
    return {
      kind: 'windows',
      range: { start, end },
      baseline: { start: new Date(start.getTime() - lengthMs), end: start },
    };
  }
  const from = parseTime('baseline', input.baseline, context.now);
  if (from.kind === 'refused') return from;
  if (from.at >= start) {
    return refused(
      `baseline (${formatTime(from.at)}) does not lie before start (${formatTime(start)}): give the time at which a quiet window began.`,
    );
  }
  const until = new Date(Math.min(from.at.getTime() + lengthMs, start.getTime()));
  return { kind: 'windows', range: { start, end }, baseline: { start: from.at, end: until } };
}

/** An end that was given before the alert asks for the hour before that end. */
function defaultStart({ end }: Input, { now, startsAt }: Pick<ToolContext, 'now' | 'startsAt'>): string | undefined {
  const until = typeof end === 'string' ? parseTime('end', end, now) : undefined;
  const start = wholeSecond(Math.min(startsAt.getTime(), now.getTime()) - BEFORE_START_MS);
  return until?.kind === 'time' && until.at <= start ? undefined : start.toISOString();
}

function defaultEnd({ start }: Input, { now, startsAt }: Pick<ToolContext, 'now' | 'startsAt'>): string {
  const latest = startsAt.getTime() + AFTER_START_MS;
  return typeof start === 'string' || latest >= now.getTime() ? 'now' : wholeSecond(latest).toISOString();
}

function wholeSecond(ms: number): Date {
  return new Date(Math.floor(ms / 1000) * 1000);
}

function refused(reason: string): Refused {
  return { kind: 'refused', reason };
}
