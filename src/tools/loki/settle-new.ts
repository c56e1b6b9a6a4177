import type { TimeRange } from '../time-input';
import { SIDE_QUESTION_MS, withinMs } from '../time-limit';
import { type ComparedPattern, isExact, loudness, type Windows } from './compare-patterns';
import { constantPieces } from './constant-pieces';
import type { LinePattern } from './line-patterns';
import { fewAtOnce, type Question } from './read-lines';

/** So many patterns are looked for in a baseline that was not read whole: each costs a request or two. */
const MOST_LOOKED_FOR = 5;
/** With less text a filter finds lines of other patterns as well: then only that it finds none says something. */
const TELLING_CHARS = 12;

interface Ranges {
  readonly range: TimeRange;
  readonly baseline: TimeRange;
}

/**
 * Looks for the most telling of what may be new in all of the baseline, by its own words: what is not there is new. Of
 * what is new in a sample, its first line is looked for in all of the range.
 * @param patterns the most telling first
 */
export async function settledPatterns(
  question: Question,
  patterns: readonly ComparedPattern[],
  windows: Windows,
  ranges: Ranges,
): Promise<LinePattern[]> {
  const isOpen = ({ kind, now }: ComparedPattern): boolean =>
    (kind === 'seen' && !windows.before.silent) || (kind === 'new' && !isExact(now!, windows.now));
  const open = patterns.filter(isOpen).toSorted(byClearness).slice(0, MOST_LOOKED_FOR);
  const settled = new Map(
    await fewAtOnce(open, async (pattern) => [pattern, await settle(question, pattern, windows, ranges)] as const),
  );
  return patterns.map((pattern) => settled.get(pattern) ?? pattern);
}

/** Of a sample, what came often and was never there before is the likeliest to be new. */
function byClearness(a: ComparedPattern, b: ComparedPattern): number {
  return loudness(a) - loudness(b) || b.now!.count - a.now!.count;
}

async function settle(
  question: Question,
  pattern: ComparedPattern,
  windows: Windows,
  { range, baseline }: Ranges,
): Promise<LinePattern> {
  const { now, template, kind } = pattern;
  const pieces = constantPieces(template, now!.lines[0]!);
  if (pieces.length === 0 || question.enough.aborted) return pattern;
  const isTelling = pieces.join('').length >= TELLING_CHARS;
  const narrowed = { ...question, query: `${question.query}\n${filterOf(pieces)}` };
  if (kind === 'seen') {
    const count = await countOf(narrowed, baseline);
    if (count === undefined || (count > 0 && !isTelling)) return pattern;
    if (count > 0) return { ...pattern, before: { ...now!, count, estimate: count } };
  }
  const isFirstKnown = isExact(now!, windows.now) || !isTelling;
  const firstMs = isFirstKnown ? undefined : await firstOf(narrowed, range);
  return { ...pattern, isLookedFor: true, now: { ...now!, firstMs: Math.min(firstMs ?? Infinity, now!.firstMs) } };
}

function countOf({ query, loki, signal, enough }: Question, range: TimeRange): Promise<number | undefined> {
  return withinMs(SIDE_QUESTION_MS, signal, (brief) => loki.countLines(query, range, AbortSignal.any([brief, enough])));
}

async function firstOf({ query, loki, signal, enough }: Question, range: TimeRange): Promise<number | undefined> {
  const asked = { query, ...range, limit: 1, stepSeconds: 60, direction: 'forward' } as const;
  const answer = await withinMs(SIDE_QUESTION_MS, signal, (brief) =>
    loki.queryRange(asked, AbortSignal.any([brief, enough])),
  );
  if (answer?.kind !== 'result' || answer.result.type !== 'lines') return undefined;
  const [first] = answer.result.entries;
  return first && Number(first.nanos / 1_000_000n);
}

/** `|= "charge" |= "failed"`; JSON's escapes are those of LogQL. */
function filterOf(pieces: readonly string[]): string {
  return pieces.map((piece) => `|= ${JSON.stringify(piece)}`).join(' ');
}
