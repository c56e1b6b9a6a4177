import type { MomentFigure } from './figure';
import { samplesAround, type Series } from './series';

const DAY = 86_400;

/** Unix seconds, from … to, that a moment of the prose may mean. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * What a written moment covers: all that rounds or is cut to it. A clock without a date stands on each day of the
 * samples that it is compared with.
 */
function momentSpan(moment: MomentFigure, near: readonly { readonly seconds: number }[]): Span[] {
  if (moment.elsewhere || near.length === 0) return [];
  if (moment.dated) return [spanAt(moment, moment.seconds)];
  const days = new Set([near[0]!.seconds, near.at(-1)!.seconds].map((seconds) => Math.floor(seconds / DAY)));
  return [...days].filter((day) => isDay(day, moment)).map((day) => spanAt(moment, day * DAY + moment.seconds));
}

function isDay(day: number, { day: told }: MomentFigure): boolean {
  const at = new Date(day * DAY * 1000);
  return !told || (at.getUTCMonth() === told.month && at.getUTCDate() === told.date);
}

function spanAt({ precision, about }: MomentFigure, seconds: number): Span {
  const slack = about ? 90 : 0;
  const rounded = precision === DAY ? 0 : precision / 2;
  return { from: seconds - rounded - slack, to: seconds + precision * 0.9999 + slack };
}

/** Whether a stretch of time (or a moment) of a text is the moment of the prose. */
export function isAt(moment: MomentFigure, from: number, to: number = from): boolean {
  return momentSpan(moment, [{ seconds: from }, { seconds: to }]).some((span) => span.from <= to && span.to >= from);
}

/** The values of a series at a moment of the prose. */
export function valuesAt(series: Series, moment: MomentFigure): number[] {
  return momentSpan(moment, series.samples).flatMap(({ from, to }) =>
    samplesAround(series, from, to).map(({ value }) => value),
  );
}
