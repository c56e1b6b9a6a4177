import { randomBytes } from 'node:crypto';
import { signatureOf, stopReasonOf } from './anthropic-answer.ts';
import type { AnswerBlock, Reply } from './anthropic-answer.ts';

/** The input side of a message's usage, in the service's names. */
export interface InputUsage {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
}

/** A reply with everything that the service adds: ids, the model, the usage. */
export interface Message {
  readonly id: string;
  readonly model: string;
  readonly content: readonly AnswerBlock[];
  readonly stopReason: string;
  readonly stopDetails: Readonly<Record<string, unknown>> | null;
  readonly inputUsage: InputUsage;
  readonly outputTokens: number;
}

/** Characters in one delta: small, so that every block comes in several pieces. */
const PIECE = 8;

/** Completes a script's reply. Calls without an id are given one here, so that stream and record agree. */
export function messageFrom(reply: Reply, model: string, inputUsage: InputUsage): Message {
  const content = reply.content.map((block) =>
    block.type === 'tool_use' && block.id === undefined ? { ...block, id: newId('toolu') } : block,
  );
  const chars = content.reduce((sum, block) => sum + blockJson(block).length, 0);
  return {
    id: newId('msg'),
    model: reply.model ?? model,
    content,
    stopReason: stopReasonOf(reply),
    stopDetails: reply.stopDetails ?? null,
    inputUsage,
    outputTokens: reply.outputTokens ?? Math.max(1, Math.ceil(chars / 4)),
  };
}

/** An id in the service's shape. */
export function newId(prefix: 'msg' | 'req' | 'toolu'): string {
  return `${prefix}_01${randomBytes(11).toString('hex')}`;
}

/** One finished block as JSON text; a tool's raw input stands in it as it was given, a cut one as `{}`. */
export function blockJson(block: AnswerBlock): string {
  switch (block.type) {
    case 'raw':
      return block.json;
    case 'tool_use':
      return `{"type":"tool_use","id":${JSON.stringify(block.id)},"name":${JSON.stringify(block.name)},"input":${wholeInput(block.input)},"caller":{"type":"direct"}}`;
    case 'thinking':
      return JSON.stringify({ ...block, signature: block.signature ?? signatureOf(block.thinking) });
    case 'text':
    case 'redacted_thinking':
      return JSON.stringify(block);
  }
}

/** The answer to a request that did not ask for a stream. */
export function messageJson(message: Message): string {
  const { id, model, stopReason, stopDetails } = message;
  const head = JSON.stringify({ id, type: 'message', role: 'assistant', model });
  const tail = JSON.stringify({
    stop_reason: stopReason,
    stop_sequence: null,
    stop_details: stopDetails,
    usage: usage(message, message.outputTokens),
  });
  return `${head.slice(0, -1)},"content":[${message.content.map(blockJson).join(',')}],${tail.slice(1)}`;
}

/** One server-sent event as text. */
export function sse(type: string, members: string): string {
  return `event: ${type}\ndata: {"type":"${type}"${members === '' ? '' : `,${members}`}}\n\n`;
}

/** The whole answer as the service streams it; the last block's deltas are where a fault may cut. */
export function events(message: Message): {
  readonly opening: string[];
  readonly lastDeltas: string[];
  readonly closing: string[];
} {
  const opening = [sse('message_start', `"message":${startJson(message)}`)];
  let lastDeltas: string[] = [];
  message.content.forEach((block, index) => {
    opening.push(...lastDeltas);
    if (index > 0) opening.push(sse('content_block_stop', `"index":${index - 1}`));
    opening.push(sse('content_block_start', `"index":${index},"content_block":${emptyBlockJson(block)}`));
    if (index === 0) opening.push(sse('ping', ''));
    lastDeltas = deltas(block).map((delta) =>
      sse('content_block_delta', `"index":${index},"delta":${JSON.stringify(delta)}`),
    );
  });
  const closing: string[] = [];
  if (message.content.length > 0) closing.push(sse('content_block_stop', `"index":${message.content.length - 1}`));
  const delta = { stop_reason: message.stopReason, stop_sequence: null, stop_details: message.stopDetails };
  const used = JSON.stringify(usage(message, message.outputTokens));
  closing.push(sse('message_delta', `"delta":${JSON.stringify(delta)},"usage":${used}`), sse('message_stop', ''));
  return { opening, lastDeltas, closing };
}

function startJson(message: Message): string {
  return JSON.stringify({
    id: message.id,
    type: 'message',
    role: 'assistant',
    model: message.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    usage: usage(message, 1),
  });
}

function usage(message: Message, outputTokens: number): Record<string, unknown> {
  const { cache_creation_input_tokens: written } = message.inputUsage;
  return {
    ...message.inputUsage,
    cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
    output_tokens: outputTokens,
    service_tier: 'standard',
  };
}

function emptyBlockJson(block: AnswerBlock): string {
  switch (block.type) {
    case 'text':
      return '{"type":"text","text":""}';
    case 'thinking':
      return '{"type":"thinking","thinking":"","signature":""}';
    case 'tool_use':
      return blockJson({ ...block, input: {} });
    case 'redacted_thinking':
    case 'raw':
      return blockJson(block);
  }
}

function deltas(block: AnswerBlock): Record<string, string>[] {
  switch (block.type) {
    case 'text':
      return pieces(block.text).map((text) => ({ type: 'text_delta', text }));
    case 'thinking': {
      const signature = block.signature ?? signatureOf(block.thinking);
      const thoughts = pieces(block.thinking).map((thinking) => ({ type: 'thinking_delta', thinking }));
      return [...thoughts, { type: 'signature_delta', signature }];
    }
    case 'tool_use': {
      const json = typeof block.input === 'string' ? block.input : JSON.stringify(block.input);
      return ['', ...pieces(json)].map((partial_json) => ({ type: 'input_json_delta', partial_json }));
    }
    case 'redacted_thinking':
    case 'raw':
      return [];
  }
}

function pieces(text: string): string[] {
  const points = Array.from(text);
  const cut: string[] = [];
  for (let i = 0; i < points.length; i += PIECE) cut.push(points.slice(i, i + PIECE).join(''));
  return cut;
}

function wholeInput(input: object | string): string {
  if (typeof input !== 'string') return JSON.stringify(input);
  try {
    JSON.parse(input);
    return input;
  } catch {
    return '{}';
  }
}
