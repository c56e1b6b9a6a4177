import type { Conversation, Refusal, ToolStatus } from '../../src/domain/conversation';
import { outsideText } from '../../src/domain/outside-text';

export interface Sent {
  /** The sections of the opening message, o1 …: title and text. */
  readonly sections?: readonly (readonly [title: string, text: string])[];
  /** The results, r1 …. */
  readonly results?: readonly Result[];
}

export interface Result {
  readonly tool: string;
  readonly query: string;
  /** Of a tool that has no query; what it asked stands behind `query: ` all the same. */
  readonly input?: object;
  readonly text: string;
  readonly status?: ToolStatus;
  readonly refusal?: Refusal;
}

/** A conversation that holds nothing but what was sent in it, fenced as the program does it. */
export function conversationWith({ sections = [], results = [] }: Sent): Conversation {
  const opening = sections.map(([source, text], i) =>
    outsideText({ handle: `o${i + 1}`, source, text, boundary: 'OPENING' }),
  );
  const toolCalls = results.map(({ tool, query, input = { query }, text, status = 'ok', refusal }, i) => ({
    turnSeq: 1,
    position: i,
    handle: `r${i + 1}`,
    vendorId: `id_${i}`,
    name: tool,
    input,
    status: refusal ? 'failed' : status,
    text: refusal
      ? 'Not run.'
      : outsideText({ handle: `r${i + 1}`, source: tool, text: `query: ${query}\n${text}`, boundary: `RESULT${i}` }),
    bytes: 1,
    durationMs: 1,
    refusal,
  }));
  return {
    triageId: 'T',
    turns: [
      { role: 'user', seq: 0, at: new Date(0), wire: '', blocks: [{ type: 'text', text: opening.join('\n\n') }] },
    ],
    toolCalls,
  } as unknown as Conversation;
}
