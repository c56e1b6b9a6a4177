import type { Dimension } from './figure';

export interface Unit {
  readonly dimension: Dimension;
  readonly scales: readonly number[];
}

/** Go writes a duration as `30 * time.Second`. */
const GO = (name: string): string => String.raw` \* time\.${name}`;

const K = 1024;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Written attached or behind a space or a hyphen. `MB` is a million bytes to some and 1,048,576 to others. */
const UNITS: readonly (readonly [written: string, dimension: Dimension, ...scales: number[]])[] = [
  ['percentage points|percentage point|percent points|pp|points|point', 'points', 0.01],
  ['%|percent|per cent', 'percent', 0.01],
  ['nanoseconds|nanosecond|ns', 'duration', 1e-9],
  ['microseconds|microsecond|us|µs|μs', 'duration', 1e-6],
  ['milliseconds|millisecond|millis|msec|ms', 'duration', 1e-3],
  [GO('Millisecond'), 'duration', 1e-3],
  [GO('Second'), 'duration', 1],
  [GO('Minute'), 'duration', MINUTE],
  [GO('Hour'), 'duration', HOUR],
  ['seconds|second|secs|sec|s', 'duration', 1],
  ['minutes|minute|mins|min|m', 'duration', MINUTE],
  ['hours|hour|hrs|hr|h', 'duration', HOUR],
  ['days|day|d', 'duration', DAY],
  ['weeks|week|w', 'duration', 7 * DAY],
  ['kibibytes|KiB|Ki', 'bytes', K],
  ['mebibytes|MiB|Mi', 'bytes', K ** 2],
  ['gibibytes|GiB|Gi', 'bytes', K ** 3],
  ['tebibytes|TiB|Ti', 'bytes', K ** 4],
  ['kilobytes|kB|KB', 'bytes', 1e3, K],
  ['megabytes|MB', 'bytes', 1e6, K ** 2],
  ['gigabytes|GB', 'bytes', 1e9, K ** 3],
  ['terabytes|TB', 'bytes', 1e12, K ** 4],
  ['bytes|byte|B', 'bytes', 1],
  ['millicores?|milli-cores?|mCPU', 'plain', 1e-3],
  ['thousand|k|K', 'plain', 1e3],
  ['million|mn|M', 'plain', 1e6],
  ['billion|bn|G', 'plain', 1e9],
  ['-?fold|×|x', 'factor', 1],
  [
    'times(?= (?:as|more|higher|larger|bigger|greater|longer|slower|faster|less|lower|the|its|what|worse|above)(?![a-z]))',
    'factor',
    1,
  ],
];

const ATTACHED = String.raw`[ \u00a0\u202f\u2009-]?`;
const PATTERN = new RegExp(
  `${ATTACHED}(?:${UNITS.map(([written]) => `(${written})`).join('|')})(?![\\p{L}\\p{N}_])`,
  'uy',
);

/** The unit that begins at `at`, and where it ends. */
export function unitAt(text: string, at: number): { readonly unit: Unit; readonly end: number } | undefined {
  PATTERN.lastIndex = at;
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [, dimension, ...scales] = UNITS[match.slice(1).findIndex(Boolean)]!;
  return { unit: { dimension, scales }, end: at + match[0].length };
}

const PER =
  /^(?:[ \u00a0]?(?:[a-z]{1,14}[ \u00a0]?){0,3}?)(?:\/[ ]?|\bper |\ban? |\bevery |\beach )(s|sec|second|min|minute|m|h|hr|hour|d|day)(?![\p{L}\p{N}_]| (?:later|ago|earlier))/iu;
const PER_NAMES = /^ ?(rps|qps|tps|rpm)\b/i;

/** Per how many seconds the number that ends at `end` counts: `12 errors per minute` 60, `40 req/s` 1. */
export function perSecondsAt(text: string, end: number): number | undefined {
  const behind = text.slice(end, end + 60);
  const named = PER_NAMES.exec(behind)?.[1]?.toLowerCase();
  if (named) return named === 'rpm' ? MINUTE : 1;
  const unit = PER.exec(behind)?.[1]?.toLowerCase();
  if (!unit) return undefined;
  if (unit.startsWith('m')) return MINUTE;
  if (unit.startsWith('h')) return HOUR;
  return unit.startsWith('d') ? DAY : 1;
}
