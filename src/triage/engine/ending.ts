import { beginning } from '../../domain/clipped';
import { type AssistantTurn, type Conversation, recordedCalls, type Refusal } from '../../domain/conversation';
import { assertNever } from '../../domain/errors';
import type { Ending, EndedBy } from '../../domain/triage';
import { type Report, SUBMIT_REPORT } from '../../domain/report';
import { checkReport } from '../check/check-report';
import { paragraphs, reportMarkdown } from '../report-markdown';
import { howItEnded } from './concluding';
import { lastReadableReport } from './given-reports';
import type { Finish } from './next-step';

/**
 * The end of a conversation as it is settled. There is always something to read: findings are never thrown away. A
 * report that was sent back with its faults is given as it is when no better one came, whatever came instead: its
 * conversation had ended with it.
 */
export function endingOf(conversation: Conversation, finish: Finish): Ending {
  const given = lastReadableReport(conversation);
  if (given) return reported(conversation, given);
  const { outcome, endedBy } = finish;
  const text = lastWords(conversation);
  if (outcome === 'complete' && text) return { outcome, endedBy, analysis: text };
  const why = `**No report was given.** ${whyNot(conversation, endedBy)} Look into the alert yourself.`;
  return { outcome, endedBy, analysis: [why, ...foundBy(conversation)].join('\n\n') };
}

function reported(conversation: Conversation, given: Report): Ending {
  const [outcome, endedBy] = howItEnded(conversation);
  const { report } = checkReport(given, conversation);
  return { outcome, endedBy, report, analysis: reportMarkdown(report) };
}

/** An end that the conversation did not come to by itself. A report on record is given as if that had ended with it. */
export function endingFromOutside(conversation: Conversation, end: Ending): Ending {
  const given = lastReadableReport(conversation);
  if (given) return reported(conversation, given);
  return { ...end, analysis: [end.analysis, ...foundBy(conversation)].join('\n\n') };
}

/** What a conversation without a report holds for the one who goes on by hand, as paragraphs of Markdown. */
function foundBy(conversation: Conversation): string[] {
  const submitted = refusedReport(conversation);
  const text = lastWords(conversation) || (conversation.earlier && lastWords(conversation.earlier));
  return [
    ...(submitted ? [`The report as the model gave it; its form was not accepted:\n\n${submitted}`] : []),
    ...(text ? [`The model's last words:\n\n${text}`] : []),
    queriesOf(conversation),
  ];
}

/** The text of the last answer that has any, and of the answers that it goes on with: they were cut, or paused. */
function lastWords({ turns }: Conversation): string {
  const answers = turns.filter((turn): turn is AssistantTurn => turn.role === 'assistant');
  const last = answers.findLastIndex((turn) => textOf(turn) !== '');
  let first = last;
  while (first > 0 && ['max_tokens', 'pause_turn'].includes(answers[first - 1]!.stopReason)) first -= 1;
  return answers
    .slice(Math.max(0, first), last + 1)
    .map(textOf)
    .filter(Boolean)
    .join('\n\n');
}

function textOf({ blocks }: AssistantTurn): string {
  const texts = blocks.flatMap((block) => (block.type === 'text' ? [paragraphs(block.text)] : []));
  return texts.filter(Boolean).join('\n\n');
}

/** Characters of a refused report that are kept as text. */
const SUBMITTED_MAX = 6_000;

function refusedReport({ toolCalls }: Conversation): string | undefined {
  const call = toolCalls.findLast(
    ({ name, status, refusal }) => name === SUBMIT_REPORT && status === 'failed' && !refusal,
  );
  if (!call) return undefined;
  const { input } = call;
  const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
  const members = isObject ? Object.entries(input) : [['', input] as const];
  const lines = members.map(
    ([name, value]) => `- ${name ? `${name}: ` : ''}${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const text = paragraphs(lines.join('\n'));
  return text.length > SUBMITTED_MAX ? `${beginning(text, SUBMITTED_MAX)}…` : text;
}

function queriesOf(conversation: Conversation): string {
  const calls = recordedCalls(conversation).filter((call) => !call.refusal && call.name !== SUBMIT_REPORT);
  if (calls.length === 0) return 'Nothing was queried.';
  const lines = calls.map(
    ({ handle, name, status, input }) =>
      `- ${handle} ${code(name, 60)} (${status}): ${code(JSON.stringify(input), 200)}`,
  );
  return `What was queried; the results stand in the conversation:\n\n${lines.join('\n')}`;
}

function code(text: string, max: number): string {
  const line = paragraphs(text).replaceAll('`', "'").replace(/\s+/g, ' ');
  return `\`${line.length > max ? `${beginning(line, max - 1)}…` : line}\``;
}

function whyNot(conversation: Conversation, endedBy: EndedBy): string {
  switch (endedBy) {
    case 'answer':
      return withoutLimit(conversation);
    case 'tool_budget':
      return 'The tool calls were used up (max-tool-calls), and the model did not conclude when it was asked to.';
    case 'token_budget':
      return lastAnswer(conversation)?.stopReason === 'max_tokens'
        ? 'The model wrote past the length of one answer, twice in a row.'
        : 'The tokens were used up (max-input-tokens, max-output-tokens) before the model concluded.';
    case 'deadline':
      return 'The time was up (triage-deadline-seconds) before the model concluded.';
    case 'context_full':
      return 'The conversation became longer than the model can read.';
    case 'refusal':
      return refusalInWords(lastAnswer(conversation)?.stopDetail);
    case 'model_unavailable':
    case 'crashed':
    case 'resolved':
      return 'The investigation did not come to an end.';
    default:
      return assertNever(endedBy);
  }
}

function refusalInWords(category: string | undefined): string {
  const named = category ? ` (category: ${category})` : '';
  return `The model declined to answer${named}. Something in the alert or in the data reads to it as forbidden.`;
}

function withoutLimit(conversation: Conversation): string {
  const was = (refusal: Refusal): boolean => conversation.toolCalls.some((call) => call.refusal === refusal);
  const last = lastAnswer(conversation);
  if (refusedReport(conversation)) return 'The model gave a report twice in a form that cannot be read.';
  if (last?.stopReason === 'unknown') {
    return `The model ended its answers in a way that this version of Vigil does not know${last.stopDetail ? ` (${last.stopDetail})` : ''}.`;
  }
  if (last?.stopReason === 'pause_turn') return 'The model paused again and again and did not go on.';
  if (was('already_asked')) return 'The model asked for the same things again and again.';
  if (was('tool_failures'))
    return 'One tool call after the other failed, and the model did not conclude when it was asked to.';
  return 'The model stopped without saying what it had found, also when it was asked.';
}

function lastAnswer(conversation: Conversation): AssistantTurn | undefined {
  return conversation.turns.findLast((turn) => turn.role === 'assistant');
}
