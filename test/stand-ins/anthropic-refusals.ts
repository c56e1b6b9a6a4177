import { signatureOf } from './anthropic-answer.ts';
import { blocksOf } from './anthropic-request.ts';
import type { BlockParam, MessageParam } from './anthropic-request.ts';
import { toolsRefusal } from './anthropic-tools.ts';

/** What this file needs to know of the past: only a turn that paused may be the last one and the model's. */
export interface Past {
  paused(content: readonly BlockParam[]): boolean;
}

const MEMBERS = new Set(
  'model max_tokens messages system tools tool_choice stream stop_sequences metadata thinking output_config service_tier cache_control container context_management inference_geo temperature top_p top_k'.split(
    ' ',
  ),
);
const BLOCKS = new Set(
  'text image document search_result thinking redacted_thinking tool_use tool_result server_tool_use web_search_tool_result web_fetch_tool_result code_execution_tool_result bash_code_execution_tool_result text_editor_code_execution_tool_result tool_search_tool_result container_upload'.split(
    ' ',
  ),
);

/** Why the real service answers 400 to this body, in its own kind of words; undefined when it does not. */
export function refusalOf(body: unknown, past: Past): string | undefined {
  if (!isObject(body)) return 'Input should be a valid dictionary or object to extract fields from';
  return (
    membersRefusal(body) ??
    samplingRefusal(body) ??
    toolsRefusal(body) ??
    messagesRefusal(body, past) ??
    marksRefusal(body)
  );
}

function membersRefusal(body: Readonly<Record<string, unknown>>): string | undefined {
  for (const required of ['model', 'max_tokens', 'messages']) {
    if (body[required] === undefined) return `${required}: Field required`;
  }
  for (const member of Object.keys(body)) {
    if (!MEMBERS.has(member)) return `${member}: Extra inputs are not permitted`;
  }
  if (typeof body.model !== 'string' || body.model === '') return 'model: Input should be a valid string';
  if (!Number.isInteger(body.max_tokens)) return 'max_tokens: Input should be a valid integer';
  if ((body.max_tokens as number) < 1) return 'max_tokens: must be greater than or equal to 1';
  if (!Array.isArray(body.messages)) return 'messages: Input should be a valid list';
  return undefined;
}

/** What the 5.5 models no longer take. */
function samplingRefusal(body: Readonly<Record<string, unknown>>): string | undefined {
  for (const knob of ['temperature', 'top_p', 'top_k']) {
    if (body[knob] !== undefined) return `\`${knob}\` is deprecated for this model.`;
  }
  if (isObject(body.thinking) && body.thinking.budget_tokens !== undefined) {
    return '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.';
  }
  const choice = isObject(body.tool_choice) ? body.tool_choice.type : undefined;
  if (choice === 'any' || choice === 'tool')
    return `tool_choice: forced tool use ("${choice}") is not supported for this model.`;
  return undefined;
}

function messagesRefusal(body: Readonly<Record<string, unknown>>, past: Past): string | undefined {
  const messages = body.messages as readonly unknown[];
  if (messages.length === 0) return 'messages: at least one message is required';
  for (const [i, message] of messages.entries()) {
    const reason = shapeRefusal(message, `messages.${i}`);
    if (reason !== undefined) return reason;
  }
  const typed = messages as readonly MessageParam[];
  if (typed[0]?.role !== 'user') return 'messages: first message must use the "user" role';
  const last = typed.at(-1);
  if (last?.role === 'assistant' && !past.paused(blocksOf(last))) {
    return 'This model does not support assistant message prefill. The conversation must end with a user message.';
  }
  return pairingRefusal(merged(typed));
}

