import type { TimeRange } from '../time-input';
import { withinMs } from '../time-limit';
import type { LogEntry, LokiClient } from './loki-client';

/** What is asked, and until when. */
export interface Question {
  readonly query: string;
  readonly loki: LokiClient;
  readonly signal: AbortSignal;
  /** Aborts when no more is to be asked: what is known by then is told. */
  readonly enough: AbortSignal;
}

/** A line, and how many lines of its range it stands for. */
export interface ReadLine {
  readonly entry: LogEntry;
  readonly weight: number;
}

/** How lines were taken from a range that holds too many. */
export interface Slices {
  /** The lines that there are, as Loki counted them; undefined where it did not. */
  readonly of?: number;
  readonly count: number;
  /** Of them, those that Loki did not give. */
  readonly unread: number;
  readonly linesEach: number;
  readonly lengthMs: number;
}

export type LinesRead =
  | {
      readonly kind: 'lines';
      /** Oldest first. */
      readonly lines: readonly ReadLine[];
      /** Absent: these are all. */
      readonly slices?: Slices;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** How much is read at most. */
export interface Most {
  /** So many lines are read whole. */
  readonly lines: number;
  readonly slices: number;
  readonly linesEach: number;
}

/** Both windows are read at the same time: four requests side by side. */
const AT_ONCE = 2;
/** For a count or a slice. */
const PART_MS = 8_000;

/**
 * The lines of a range. Where there are too many, the newest ones of slices of equal length: the newest of the whole
 * range would be those of its last seconds.
 */
export async function readLines(question: Question, range: TimeRange, most: Most): Promise<LinesRead> {
  const { query, loki, signal, enough } = question;
  const of = await withinMs(PART_MS, signal, (brief) =>
    loki.countLines(query, range, AbortSignal.any([brief, enough])),
  );
  if (of === 0) return { kind: 'lines', lines: [], notes: [] };
  if (of !== undefined && of > most.lines) return sampled(question, range, { ...most, of });
  const whole = await newest(question, range, most.lines, signal);
  /* an answer that is too long or takes too long is mended by asking for less of it */
  if (whole.kind === 'failed')
    return of !== undefined && of > most.linesEach ? sampled(question, range, { ...most, of }) : whole;
  const isCut = of === undefined && whole.entries.length >= most.lines;
  if (isCut) return sampled(question, range, most);
  return { kind: 'lines', lines: whole.entries.map((entry) => ({ entry, weight: 1 })), notes: whole.notes };
}

type Newest =
  | { readonly kind: 'entries'; readonly entries: readonly LogEntry[]; readonly notes: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string };

async function newest(
  { query, loki }: Question,
  range: TimeRange,
  limit: number,
  signal: AbortSignal,
): Promise<Newest> {
  const answer = await loki.queryRange({ query, ...range, limit, stepSeconds: 60 }, signal);
  if (answer.kind === 'failed') return answer;
  if (answer.result.type !== 'lines')
    return { kind: 'failed', reason: 'Loki answered with counts where lines were asked for.' };
  return { kind: 'entries', entries: answer.result.entries, notes: answer.notes };
}

async function sampled(
  question: Question,
  { start, end }: TimeRange,
  { of, slices: count, linesEach }: Most & { readonly of?: number },
): Promise<LinesRead> {
  const lengthMs = (end.getTime() - start.getTime()) / count;
  const ranges = Array.from({ length: count }, (_, i): TimeRange => ({
    start: new Date(start.getTime() + Math.floor(i * lengthMs)),
    end: new Date(start.getTime() + Math.floor((i + 1) * lengthMs)),
  }));
  const { signal, enough } = question;
  const slices = await fewAtOnce(ranges, (range) =>
    withinMs(PART_MS, signal, (brief) => newest(question, range, linesEach, AbortSignal.any([brief, enough]))),
  );
  const read = slices.flatMap((slice, i) => (slice?.kind === 'entries' ? [{ ...slice, range: ranges[i]! }] : []));
  if (read.length === 0) {
    const failed = slices.find((slice) => slice?.kind === 'failed');
    return { kind: 'failed', reason: failed?.kind === 'failed' ? failed.reason : TOO_SLOW };
  }
  return {
    kind: 'lines',
    lines: weighted(read, { of, linesEach }),
    slices: { ...(of !== undefined && { of }), count, unread: count - read.length, linesEach, lengthMs },
    notes: [...new Set(read.flatMap(({ notes }) => notes))],
  };
}

const TOO_SLOW = 'Loki took too long for these lines. Shorten the range, or add a label to the selector.';

interface Slice {
  readonly entries: readonly LogEntry[];
  readonly range: TimeRange;
}

/** The lines of a slice stand for all of it, by the time that they cover; those of all slices for what was counted. */
function weighted(slices: readonly Slice[], { of, linesEach }: { of?: number; linesEach: number }): ReadLine[] {
  const raw = slices.map(({ entries, range: { start, end } }): number => {
    if (entries.length < linesEach) return 1;
    const lengthMs = end.getTime() - start.getTime();
    const coveredMs = end.getTime() - Number(entries[0]!.nanos / 1_000_000n);
    /* lines that all came in one moment must not stand for more than there are */
    const leastMs = of === undefined ? 1000 : (lengthMs * linesEach) / of;
    return Math.max(1, lengthMs / Math.max(coveredMs, leastMs, 1));
  });
  const sum = slices.reduce((total, { entries }, i) => total + entries.length * raw[i]!, 0);
  const scale = of === undefined || sum === 0 ? 1 : of / sum;
  return slices.flatMap(({ entries }, i) =>
    entries.map((entry) => ({ entry, weight: raw[i] === 1 ? 1 : Math.max(1, raw[i]! * scale) })),
  );
}

/** The answers in the order of what was asked. */
export async function fewAtOnce<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      answers[at] = await ask(items[at]!);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return answers;
}
