import { cleanText } from '../../domain/outside-text';
import { type Conversation, recordedCalls } from '../../domain/conversation';
import { SUBMIT_REPORT } from '../../domain/report';

/**
 * What a conversation that takes the place of another one is told behind the opening message: every result on record,
 * as it was sent and under its handle, so that evidence can cite it and nothing is fetched again.
 */
export function resultsSoFar(earlier: Conversation, maxToolCalls: number): string {
  const calls = recordedCalls(earlier).filter(({ name, refusal }) => name !== SUBMIT_REPORT && !refusal);
  const results = calls
    // The answer to a repeated call stands under the handle of the first one.
    .filter(({ handle, text }) => text.startsWith(`[${handle}] `))
    .map(({ name, input, status, text }) => `${cleanText(`${name} ${JSON.stringify(input)}`)}: ${status}\n${text}`);
  const used = `${calls.length} of your ${maxToolCalls} tool calls are used.`;
  if (results.length === 0) return `This investigation was begun once before and nothing was found yet. ${used}`;
  return [
    `This investigation was begun before, and its conversation could not be gone on with. ${used} What they brought stands here: go on from it, cite it under its handles, and do not ask the same again.`,
    ...results,
  ].join('\n\n');
}
