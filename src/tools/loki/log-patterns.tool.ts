import { z } from 'zod';
import { CEILINGS } from '../result-room';
import { TIME_FORMS, type TimeRange } from '../time-input';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import { comparedPatterns, type Windows } from './compare-patterns';
import { linePatterns } from './line-patterns';
import type { LogEntry, LokiClient } from './loki-client';
import { patternHead, readingNotes, resultLine } from './pattern-head';
import { patternsText, shownLine } from './pattern-text';
import { askedWindows, type AskedWindows } from './pattern-windows';
import { coverageOf, MAX_LINES, streamSelector } from './read-window';

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
count: lines in the range, before: in the baseline, rate: per minute where the windows differ. risen and fallen: at least twice or half the rate, and 5 lines apart. seen: whether it is new cannot be told, as the baseline was not read whole or its source was silent; the head says which. A pattern is made of the message field (msg, message, log …) with its error, else of the line.

Limits: the newest ${MAX_LINES} lines of each window; what was read is said. Busy source: filter by level or narrow the range around the onset, or a pattern that is new cannot be told from one that was cut off. All patterns: read_result.`;

/** `log_patterns`: what the lines of a range say, beside those before it. */
export function logPatternsTool(loki: LokiClient): Tool<typeof input> {
  return {
    name: 'log_patterns',
    description: DESCRIPTION,
    input,
    maxChars: CEILINGS.patterns,
    async run({ query, limit, ...times }, context: ToolContext): Promise<ToolFinding> {
      const asked = askedWindows(times, context);
      if (asked.kind === 'refused') return { status: 'failed', text: asked.reason };
      /* a query is checked before it is sent: its syntax first, then what Loki's index says of its size */
      const question: Question = { query, loki, signal: context.signal };
      const [now, before] = await Promise.all([asked.range, asked.baseline].map((range) => readLines(question, range)));
      if (now!.kind === 'failed') return failed(query, asked, now!.reason);
      const windows = await windowsOf(question, asked, [now!, before!]);
      return finding({ query, asked, windows, now: now!, before: before!, limit: limit ?? Infinity }, context);
    },
  };
}

interface Question {
  readonly query: string;
  readonly loki: LokiClient;
  readonly signal: AbortSignal;
}

type Lines =
  | { readonly kind: 'lines'; readonly entries: readonly LogEntry[]; readonly notes: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string };

async function readLines({ query, loki, signal }: Question, range: TimeRange, limit = MAX_LINES): Promise<Lines> {
  const answer = await loki.queryRange({ query, ...range, limit, stepSeconds: 60 }, signal);
  if (answer.kind === 'failed') return answer;
  if (answer.result.type !== 'lines') return { kind: 'failed', reason: NO_LINES_ASKED };
  return { kind: 'lines', entries: answer.result.entries, notes: answer.notes };
}

const NO_LINES_ASKED =
  'This is a metric query: it counts and has no lines. Give the part inside it that selects lines, or use query_logs for the count.';

/** An empty window says something only of a source that logged at all: then its bare selector finds a line. */
async function windowsOf(
  question: Question,
  { range, baseline }: AskedWindows,
  [now, before]: readonly Lines[],
): Promise<Windows> {
  const isSilent = async (lines: Lines, of: TimeRange): Promise<boolean> => {
    if (lines.kind === 'failed') return true;
    if (lines.entries.length > 0) return false;
    const selector = streamSelector(question.query);
    if (selector === undefined || selector === question.query.trim()) return true;
    const any = await readLines({ ...question, query: selector }, of, 1);
    return any.kind === 'failed' || any.entries.length === 0;
  };
  const [silentNow, silentBefore] = await Promise.all([isSilent(now!, range), isSilent(before!, baseline)]);
  return {
    now: coverageOf(entriesOf(now!), range, silentNow),
    before: coverageOf(entriesOf(before!), baseline, silentBefore),
  };
}

function entriesOf(lines: Lines): readonly LogEntry[] {
  return lines.kind === 'lines' ? lines.entries : [];
}

interface Found {
  readonly query: string;
  readonly asked: AskedWindows;
  readonly windows: Windows;
  readonly now: Lines;
  readonly before: Lines;
  readonly limit: number;
}

function finding({ query, asked, windows, now, before, limit }: Found, { roomChars }: ToolContext): ToolFinding {
  const unread = before.kind === 'failed' ? before.reason : undefined;
  const head = patternHead({ query, asked, windows, unread });
  const loki = [...new Set([now, before].flatMap((lines) => (lines.kind === 'lines' ? lines.notes : [])))];
  const notes = [...readingNotes(windows, unread), ...loki];
  if (windows.now.lines + windows.before.lines === 0) {
    return { status: 'no_data', text: [...head, NOTHING, ...notes].join('\n') };
  }
  const patterns = comparedPatterns(linePatterns(entriesOf(now), entriesOf(before)), windows);
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
