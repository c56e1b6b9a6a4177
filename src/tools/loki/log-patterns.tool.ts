import { z } from 'zod';
import { CEILINGS } from '../result-room';
import { TIME_FORMS, type TimeRange } from '../time-input';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import { type ComparedPattern, comparedPatterns, type Coverage, type Windows } from './compare-patterns';
import { linePatterns } from './line-patterns';
import { logqlMistake } from './logql-mistakes';
import { parseLogql } from './logql-tree';
import type { LokiClient } from './loki-client';
import { patternHead, readingNotes, resultLine } from './pattern-head';
import { patternsText, shownLine } from './pattern-text';
import { askedWindows, type AskedWindows } from './pattern-windows';
import type { Question, ReadLine } from './read-lines';
import { tooMuchToRead } from './read-size';
import { readWindow, type WindowRead } from './read-window';
import { settledPatterns } from './settle-new';

/** What a tool has, unless it is configured. */
const TIMEOUT_MS = 30_000;
/** Of it; after this nothing more is asked, and what is known by then is told. */
const SHARE_FOR_ASKING = 2 / 3;
/** More of them have no room in a result. */
const MAX_PATTERNS = 200;

const input = z.strictObject({
  query: z.string().min(1).max(8000).describe('LogQL that selects lines; no metric query.'),
  start: z.string().nullish().describe(`${TIME_FORMS}. Default 15 minutes before the alert's start.`),
  end: z.string().nullish().describe('Default now, for an old alert 45 minutes after its start.'),
  baseline: z
    .string()
    .nullish()
    .describe('Where the window to compare with begins, as long as the range. Default: it ends at `start`.'),
  limit: z.int().min(1).max(MAX_PATTERNS).nullish().describe('Most patterns to show. Default: all that fit.'),
});

const DESCRIPTION = `Says what is new in the logs since the incident: lines of one form are one pattern with its count, compared with a quiet window before. Use it before you read single lines with query_logs.

Examples
- {service="checkout"}
- all errors, whoever logs them: {service=~".+"} | json | level=~"error|fatal"
- against the same time yesterday: start -30m, baseline -1d

Comes back, a pattern a line: new, risen, gone, fallen, then those as before in one line.
new count=12 before=0 first=T last=T level=error service="payments" trace=ID: message, <*> for what varies | e.g. one message
count: lines in the range, before: in the baseline. risen and fallen: at least twice or half the rate, and 5 lines apart. seen: whether it is new is not known; the head says why. A pattern is made of the message field (msg, message, log …) with its error, else of the line.

Busy source (over 5,000 lines a window): a sample spread over each window, and beside it the lines that name a failure; counts with a rate= are of the sample, the rate per minute is estimated. Then filter by level or text for what is rare. All patterns: read_result.`;

/** `log_patterns`: what the lines of a range say, beside those before it. */
export function logPatternsTool(loki: LokiClient, timeoutMs = TIMEOUT_MS): Tool<typeof input> {
  return {
    name: 'log_patterns',
    description: DESCRIPTION,
    input,
    maxChars: CEILINGS.patterns,
    async run({ query, limit, ...times }, context: ToolContext): Promise<ToolFinding> {
      const asked = askedWindows(times, context);
      if (asked.kind === 'refused') return { status: 'failed', text: asked.reason };
      const { range, baseline } = asked;
      const refusal = logqlMistake(query) ?? (await whyNotRead({ query, loki, signal: context.signal }, asked));
      if (refusal !== undefined) return failed(query, asked, refusal);
      const question = {
        query,
        loki,
        signal: context.signal,
        enough: AbortSignal.timeout(timeoutMs * SHARE_FOR_ASKING),
      };
      const [now, before] = await Promise.all([readWindow(question, range), readWindow(question, baseline)]);
      if (now.kind === 'failed') return failed(query, asked, now.reason);
      const windows = await windowsOf(question, asked, [now, before]);
      const patterns = await patternsOf(question, asked, windows, [linesOf(now), linesOf(before)]);
      return finding({ query, asked, windows, now, before, patterns, limit: limit ?? Infinity }, context);
    },
  };
}

