/** A Messages API request, as far as the stand-in reads it. Unknown members stay reachable. */
export interface ParsedRequest {
  readonly model: string;
  readonly max_tokens: number;
  readonly messages: readonly MessageParam[];
  readonly system?: string | readonly BlockParam[];
  readonly tools?: readonly ToolParam[];
  readonly stream?: boolean;
  readonly cache_control?: unknown;
  readonly [member: string]: unknown;
}

export interface MessageParam {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: string | readonly BlockParam[];
}

export interface BlockParam {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly tool_use_id?: string;
  readonly content?: string | readonly BlockParam[];
  readonly is_error?: boolean;
  readonly thinking?: string;
  readonly signature?: string;
  readonly cache_control?: unknown;
  readonly [member: string]: unknown;
}

export interface ToolParam {
  readonly name: string;
  readonly description?: string;
  readonly input_schema: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
  readonly cache_control?: unknown;
}

/** A message's content as blocks, whichever of the two forms it came in. */
export function blocksOf(message: MessageParam): readonly BlockParam[] {
  return typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
}

/** One tool's result as a script reads it: what was asked, and the text that came back. */
export interface ToolResultSeen {
  readonly name: string;
  readonly input: unknown;
  readonly text: string;
  readonly isError: boolean;
}

/** Every tool result of the conversation so far, in order, with the call that it answers. */
export function toolResults(request: ParsedRequest): ToolResultSeen[] {
  const calls = new Map<string, BlockParam>();
  const seen: ToolResultSeen[] = [];
  for (const block of request.messages.flatMap(blocksOf)) {
    if (block.type === 'tool_use' && block.id !== undefined) calls.set(block.id, block);
    if (block.type !== 'tool_result') continue;
    const call = calls.get(block.tool_use_id ?? '');
    seen.push({
      name: call?.name ?? '',
      input: call?.input,
      text: textOf(block.content),
      isError: block.is_error === true,
    });
  }
  return seen;
}

/** The text of the first user message: where an opening message stands. */
export function openingText(request: ParsedRequest): string {
  const first = request.messages[0];
  return first === undefined ? '' : textOf(first.content);
}

function textOf(content: string | readonly BlockParam[] | undefined): string {
  if (content === undefined) return '';
  if (typeof content === 'string') return content;
  return content.map((block) => block.text ?? '').join('\n');
}

/** The name of the alert that a triage's conversation is about; empty where it is none. */
export function alertNameIn(request: ParsedRequest): string {
  return /^label alertname: (.+)$/m.exec(openingText(request))?.[1] ?? '';
}
