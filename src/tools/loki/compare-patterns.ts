import type { PatternKind } from '../../domain/pattern-line';
import type { LinePattern } from './line-patterns';

/** What is known of a window of time: how long was read, and whether that is all of it. */
export interface Coverage {
  readonly lines: number;
  /** From the first line that was read to the end; the whole window where nothing was cut off. */
  readonly minutes: number;
  /** The limit of lines was reached: what is older was not read. */
  readonly cut: boolean;
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

/**
 * Each pattern beside the baseline. What the baseline does not hold is new only where all of it was read and its source
 * was alive, and what is not there now is gone only where all of the window was read; else nothing is said of it.
 */
export function comparedPatterns(patterns: readonly LinePattern[], windows: Windows): ComparedPattern[] {
  return patterns
    .flatMap((pattern) => {
      const kind = kindOf(pattern, windows);
      return kind ? [{ ...pattern, kind }] : [];
    })
    .sort(inOrder);
}

function kindOf({ now, before }: LinePattern, windows: Windows): PatternKind | undefined {
  if (windows.before.silent) return 'seen';
  if (!before) return windows.before.cut ? 'seen' : 'new';
  if (!now) return windows.now.cut ? undefined : 'gone';
  const [rate, rateBefore] = [now.count / windows.now.minutes, before.count / windows.before.minutes];
  const apart = Math.abs(rate - rateBefore) * Math.min(windows.now.minutes, windows.before.minutes);
  if (apart < LEAST_APART) return 'same';
  if (rate >= FACTOR * rateBefore) return 'risen';
  return rate * FACTOR <= rateBefore ? 'fallen' : 'same';
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

function loudness({ level }: LinePattern): number {
  const at = LOUD.indexOf(level ?? '');
  return at < 0 ? LOUD.length : at;
}

function change({ now, before }: LinePattern): number {
  return Math.abs((now?.count ?? 0) - (before?.count ?? 0));
}
