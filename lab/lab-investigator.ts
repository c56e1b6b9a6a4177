import { composeReport } from '../demo/composed-report.ts';
import { courses, deploys } from '../demo/findings.ts';
import { readLines, readSeries } from '../demo/reading.ts';
import type { Answer, AnswerBlock } from '../test/stand-ins/anthropic-answer.ts';
import { openingText, toolResults } from '../test/stand-ins/anthropic-request.ts';
import type { ParsedRequest } from '../test/stand-ins/anthropic-request.ts';

/*
 * The lab's model while there is no key: it asks fixed questions with windows of seconds, and its report holds what the
 * answers of this run show. It reads and writes as the demo's does.
 */

const RATIO =
  'sum by (service) (rate(http_requests_total{status=~"5.."}[10s])) / sum by (service) (rate(http_requests_total[10s]))';
const TRAFFIC = 'sum by (service) (rate(http_requests_total[10s]))';
const VERSIONS = 'sum by (service, version, revision) (app_build_info)';
const STARTS = '{service=~".+"} |= "started"';
const ERRORS = '{service=~".+"} | json | level="error"';

/** How long before the alert the window begins; in seconds. The fault is about ten seconds older than its alert. */
const BEFORE_ALERT = 25;
/** What was scraped so long ago can be read: the same question gets the same answer for ever. In seconds. */
const SETTLED = 3;
const LEAST_ERROR_SHARE = 0.02;

/** The next turn, from the conversation so far. */
export function labInvestigator(request: ParsedRequest): Answer {
  const turn = request.messages.filter(({ role }) => role === 'assistant').length;
  const now = iso(Date.now() / 1000 - SETTLED);
  const range = { start: iso(alertStart(request) - BEFORE_ALERT), end: now };
  switch (turn) {
    case 0:
      return asking('Which service fails, how much, and since when?', [
        { name: 'query_metrics', input: { query: RATIO, time: now } },
        { name: 'query_metrics', input: { query: TRAFFIC, time: now } },
        { name: 'query_metrics_range', input: { query: RATIO, ...range, step: '2s' } },
      ]);
    case 1:
      return asking('What changed, and what do the services say?', [
        { name: 'query_metrics_range', input: { query: VERSIONS, ...range, step: '2s' } },
        { name: 'query_logs', input: { query: STARTS, start: range.start, end: 'now' } },
        { name: 'query_logs', input: { query: ERRORS, start: range.start, end: 'now', limit: 50 } },
      ]);
    default:
      return reporting(request);
  }
}

function reporting(request: ParsedRequest): Answer {
  const seen = toolResults(request);
  const given = seen.some(({ name, isError }) => name === 'submit_report' && !isError);
  if (given) return { content: [{ type: 'text', text: 'The report is given.' }] };
  const asked = (query: string, name: string) =>
    seen.filter((result) => result.name === name && (result.input as { query?: unknown }).query === query);
  const findings = {
    errors: courses(asked(RATIO, 'query_metrics_range').flatMap(readSeries), LEAST_ERROR_SHARE),
    cpu: [],
    deploys: deploys(
      asked(VERSIONS, 'query_metrics_range').flatMap(readSeries),
      asked(STARTS, 'query_logs').flatMap(readLines),
    ),
    lines: asked(ERRORS, 'query_logs').flatMap(readLines),
  };
  const failed = seen.filter(({ isError }) => isError).map(({ name }) => `${name} gave no answer`);
  return { content: [{ type: 'tool_use', name: 'submit_report', input: composeReport(findings, failed) }] };
}

function asking(thought: string, calls: readonly { name: string; input: object }[]): Answer {
  const blocks = calls.map((call): AnswerBlock => ({ type: 'tool_use', ...call }));
  return { content: [{ type: 'text', text: thought }, ...blocks] };
}

/** Unix seconds, as the opening message states it. */
function alertStart(request: ParsedRequest): number {
  const stated = Date.parse(/starts at: (\S+)/.exec(openingText(request))?.[1] ?? '');
  if (Number.isNaN(stated)) throw new Error('the opening message does not say when the alert started');
  return stated / 1000;
}

function iso(unixSeconds: number): string {
  return new Date(Math.floor(unixSeconds) * 1000).toISOString();
}
