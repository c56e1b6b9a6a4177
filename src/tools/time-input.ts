/** Times as the model gives them: read exactly or refused, never silently moved. */

import { beginning } from '../domain/clipped';

/** For the description of each field. */
export const TIME_FORMS = 'RFC 3339 (`2026-03-01T12:00:00Z`), `now`, or relative to now (`-15m`, `-2h30m`)';

export interface TimeRange {
  readonly start: Date;
  readonly end: Date;
}

export type TimeReading = { readonly kind: 'time'; readonly at: Date } | Refused;
export type RangeReading = ({ readonly kind: 'range' } & TimeRange) | Refused;
export type StepReading = { readonly kind: 'step'; readonly seconds?: number } | Refused;

/** What is wrong and what is accepted, for the model. */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: string;
}

const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `now` counts in whole seconds: both backends answer to the second, and a person reads it. */
export function parseTime(field: string, text: string, now: Date): TimeReading {
  const trimmed = text.trim();
  const second = Math.floor(now.getTime() / 1000) * 1000;
  if (trimmed === 'now') return { kind: 'time', at: new Date(second) };
  const relative = /^(?:now)?-(.+)$/.exec(trimmed);
  const agoMs = relative ? durationMs(relative[1]!) : undefined;
  if (agoMs !== undefined && agoMs <= second) return { kind: 'time', at: new Date(second - agoMs) };
  const ms = rfc3339Ms(trimmed);
  if (ms !== undefined) return { kind: 'time', at: new Date(ms) };
  return refused(`${field}: "${shown(text)}" is no time. Accepted: ${TIME_FORMS}.`);
}

/** Absent bounds are the last hour. An end before its start is refused. */
export function parseRange(
  input: { readonly start?: string | null; readonly end?: string | null },
  now: Date,
): RangeReading {
  const end = parseTime('end', input.end ?? 'now', now);
  if (end.kind === 'refused') return end;
  const start = typeof input.start === 'string' ? parseTime('start', input.start, now) : hourBefore(end.at);
  if (start.kind === 'refused') return start;
  if (end.at < start.at) {
    return refused(
      `end (${formatTime(end.at)}) lies before start (${formatTime(start.at)}). Nothing was asked: exchange or mend them.`,
    );
  }
  return { kind: 'range', start: start.at, end: end.at };
}

/** A duration (`30s`, `5m`) or a number of seconds. */
export function parseStep(text: string | null | undefined): StepReading {
  if (!text?.trim()) return { kind: 'step' };
  const trimmed = text.trim();
  const ms = /^\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) * 1000 : durationMs(trimmed);
  if (ms === undefined || ms < 1000 || !Number.isFinite(ms)) {
    return refused(
      `step: "${shown(text)}" is no step. Accepted: a duration of at least 1s (\`30s\`, \`5m\`), or seconds.`,
    );
  }
  return { kind: 'step', seconds: ms / 1000 };
}

/** Points of a series in one result; more cost context and show nothing new. */
export const MAX_POINTS = 60;
const NICE_STEPS_SECONDS = [
  1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 450, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 10_800, 14_400,
  21_600, 28_800, 43_200, 86_400,
];

/** The step to use: the one asked for, unless it gives more than 60 points; then the next round one that does not. */
export function fitStep(
  range: TimeRange,
  askedSeconds?: number,
): { readonly seconds: number; readonly widened: boolean } {
  const lengthSeconds = (range.end.getTime() - range.start.getTime()) / 1000;
  const fits = (step: number): boolean => Math.floor(lengthSeconds / step) + 1 <= MAX_POINTS;
  if (askedSeconds !== undefined && fits(askedSeconds)) return { seconds: askedSeconds, widened: false };
  const least = askedSeconds ?? 15;
  const nice = NICE_STEPS_SECONDS.find((step) => step >= Math.min(least, 86_400) && fits(step));
  const seconds = nice ?? Math.ceil(lengthSeconds / (MAX_POINTS - 1) / 86_400) * 86_400;
  return { seconds, widened: askedSeconds !== undefined };
}

/** UTC; milliseconds only where there are any. */
export function formatTime(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z');
}

/** `90s`, `5m`, `1h30m`. */
export function formatDuration(seconds: number): string {
  if (seconds < 120 || !Number.isInteger(seconds)) return `${seconds}s`;
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const;
  return parts.map(([count, unit]) => (count ? `${count}${unit}` : '')).join('');
}

/** `1h30m`; undefined when it is no duration. */
function durationMs(text: string): number | undefined {
  if (!/^(?:\d+(?:ms|[smhdw]))+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdw])/g)) ms += Number(count) * UNIT_MS[unit!]!;
  return ms;
}

/** Milliseconds since 1970. Date.parse moves the 30th of February to March: such a date is refused instead. */
export function rfc3339Ms(text: string): number | undefined {
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const [, day, hour, minute, second] = match;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const ms = Date.parse(text.toUpperCase());
  return Number.isNaN(ms) ? undefined : ms;
}

function hourBefore(end: Date): TimeReading {
  return { kind: 'time', at: new Date(end.getTime() - 3_600_000) };
}

function refused(reason: string): Refused {
  return { kind: 'refused', reason };
}

function shown(text: string): string {
  return text.length <= 40 ? text : `${beginning(text, 40)}…`;
}
