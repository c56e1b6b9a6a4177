import type { TimeRange } from '../time-input';
import { frequentPieces } from './frequent-pieces';
import { holdsOneOf, isLoud, LOUD_FILTER } from './loud-lines';
import { type Most, type Question, type ReadLine, readLines, type Slices } from './read-lines';

/** 5,000 is Loki's own bound of one answer (max_entries_limit_per_query). */
const ALL: Most = { lines: 5000, slices: 6, linesEach: 500 };
/** Beside a sample: of many thousand lines it misses the three that tell the cause. */
const LOUD: Most = { lines: 2000, slices: 4, linesEach: 500 };

/** How a window that holds too many lines was read. */
export interface Sample extends Slices {
  /** Lines of the slices. */
  readonly lines: number;
  /** The lines that name a failure, which were read beside them. */
  readonly loud?: Loud;
}

export interface Loud {
  readonly lines: number;
  /** All were read but those that hold one of these texts; absent: only a sample of them was. */
  readonly without?: readonly string[];
}

export type WindowRead =
  | {
      readonly kind: 'lines';
      /** Oldest first. */
      readonly lines: readonly ReadLine[];
      /** Absent: these are all. */
      readonly sample?: Sample;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** All lines of a window, or a sample that is spread over it and, beside it, those that name a failure. */
export async function readWindow(question: Question, range: TimeRange): Promise<WindowRead> {
  const all = await readLines(question, range, ALL);
  if (all.kind === 'failed') return all;
  const { slices, ...rest } = all;
  if (!slices) return rest;
  const sample = { ...slices, lines: all.lines.length };
  const loud = await readLoud(question, range);
  if (!loud) return { ...rest, sample };
  const { lines, without } = loud;
  const quiet = all.lines.filter(({ entry }) => !isLoud(entry.line));
  const read = { lines: lines.length, ...(without && { without }) };
  return { ...rest, lines: inTime([...quiet, ...lines]), sample: { ...sample, loud: read } };
}

interface LoudRead {
  readonly lines: readonly ReadLine[];
  readonly without?: readonly string[];
}

/**
 * Where one thing fails a thousand times, all others that fail are read whole: what failed first is among the rare ones.
 * @returns undefined where they could not be read
 */
async function readLoud(question: Question, range: TimeRange): Promise<LoudRead | undefined> {
  /* in a line of its own: the query may end in a comment */
  const query = `${question.query}\n${LOUD_FILTER}`;
  const loud = await readLines({ ...question, query }, range, LOUD);
  if (loud.kind === 'failed') return undefined;
  if (!loud.slices) return { lines: loud.lines, without: [] };
  const without = frequentPieces(loud.lines);
  if (without.length === 0 || question.enough.aborted) return { lines: loud.lines };
  const others = `${query} ${without.map((piece) => `!= ${JSON.stringify(piece)}`).join(' ')}`;
  const rest = await readLines({ ...question, query: others }, range, { ...LOUD, slices: 1 });
  if (rest.kind === 'failed' || rest.slices) return { lines: loud.lines };
  const frequent = loud.lines.filter(({ entry }) => holdsOneOf(entry.line, without));
  return { lines: inTime([...frequent, ...rest.lines]), without };
}

function inTime(lines: readonly ReadLine[]): ReadLine[] {
  return lines.toSorted((a, b) => {
    const [one, other] = [a.entry.nanos, b.entry.nanos];
    return one < other ? -1 : one > other ? 1 : 0;
  });
}
