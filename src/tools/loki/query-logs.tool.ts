import { z } from 'zod';
import { fittedMetrics } from '../fitted-metrics';
import type { Grid } from '../metric-text';
import { rangeHead } from '../query-head';
import { CEILINGS } from '../result-room';
import { fitStep, formatTime, MAX_POINTS, parseRange, parseStep, TIME_FORMS } from '../time-input';
import type { Tool, ToolContext, ToolFinding } from '../tool';
import { fullLines, logText } from './log-text';
import { logqlMistake } from './logql-mistakes';
import { type LogqlTree, parseLogql } from './logql-tree';
import type { LokiAnswer, LokiClient } from './loki-client';
import { tooMuchToRead } from './read-size';
import { whyEmpty } from './why-empty';

/** Lines of one answer; Loki itself gives 5,000 at most. */
const MAX_LINES = 1000;
const DEFAULT_LINES = 100;

const input = z.strictObject({
  query: z.string().max(8000).describe('LogQL.'),
  start: z.string().nullish().describe(`${TIME_FORMS}. Default: one hour before the end.`),
  end: z.string().nullish().describe('In the same forms. Default: now.'),
  limit: z
    .int()
    .min(1)
    .max(MAX_LINES)
    .nullish()
    .describe(`Most lines over all streams, the newest ones. Default ${DEFAULT_LINES}.`),
  step: z.string().nullish().describe('Of counts: distance of the points, `1m`. Default: chosen from the range.'),
});

const DESCRIPTION = `Reads log lines (LogQL), or counts them: what a service says about its errors, what it did at a certain time.

- text: {service="checkout"} |= "error"
- fields of JSON (logfmt: | logfmt): {service=~"checkout|payments"} | json | level="error" | status >= 500
- starts: {service=~".+"} |~ "(?i)started|shutting down"
- without noise: {service="checkout"} | json | level="error" | msg !~ "retrying.*"
- one request everywhere: {service=~".+"} |= "4bf92f3577b34da6a3ce929d0e0e4736"
- counts: sum by (service) (count_over_time({service=~".+"} | json | level="error" [1m]))

A selector needs one label with = or =~ that cannot be empty. Line filters (|= != |~ !~) are cheap: put them before | json. Keep the range around the onset: above the limit only the newest lines come. Count first when you expect many.

Comes back: TIME {labels} level message field=value, UTC, oldest first; what all lines share once. Lines that differ only in numbers, ids and fields are folded: (differing: …) (N times, last at T); the message is the first one's, fields before "differing" hold for all N. Each kind of line is kept before any is shown twice; read_result searches the rest. Counts: series, at most ${MAX_POINTS} points.`;

/** `query_logs`: LogQL over a range. */
export function queryLogsTool(loki: LokiClient): Tool<typeof input> {
  return {
    name: 'query_logs',
    description: DESCRIPTION,
    input,
    maxChars: CEILINGS.lines,
    async run({ query, start, end, limit, step }, context: ToolContext): Promise<ToolFinding> {
      const range = parseRange({ start, end }, context.now);
      if (range.kind === 'refused') return failed(range.reason);
      const stepAsked = parseStep(step);
      if (stepAsked.kind === 'refused') return failed(stepAsked.reason);
      if (range.end.getTime() === range.start.getTime()) {
        return failed('start and end are the same moment: give logs a range, `-15m` to `now`.');
      }
      const mistake = logqlMistake(query);
      if (mistake) return failed(`query: ${query}\n${mistake}`);
      const tree = parseLogql(query);
      const { seconds, widened } = fitStep(range, stepAsked.seconds);
      const grid: Grid = { start: range.start, end: range.end, stepSeconds: seconds };
      const asked: Asked = {
        query,
        tree,
        grid,
        lines: limit ?? DEFAULT_LINES,
        widenedFrom: widened ? stepAsked.seconds : undefined,
      };
      const tooMuch = await tooMuchToRead(loki, tree, grid, context.signal);
      if (tooMuch) return failed(`${headOf(asked, tree?.gives === 'series')}\n${tooMuch}`);
      const answer = await loki.queryRange({ query, ...grid, limit: asked.lines }, context.signal);
      return finding(answer, asked, { loki, context });
    },
  };
}

interface Asked {
  readonly query: string;
  readonly tree?: LogqlTree;
  readonly grid: Grid;
  readonly lines: number;
  readonly widenedFrom?: number;
}

interface Around {
  readonly loki: LokiClient;
  readonly context: ToolContext;
}

async function finding(answer: LokiAnswer, asked: Asked, { loki, context }: Around): Promise<ToolFinding> {
  if (answer.kind === 'failed') return failed(`${headOf(asked, asked.tree?.gives === 'series')}\n${answer.reason}`);
  const { result, notes } = answer;
  const head = headOf(asked, result.type !== 'lines');
  const foot = notes.map((note) => `\n${note}`).join('');
  const roomChars = context.roomChars - head.length - foot.length - 1;
  if (isEmpty(result)) {
    const { tree, grid } = asked;
    const why = await whyEmpty(loki, { tree, range: grid, now: context.now }, context.signal);
    const nothing = tree?.reckons ? NO_VALUE : NO_LINE;
    return { status: 'no_data', text: `${head}\n${nothing}\n${why}${foot}` };
  }
  if (result.type !== 'lines') {
    const fitted = fittedMetrics(result, { roomChars, grid: asked.grid });
    return { status: 'ok', text: `${head}\n${fitted.text}${foot}`, full: fitted.full };
  }
  const text = `${head}\n${logText(result.entries, asked.lines, roomChars)}${foot}`;
  return { status: 'ok', text, full: fullLines(result.entries, text) };
}

/** What comes back decides, not what was expected: lines have no step. */
function headOf({ query, grid, widenedFrom }: Asked, hasStep: boolean): string {
  if (hasStep) return rangeHead(query, grid, widenedFrom);
  return `query: ${query}\nrange: ${formatTime(grid.start)} to ${formatTime(grid.end)}`;
}

function isEmpty(result: (LokiAnswer & { kind: 'result' })['result']): boolean {
  if (result.type === 'lines') return result.entries.length === 0;
  return (result.type === 'matrix' || result.type === 'vector') && result.series.length === 0;
}

function failed(text: string): ToolFinding {
  return { status: 'failed', text };
}

const NO_VALUE = 'Found nothing: the query worked, and gave no value in this range.';
const NO_LINE = 'Found nothing: the query worked, and no line matched in this range.';
