import type { MomentFigure } from './figure';

const DAY = 86_400;
const DATE_TIME =
  /(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?)?(?: ?(Z|UTC|GMT|[+-]\d\d:\d\d))?(?![\p{L}\p{N}])/uy;
const CLOCK =
  /([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?(?: ?(Z|UTC|GMT|am|pm|[A-Z]{2,4}(?= |$|[).,;])))?(?![\p{L}\p{N}]|:\d)/uy;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(${MONTHS.join('|')})[a-z]{0,6}\\.?`;
/** `24 Nov`, `Nov 24th, 2026`. */
const DATE = new RegExp(
  `(?:(\\d{1,2})(?:st|nd|rd|th)? ${MONTH}|${MONTH} (\\d{1,2})(?:st|nd|rd|th)?)(?:,? (20\\d\\d))?(?![\\p{L}\\p{N}:])`,
  'uy',
);
const BEFORE_CLOCK = /,? (?:at |around |about )?(?=\d)/y;

/** A moment that begins at `at`, whatever the words before it allow: `12:03`, `2026-11-24T12:03:15Z`, `24 Nov at 03:04`. */
export function momentAt(text: string, at: number): MomentFigure | undefined {
  return /\d/.test(text[at]!) ? (isoAt(text, at) ?? clockAt(text, at) ?? dateAt(text, at)) : dateAt(text, at);
}

function isoAt(text: string, at: number): MomentFigure | undefined {
  DATE_TIME.lastIndex = at;
  const [written, day, hour, minute, second, zone] = DATE_TIME.exec(text) ?? [];
  if (written === undefined) return undefined;
  const offset = zone && /^[+-]/.test(zone) ? zone : 'Z';
  const ms = Date.parse(`${day}T${hour ?? '00'}:${minute ?? '00'}:00${offset}`);
  if (Number.isNaN(ms)) return undefined;
  const precision = hour === undefined ? DAY : precisionOf(second);
  return { ...MOMENT, text: written, at, seconds: ms / 1000 + Number(second ?? 0), dated: true, precision };
}

function clockAt(text: string, at: number): MomentFigure | undefined {
  CLOCK.lastIndex = at;
  const [written, hour, minute, second, zone] = CLOCK.exec(text) ?? [];
  if (written === undefined) return undefined;
  const later = zone === 'pm' && Number(hour) < 12 ? 12 : 0;
  const elsewhere = zone !== undefined && !['Z', 'UTC', 'GMT', 'am', 'pm'].includes(zone);
  const seconds = (Number(hour) + later) * 3600 + Number(minute) * 60 + Number(second ?? 0);
  return { ...MOMENT, text: written, at, seconds, precision: precisionOf(second), elsewhere };
}

/** A date in words, with the clock behind it. */
function dateAt(text: string, at: number): MomentFigure | undefined {
  DATE.lastIndex = at;
  const [written, before, month, later, behind, year] = DATE.exec(text) ?? [];
  if (written === undefined) return undefined;
  const day = { month: MONTHS.indexOf(month ?? later!), date: Number(before ?? behind) };
  const end = at + written.length;
  BEFORE_CLOCK.lastIndex = end;
  const between = BEFORE_CLOCK.exec(text)?.[0] ?? '';
  const clock = between ? clockAt(text, end + between.length) : undefined;
  const whole = clock ? text.slice(at, clock.at + clock.text.length) : written;
  const rest = clock ?? { ...MOMENT, seconds: 0, precision: DAY };
  if (year === undefined) return { ...rest, text: whole, at, day };
  const midnight = Date.UTC(Number(year), day.month, day.date) / 1000;
  return { ...rest, text: whole, at, seconds: midnight + rest.seconds, dated: true };
}

const MOMENT = { kind: 'moment', dated: false, about: false, elsewhere: false } as const;

function precisionOf(second: string | undefined): number {
  return second === undefined ? 60 : 10 ** -(second.split('.')[1]?.length ?? 0);
}
