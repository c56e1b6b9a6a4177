import { clipped } from '../../domain/clipped';
import { patternLine, type PatternKind, type ShownPattern } from '../../domain/pattern-line';
import { formatNumber, takeLines } from '../fit';
import { PLACE } from './line-template';
import type { ComparedPattern, Coverage, Windows } from './compare-patterns';
import type { Sightings } from './line-patterns';

/** Characters of a template and an example; where not all patterns fit, of a template alone. */
const TEMPLATE_CHARS = 200;
const EXAMPLE_CHARS = 160;
const SHORT_CHARS = 110;
/** Of the room, what is kept for the kinds behind the new ones. */
const SHARE_OF_OTHERS = 0.3;
/** Of the room of the new ones, what those have that came first. */
const SHARE_OF_FIRST = 0.75;
const MOST_SERVICES = 4;
/** Of the patterns that are as before, so many are named. */
const SAME_NAMED = 3;

const TOLD_ALONE: readonly PatternKind[] = ['new', 'seen', 'risen', 'gone', 'fallen'];

/** Without a comma: it is read back, and searched for. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `3 new, 1 risen, 9 the same`. */
export function kindsInWords(patterns: readonly ComparedPattern[]): string {
  const counts = [...TOLD_ALONE, 'same' as const].map(
    (kind) => [kind, patterns.filter((one) => one.kind === kind).length] as const,
  );
  return counts
    .flatMap(([kind, count]) => (count > 0 ? [`${count} ${kind === 'same' ? 'the same' : kind}`] : []))
    .join(', ');
}

/**
 * A pattern a line, in their order, and one line for those that are as before. Where not all fit, each is shorter; what
 * still does not is counted.
 * @param limit of patterns that get a line
 */
export function patternsText(
  patterns: readonly ComparedPattern[],
  windows: Windows,
  room: { readonly chars: number; readonly limit: number },
): string[] {
  const telling = patterns.filter(({ kind }) => kind !== 'same').slice(0, room.limit);
  const cutByLimit = patterns.filter(({ kind }) => kind !== 'same').length - telling.length;
  const same = sameLines(patterns.filter(({ kind }) => kind === 'same'));
  const chars = room.chars - same.join('\n').length - 200;
  const long = telling.map((pattern) => shownLine(pattern, windows, 'long'));
  const lines = fits(long, chars)
    ? long
    : fitted(
        telling,
        telling.map((one) => shownLine(one, windows, 'short')),
        chars,
      );
  const left = telling.length - lines.length;
  return [...lines, ...same, ...leftOut(left, cutByLimit)];
}

function fits(lines: readonly string[], chars: number): boolean {
  return lines.reduce((sum, { length }) => sum + length + 1, 0) <= chars;
}

/** Those that are new come first, but not so that nothing of the others is left. */
function fitted(telling: readonly ComparedPattern[], lines: readonly string[], chars: number): string[] {
  const newOnes = telling.filter(({ kind }) => kind === 'new' || kind === 'seen').length;
  const others = lines.slice(newOnes);
  const forOthers = Math.min(others.join('\n').length + 1, chars * SHARE_OF_OTHERS);
  const levels = telling.slice(0, newOnes).map(({ level }) => level);
  const shownNew = firstAndLast(lines.slice(0, newOnes), levels, chars - forOthers);
  return [...shownNew, ...takeLines(others, chars - shownNew.join('\n').length - 1)];
}

/** Of the level at which the room ends the first and some of the last: what came late is not lost behind early noise. */
function firstAndLast(
  lines: readonly string[],
  levels: readonly (string | undefined)[],
  chars: number,
): readonly string[] {
  const fitting = takeLines(lines, chars);
  if (fitting.length === lines.length) return fitting;
  const level = levels[fitting.length];
  const [begin, end] = [levels.indexOf(level), levels.lastIndexOf(level) + 1];
  const louder = lines.slice(0, begin).join('\n').length + 1;
  const first = takeLines(lines.slice(0, end), Math.max(louder, chars * SHARE_OF_FIRST));
  const rest = lines.slice(Math.max(begin, first.length), end).toReversed();
  return [...first, ...takeLines(rest, chars - first.join('\n').length - 1).toReversed()];
}

function leftOut(forRoom: number, byLimit: number): string[] {
  if (forRoom + byLimit === 0) return [];
  const why = [
    ...(forRoom > 0 ? [`${forRoom} to save room`] : []),
    ...(byLimit > 0 ? [`${byLimit} beyond the limit that was asked for`] : []),
  ];
  return [`left out: ${why.join(', ')}; narrow the query, or search them all with read_result`];
}

function sameLines(same: readonly ComparedPattern[]): string[] {
  if (same.length === 0) return [];
  const sum = same.reduce((total, { now }) => total + (now?.count ?? 0), 0);
  const most = same
    .toSorted((a, b) => b.now!.count - a.now!.count || (a.template < b.template ? -1 : 1))
    .slice(0, SAME_NAMED)
    .map(({ now, template }) => `${now!.count} of ${JSON.stringify(clipped(template, 60))}`);
  return [
    `same: ${counted(sum, 'line')} in ${counted(same.length, 'pattern')}, about as often as before: ${most.join(', ')}${same.length > SAME_NAMED ? ' …' : ''}`,
  ];
}

type Detail = 'long' | 'short' | 'full';

/** `full`: nothing is clipped or left out. */
export function shownLine(pattern: ComparedPattern, windows: Windows, detail: Detail): string {
  const { kind, level, now, before, template } = pattern;
  const own = now ?? before!;
  const isFull = detail === 'full';
  const named = isFull ? own.services : own.services.slice(0, MOST_SERVICES);
  const others = own.services.length - named.length;
  const example = template.includes(PLACE) && detail !== 'short' ? own.example : undefined;
  const shown: ShownPattern = {
    kind,
    count: now?.count ?? 0,
    ...(kind !== 'seen' && { before: before?.count ?? 0 }),
    ...perMinute(pattern, windows),
    first: moment(own.firstMs, isFull),
    last: moment(own.lastMs, isFull),
    ...(level && { level }),
    services: named,
    ...(others > 0 && { otherServices: others }),
    ...(own.traceId && { traceId: own.traceId }),
    template: isFull ? template : clipped(template, detail === 'long' ? TEMPLATE_CHARS : SHORT_CHARS),
    ...(example !== undefined && { example: isFull ? example : clipped(example, EXAMPLE_CHARS) }),
  };
  return patternLine(shown);
}

/** Counts of windows that are not equally long say little beside each other, and those of a sample say little at all. */
function perMinute({ kind, now, before }: ComparedPattern, windows: Windows): Pick<ShownPattern, 'perMinute'> {
  const isEstimated = [now, before].some((one) => one && one.estimate !== one.count);
  const isSeen = kind === 'seen';
  if (!isEstimated && (isSeen || windows.now.minutes === windows.before.minutes)) return {};
  const rate = ({ estimate, count }: Rated, { minutes }: Coverage): string =>
    formatNumber(estimate === count ? count / minutes : Number((estimate / minutes).toPrecision(2)));
  return {
    perMinute: {
      now: rate(now ?? NONE, windows.now),
      ...(!isSeen && { before: rate(before ?? NONE, windows.before) }),
    },
  };
}

type Rated = Pick<Sightings, 'count' | 'estimate'>;
const NONE: Rated = { count: 0, estimate: 0 };

function moment(ms: number, exact: boolean): Date {
  return new Date(exact ? ms : Math.floor(ms / 1000) * 1000);
}
