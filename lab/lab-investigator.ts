import type { Answer, AnswerBlock } from '../test/stand-ins/anthropic-answer.ts';
import { openingText, toolResults } from '../test/stand-ins/anthropic-request.ts';
import type { ParsedRequest } from '../test/stand-ins/anthropic-request.ts';
import { reportOf } from './lab-report.ts';
import { follow, readAlert } from './trail.ts';
import type { ToolCall } from './trail.ts';
import { walkFor } from './walks.ts';

/*
 * The lab's model while there is no key. It goes the walk that is written for the alert, one question a turn; what it
 * reports stands in the answers of this run, and where they show nothing it says `unknown`. It reads as the demo's does.
 */

/** The next turn, from the conversation so far. */
export function labInvestigator(request: ParsedRequest): Answer {
  const alert = readAlert(openingText(request));
  const all = toolResults(request);
  const asked = all.filter(({ name }) => name !== 'submit_report');
  const { trail, next } = follow(walkFor(alert), alert, asked);
  if (next) return asking(next.why, next.call);
  const given = all.some(({ name, isError }) => name === 'submit_report' && !isError);
  if (given) return { content: [{ type: 'text', text: 'The report is given.' }] };
  return asking('This is what the results show.', { name: 'submit_report', input: reportOf(trail) });
}

function asking(thought: string, call: ToolCall): Answer {
  const use: AnswerBlock = { type: 'tool_use', ...call };
  return { content: [{ type: 'text', text: thought }, use] };
}
