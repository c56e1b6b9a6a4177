import type { Answer, AnswerBlock } from '../test/stand-ins/anthropic-answer.ts';
import { openingText, toolResults } from '../test/stand-ins/anthropic-request.ts';
import type { ParsedRequest } from '../test/stand-ins/anthropic-request.ts';
import { CHANGES, INQUIRIES, TROUBLES, VERSIONS } from './inquiries.ts';
import { reportOf } from './lab-report.ts';

/*
 * The lab's model while there is no key. Which questions it asks depends on the alert's name; what it reports stands in
 * the answers of this run, and where they show nothing it says `unknown`. It reads as the demo's does.
 */

/** How long before the alert the window begins; in seconds. A fault of the shop is some ten seconds older than its alert. */
const BEFORE_ALERT = 25;
/** What was scraped so long ago can be read: the same question gets the same answer for ever. In seconds. */
const SETTLED = 3;

interface ToolCall {
  readonly name: string;
  readonly input: object;
}

/** The next turn, from the conversation so far. */
export function labInvestigator(request: ParsedRequest): Answer {
  const opening = openingText(request);
  const label = (name: string): string => new RegExp(`^label ${name}: (.*)$`, 'm').exec(opening)?.[1] ?? '';
  const measures = INQUIRIES[label('alertname')] ?? [];
  const now = iso(Date.now() / 1000 - SETTLED);
  const range = { start: iso(alertStart(opening) - BEFORE_ALERT), end: now, step: '1s' };
  const figures = (query: string): ToolCall => ({ name: 'query_metrics_range', input: { query, ...range } });
  const lines = (query: string): ToolCall => ({
    name: 'query_logs',
    input: { query, start: range.start, end: 'now', limit: 60 },
  });
  switch (request.messages.filter(({ role }) => role === 'assistant').length) {
    case 0:
      return asking('How is it now, and since when?', [
        ...measures.map(({ query }): ToolCall => ({ name: 'query_metrics', input: { query, time: now } })),
        ...measures.map(({ query }) => figures(query)),
      ]);
    case 1:
      return asking('What changed, and what do the services say?', [
        figures(VERSIONS),
        lines(CHANGES),
        lines(TROUBLES),
      ]);
    default: {
      const seen = toolResults(request);
      const given = seen.some(({ name, isError }) => name === 'submit_report' && !isError);
      if (given) return { content: [{ type: 'text', text: 'The report is given.' }] };
      return asking('This is what the results show.', [
        { name: 'submit_report', input: reportOf({ opening, alerted: label('service'), results: seen }, measures) },
      ]);
    }
  }
}

function asking(thought: string, calls: readonly ToolCall[]): Answer {
  const blocks = calls.map((call): AnswerBlock => ({ type: 'tool_use', ...call }));
  return { content: [{ type: 'text', text: thought }, ...blocks] };
}

/** Unix seconds, as the opening message states it. */
function alertStart(opening: string): number {
  const stated = Date.parse(/starts at: (\S+)/.exec(opening)?.[1] ?? '');
  if (Number.isNaN(stated)) throw new Error('the opening message does not say when the alert started');
  return stated / 1000;
}

function iso(unixSeconds: number): string {
  return new Date(Math.floor(unixSeconds) * 1000).toISOString();
}