/** Lines are counted and searched here, not only read from the newest on: the whole range costs. */
async function whyNotRead(
  { query, loki, signal }: Omit<Question, 'enough'>,
  { range, baseline }: AskedWindows,
): Promise<string | undefined> {
  const tree = parseLogql(query);
  if (tree?.gives === 'series') return NO_LINES_ASKED;
  const searched = tree && { ...tree, filters: true };
  const [now, before] = await Promise.all([range, baseline].map((one) => tooMuchToRead(loki, searched, one, signal)));
  return now ?? before;
}

const NO_LINES_ASKED =
  'This is a metric query: it counts and has no lines. Give the part inside it that selects lines, or use query_logs for the count.';

async function patternsOf(
  question: Question,
  asked: AskedWindows,
  windows: Windows,
  [now, before]: readonly [readonly ReadLine[], readonly ReadLine[]],
): Promise<ComparedPattern[]> {
  const patterns = comparedPatterns(linePatterns(now, before), windows);
  if (!windows.now.sample && !windows.before.sample) return patterns;
  return comparedPatterns(await settledPatterns(question, patterns, windows, asked), windows);
}

/** An empty window says something only of a source that logged at all: then its bare selector finds a line. */
async function windowsOf(
  { query, loki, signal }: Question,
  { range, baseline }: AskedWindows,
  [now, before]: readonly [WindowRead, WindowRead],
): Promise<Windows> {
  const selector = parseLogql(query)?.selectors[0]?.text;
  const isSilent = async (read: WindowRead, of: TimeRange): Promise<boolean> => {
    if (read.kind === 'failed') return true;
    if (read.lines.length > 0) return false;
    if (selector === undefined || selector === query.trim()) return true;
    const any = await loki.queryRange({ query: selector, ...of, limit: 1, stepSeconds: 60 }, signal);
    return any.kind === 'failed' || any.result.type !== 'lines' || any.result.entries.length === 0;
  };
  const [silentNow, silentBefore] = await Promise.all([isSilent(now, range), isSilent(before, baseline)]);
  return { now: coverageOf(now, range, silentNow), before: coverageOf(before, baseline, silentBefore) };
}

function coverageOf(read: WindowRead, { start, end }: TimeRange, silent: boolean): Coverage {
  const minutes = (end.getTime() - start.getTime()) / 60_000;
  const sample = read.kind === 'lines' ? read.sample : undefined;
  return { lines: linesOf(read).length, minutes, silent, ...(sample && { sample }) };
}

function linesOf(read: WindowRead): readonly ReadLine[] {
  return read.kind === 'lines' ? read.lines : [];
}

interface Found {
  readonly query: string;
  readonly asked: AskedWindows;
  readonly windows: Windows;
  readonly now: WindowRead;
  readonly before: WindowRead;
  readonly patterns: readonly ComparedPattern[];
  readonly limit: number;
}

function finding(
  { query, asked, windows, now, before, patterns, limit }: Found,
  { roomChars }: ToolContext,
): ToolFinding {
  const unread = before.kind === 'failed' ? before.reason : undefined;
  const head = patternHead({ query, asked, windows, unread });
  const loki = [...new Set([now, before].flatMap((read) => (read.kind === 'lines' ? read.notes : [])))];
  const notes = [...readingNotes(windows, unread), ...loki];
  if (windows.now.lines + windows.before.lines === 0) {
    return { status: 'no_data', text: [...head, NOTHING, ...notes].join('\n') };
  }
  const top = [...head, resultLine(patterns, windows)];
  const used = [...top, ...notes].join('\n').length + 1;
  const lines = patternsText(patterns, windows, { chars: roomChars - used, limit });
  const full = [...top, ...notes, ...patterns.map((pattern) => shownLine(pattern, windows, 'full'))].join('\n');
  return { status: 'ok', text: [...top, ...lines, ...notes].join('\n'), full };
}

function failed(query: string, asked: AskedWindows, reason: string): ToolFinding {
  const { range } = asked;
  return { status: 'failed', text: [...patternHead({ query, asked: { ...asked, range } }), reason].join('\n') };
}

const NOTHING =
  'Found nothing: the query worked, and no line matched, neither in the range nor in the baseline. Ask for the bare selector (a label may be wrong, or the source does not log), then add the filters one by one; a level or a field may be spelt differently.';
