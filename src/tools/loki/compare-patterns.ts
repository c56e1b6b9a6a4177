import type { PatternKind } from '../../domain/pattern-line';
import type { LinePattern, Sightings } from './line-patterns';
import { holdsOneOf } from './loud-lines';
import type { Sample } from './read-window';

/** What is known of a window of time, and whether that is all of it. */
export interface Coverage {
  /** Those that were read. */
  readonly lines: number;
  /** How long the window is. */
  readonly minutes: number;
  /** There were too many lines to read them all. */
  readonly sample?: Sample;
  /** No line at all, and nothing shows that its source logged then. */
  readonly silent: boolean;
}

export interface Windows {
  readonly now: Coverage;
  readonly before: Coverage;
}

export interface ComparedPattern extends LinePattern {
  readonly kind: PatternKind;
}

/** A rate is another one when it is at least so many times the other … */
const FACTOR = 2;
/** … and when so many lines lie between what came and what was to be expected: two of one are chance. */
const LEAST_APART = 5;
/** In a sample that is so many times the chance of it, which is the root of the lines. */
const SIGMAS = 3;

/** Whether all lines of a pattern were read: in a sample those that name a failure may be. */
export function isExact({ isLoud, lines }: Sightings, { sample }: Coverage): boolean {
  if (!sample) return true;
  const without = sample.loud?.without;
  return isLoud && without !== undefined && !lines.some((line) => holdsOneOf(line, without));
}

/**
 * Each pattern beside the baseline. What the baseline does not hold is new only where all of it was read or searched and
 * its source was alive, and what is not there now is gone only where all of the window was read; else nothing is said of
 * it.
 */
export function comparedPatterns(patterns: readonly LinePattern[], windows: Windows): ComparedPattern[] {
  return patterns
    .flatMap((pattern) => {
      const kind = kindOf(pattern, windows);
      return kind ? [{ ...pattern, kind }] : [];
    })
    .sort(inOrder);
}

function kindOf(pattern: LinePattern, windows: Windows): PatternKind | undefined {
  const { now, before, isLookedFor } = pattern;
  if (windows.before.silent) return 'seen';
  if (!before) return isLookedFor || isExact(now!, windows.before) ? 'new' : 'seen';
  if (!now) return isExact(before, windows.now) ? 'gone' : undefined;
  const [rate, rateBefore] = [now.estimate / windows.now.minutes, before.estimate / windows.before.minutes];
  const apart = Math.abs(rate - rateBefore) * Math.min(windows.now.minutes, windows.before.minutes);
  if (apart < leastApart(now, before)) return 'same';
  if (rate >= FACTOR * rateBefore) return 'risen';
  return rate * FACTOR <= rateBefore ? 'fallen' : 'same';
}

/** Lines that two estimates must lie apart, or the difference is that of which lines were taken. */
function leastApart(now: Sightings, before: Sightings): number {
  const chance = [now, before].reduce((sum, { count, estimate }) => {
    const weight = estimate / count;
    return weight > 1 ? sum + count * weight ** 2 : sum;
  }, 0);
  return Math.max(LEAST_APART, SIGMAS * Math.sqrt(chance));
}

const KINDS: readonly PatternKind[] = ['new', 'seen', 'risen', 'gone', 'fallen', 'same'];
const LOUD: readonly string[] = ['panic', 'fatal', 'emergency', 'alert', 'critical', 'error', 'warn'];

/**
 * By kind; what is new by how loud it is and by when it came, not by how often, so that the one line that tells the
 * cause stands before a thousand that tell what followed.
 */
function inOrder(a: ComparedPattern, b: ComparedPattern): number {
  const kinds = KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
  if (kinds !== 0) return kinds;
  const byTemplate = a.template < b.template ? -1 : 1;
  if (a.kind === 'new' || a.kind === 'seen') {
    return loudness(a) - loudness(b) || (a.now?.firstMs ?? 0) - (b.now?.firstMs ?? 0) || byTemplate;
  }
  return change(b) - change(a) || byTemplate;
}

/** 0 is the loudest. */
export function loudness({ level }: LinePattern): number {
  const at = LOUD.indexOf(level ?? '');
  return at < 0 ? LOUD.length : at;
}

function change({ now, before }: LinePattern): number {
  return Math.abs((now?.estimate ?? 0) - (before?.estimate ?? 0));
}