function shapeRefusal(message: unknown, at: string): string | undefined {
  if (!isObject(message)) return `${at}: Input should be a valid dictionary or object`;
  if (!['user', 'assistant', 'system'].includes(message.role as string)) {
    return `${at}.role: Input should be 'user' or 'assistant'`;
  }
  const { content } = message;
  if (content === undefined) return `${at}.content: Field required`;
  if (typeof content !== 'string' && !Array.isArray(content)) return `${at}.content: Input should be a valid list`;
  if (content.length === 0) return `${at}: ${message.role as string} messages must have non-empty content`;
  if (typeof content === 'string') return undefined;
  for (const [j, block] of content.entries()) {
    const reason = blockRefusal(block, `${at}.content.${j}`);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function blockRefusal(block: unknown, at: string): string | undefined {
  if (!isObject(block)) return `${at}: Input should be a valid dictionary or object`;
  const type = String(block.type);
  if (!BLOCKS.has(type)) {
    return `${at}: Input tag '${type}' found using 'type' does not match any of the expected tags: ${[...BLOCKS].map((tag) => `'${tag}'`).join(', ')}`;
  }
  switch (type) {
    case 'text':
      if (typeof block.text !== 'string') return `${at}.text.text: Field required`;
      if (block.text === '') return 'messages: text content blocks must be non-empty';
      return block.text.trim() === '' ? 'messages: text content blocks must contain non-whitespace text' : undefined;
    case 'tool_use':
      if (typeof block.id !== 'string') return `${at}.tool_use.id: Field required`;
      if (typeof block.name !== 'string') return `${at}.tool_use.name: Field required`;
      return isObject(block.input) ? undefined : `${at}.tool_use.input: Input should be a valid dictionary`;
    case 'tool_result':
      return typeof block.tool_use_id === 'string' ? undefined : `${at}.tool_result.tool_use_id: Field required`;
    case 'thinking':
      return thinkingRefusal(block, at);
    default:
      return undefined;
  }
}

function thinkingRefusal(block: Readonly<Record<string, unknown>>, at: string): string | undefined {
  if (typeof block.thinking !== 'string') return `${at}.thinking.thinking: Field required`;
  const { signature } = block;
  if (typeof signature !== 'string' || signature === '') return `${at}.thinking.signature: Field required`;
  const forged = signature.startsWith('sig_') && signature !== signatureOf(block.thinking);
  return forged ? `${at}: Invalid \`signature\` in \`thinking\` block` : undefined;
}

/** Two messages of one role in a row count as one, as the service has it. Instructions on the way are left out. */
function merged(messages: readonly MessageParam[]): { role: string; blocks: BlockParam[]; at: number }[] {
  const turns: { role: string; blocks: BlockParam[]; at: number }[] = [];
  messages.forEach((message, at) => {
    if (message.role === 'system') return;
    const last = turns.at(-1);
    if (last?.role === message.role) last.blocks.push(...blocksOf(message));
    else turns.push({ role: message.role, blocks: [...blocksOf(message)], at });
  });
  return turns;
}

/** Each call has one result in the next message, before anything else there; each result has its call before it. */
function pairingRefusal(
  turns: readonly { role: string; blocks: readonly BlockParam[]; at: number }[],
): string | undefined {
  const seen = new Set<string>();
  for (const [i, turn] of turns.entries()) {
    const asked = turn.role === 'assistant' ? idsOf(turn.blocks, 'tool_use', 'id') : [];
    if (asked.some((id, j) => seen.has(id) || asked.indexOf(id) !== j))
      return 'messages: `tool_use` ids must be unique';
    asked.forEach((id) => seen.add(id));
    const next = turns[i + 1];
    const answered = next === undefined ? [] : idsOf(leadingResults(next.blocks), 'tool_result', 'tool_use_id');
    const missing = asked.filter((id) => !answered.includes(id));
    if (missing.length > 0) {
      return `messages.${turn.at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
    }
    const before = turns[i - 1];
    const known = before === undefined ? [] : idsOf(before.blocks, 'tool_use', 'id');
    const results = idsOf(turn.blocks, 'tool_result', 'tool_use_id');
    const strange = results.find((id) => !known.includes(id));
    if (strange !== undefined) {
      return `messages.${turn.at}.content.${results.indexOf(strange)}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${strange}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
    }
    const twice = results.find((id, j) => results.indexOf(id) !== j);
    if (twice !== undefined)
      return `messages.${turn.at}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${twice}`;
  }
  return undefined;
}

function leadingResults(blocks: readonly BlockParam[]): readonly BlockParam[] {
  const end = blocks.findIndex((block) => block.type !== 'tool_result');
  return end === -1 ? blocks : blocks.slice(0, end);
}

function idsOf(blocks: readonly BlockParam[], type: string, member: 'id' | 'tool_use_id'): string[] {
  return blocks.filter((block) => block.type === type).map((block) => block[member] ?? '');
}

function marksRefusal(body: Readonly<Record<string, unknown>>): string | undefined {
  const marks = JSON.stringify(body).split('"cache_control":{').length - 1;
  return marks > 4 ? `A maximum of 4 blocks with cache_control may be provided. Found ${marks}.` : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
