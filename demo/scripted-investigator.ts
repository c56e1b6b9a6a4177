import type { Answer, AnswerBlock } from '../test/stand-ins/anthropic-answer.ts';
import { openingText, toolResults } from '../test/stand-ins/anthropic-request.ts';
import type { ParsedRequest, ToolResultSeen } from '../test/stand-ins/anthropic-request.ts';
import { composeReport } from './composed-report.ts';
import { causeIn, courses, deploys } from './findings.ts';
import type { Findings } from './findings.ts';
import { handleOf, readCommits, readLines, readSeries } from './reading.ts';

/*
 * The demo's model: a script, but one that reads. Its questions are written down here; its answers are not. Which
 * service is to blame, since when and by how much stands only in the results that Vigil sends it in this run.
 */

const RATIO = (window: string): string =>
  `sum by (service) (rate(http_requests_total{status=~"5.."}[${window}])) / sum by (service) (rate(http_requests_total[${window}]))`;
const VERSIONS = 'sum by (service, version, revision) (app_build_info)';
const CPU = 'sum by (service) (rate(process_cpu_seconds_total[2m]))';
const STARTS = '{service=~".+"} |= "started"';
const ERRORS = '{service=~".+"} | json | level="error"';

/** A share of errors below this is no incident. */
const LEAST_ERROR_SHARE = 0.02;
const LEAST_CORES = 0.1;

interface Step {
  readonly thought: string;
  readonly calls: readonly { readonly name: string; readonly input: object }[];
}

/** The next turn of the scripted model, from the conversation so far. */
export function scriptedInvestigator(request: ParsedRequest): Answer {
  const seen = toolResults(request);
  const turn = request.messages.filter((message) => message.role === 'assistant').length;
  const toldToConclude = seen.some(({ text }) => /submit the report now/i.test(text));
  const step = toldToConclude ? undefined : nextStep(turn, request, seen);
  if (!step) return submit(request, seen);
  return turnOf(step);
}

/** What the script asks in its n-th turn. */
function nextStep(turn: number, request: ParsedRequest, seen: readonly ToolResultSeen[]): Step | undefined {
  const alertAt = alertStart(openingText(request));
  const range = { start: iso(alertAt - 30 * 60), end: 'now', step: '60s' };
  switch (turn) {
    case 0:
      return {
        thought: 'The alert measures the share of 5xx answers. Which services show it now, and since when?',
        calls: [
          { name: 'query_metrics', input: { query: RATIO('5m'), time: 'now' } },
          { name: 'query_metrics_range', input: { query: RATIO('2m'), ...range } },
        ],
      };
    case 1:
      return {
        thought: 'What changed: which versions ran, and what was started?',
        calls: [
          { name: 'query_metrics_range', input: { query: VERSIONS, ...range } },
          { name: 'query_logs', input: { query: STARTS, start: range.start, end: 'now', limit: 20 } },
        ],
      };
    case 2: {
      const onset = causeIn(findingsIn(request, seen))?.course.roseAt ?? alertAt;
      return {
        thought: `What do the services say about their errors around ${iso(onset)}, and who was busy?`,
        calls: [
          { name: 'query_logs', input: { query: ERRORS, start: iso(onset - 120), end: iso(onset + 60), limit: 100 } },
          { name: 'query_metrics_range', input: { query: CPU, ...range } },
        ],
      };
    }
    default:
      return undefined;
  }
}

function turnOf({ thought, calls }: Step): Answer {
  const blocks = calls.map((call): AnswerBlock => ({ type: 'tool_use', ...call }));
  return { content: [{ type: 'text', text: thought }, ...blocks], delayMs: 300 };
}

function submit(request: ParsedRequest, seen: readonly ToolResultSeen[]): Answer {
  const given = seen.filter(({ name, isError }) => name === 'submit_report' && !isError);
  if (given.length > 0) return { content: [{ type: 'text', text: 'The report is given.' }] };
  const unread = seen
    .filter(({ name, isError }) => isError && name !== 'submit_report')
    .map(({ name, text }) => `${name} (${handleOf(text) || 'not run'}) gave no answer`);
  const report = composeReport(findingsIn(request, seen), unread);
  return { content: [{ type: 'tool_use', name: 'submit_report', input: report }], delayMs: 300 };
}

/** Everything that the opening message and the results of this run show; what was asked is told apart by the query. */
function findingsIn(request: ParsedRequest, seen: readonly ToolResultSeen[]): Findings {
  const asked = (query: string): ToolResultSeen[] =>
    seen.filter(({ input }) => (input as { query?: unknown } | undefined)?.query === query);
  return {
    errors: courses(asked(RATIO('2m')).flatMap(readSeries), LEAST_ERROR_SHARE),
    cpu: courses(asked(CPU).flatMap(readSeries), LEAST_CORES, 1.5),
    deploys: deploys(asked(VERSIONS).flatMap(readSeries), asked(STARTS).flatMap(readLines)),
    lines: asked(ERRORS).flatMap(readLines),
    commits: readCommits(openingText(request)),
  };
}

/** Unix seconds; the opening message states when the alert started, and what time it is. */
function alertStart(opening: string): number {
  const stated = /starts? at: (\S+)/i.exec(opening)?.[1] ?? /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(opening)?.[0];
  const ms = Date.parse(stated ?? '');
  return Math.floor((Number.isNaN(ms) ? Date.now() : ms) / 1000);
}

function iso(unixSeconds: number): string {
  return new Date(Math.floor(unixSeconds) * 1000).toISOString().replace('.000Z', 'Z');
}
