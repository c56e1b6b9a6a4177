import type { Conversation } from '../../domain/conversation';
import { assertNever } from '../../domain/errors';
import type { Ending, EndedBy } from '../../domain/triage';
import { SUBMIT_REPORT } from '../../domain/report';
import { reportMarkdown } from '../report-markdown';
import type { Finish } from './next-step';

/** The end of a conversation as it is settled. There is always something to read: findings are never thrown away. */
export function endingOf(conversation: Conversation, { outcome, endedBy, report }: Finish): Ending {
  if (report) return { outcome, endedBy, report, analysis: reportMarkdown(report) };
  const text = lastText(conversation);
  if (outcome === 'complete' && text) return { outcome, endedBy, analysis: text };
  const parts = [`**No report was given.** ${whyNot(endedBy)}`];
  if (text) parts.push(`The model's last words:\n\n${text}`);
  parts.push(queriesOf(conversation));
  return { outcome, endedBy, analysis: parts.join('\n\n') };
}

function lastText(conversation: Conversation): string {
  const last = conversation.turns.findLast((turn) => turn.role === 'assistant');
  const texts = (last?.blocks ?? []).flatMap((block) => (block.type === 'text' ? [block.text.trim()] : []));
  return texts.filter(Boolean).join('\n\n');
}

function queriesOf(conversation: Conversation): string {
  const calls = conversation.toolCalls.filter((call) => !call.refusal && call.name !== SUBMIT_REPORT);
  if (calls.length === 0) return 'Nothing was queried.';
  const lines = calls.map(
    ({ handle, name, status, input }) => `- ${handle} ${name} (${status}): \`${clip(JSON.stringify(input))}\``,
  );
  return `What was queried; the results stand in the conversation:\n\n${lines.join('\n')}`;
}

function clip(text: string): string {
  const line = text.replaceAll('`', "'");
  return line.length > 200 ? `${line.slice(0, 199)}…`.toWellFormed() : line;
}

function whyNot(endedBy: EndedBy): string {
  switch (endedBy) {
    case 'answer':
      return 'The model ended without a report that could be read.';
    case 'tool_budget':
      return 'The budget of tool calls was spent, and the model did not conclude when it was asked to.';
    case 'token_budget':
      return 'The budget of tokens was spent before the model concluded.';
    case 'deadline':
      return 'The time for the investigation was up before the model concluded.';
    case 'context_full':
      return 'The conversation became longer than the model can take.';
    case 'refusal':
      return 'The model refused to answer. Look into this alert yourself.';
    case 'model_unavailable':
    case 'crashed':
    case 'resolved':
      return 'The investigation did not come to an end.';
    default:
      return assertNever(endedBy);
  }
}
