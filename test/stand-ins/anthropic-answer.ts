import { createHash } from 'node:crypto';

/** What a script has the model say, or what goes wrong instead. */
export type Answer = Reply | Fault;

/** The assistant's turn. */
export interface Reply {
  readonly content: readonly AnswerBlock[];
  /** Without it: `tool_use` when there is a call, else `end_turn`. */
  readonly stopReason?: string;
  /** Without it: a quarter of the content's characters. */
  readonly outputTokens?: number;
  /** The model that claims to have answered; without it the one that was asked. */
  readonly model?: string;
  readonly stopDetails?: Readonly<Record<string, unknown>>;
  readonly delayMs?: number;
}

export type AnswerBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature?: string }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  /** `input` as a string is JSON text that is sent as it is, whole or cut. */
  | { readonly type: 'tool_use'; readonly id?: string; readonly name: string; readonly input: object | string }
  /** Any other block, as JSON text that is sent as it is. */
  | { readonly type: 'raw'; readonly json: string };

export type Fault =
  | {
      readonly fault: 'status';
      readonly status: number;
      /** Without it: the service's own word for the status. */
      readonly errorType?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** Instead of the error object: what a proxy in between might say. */
      readonly body?: string;
      readonly delayMs?: number;
    }
  /** Takes the request and never answers. */
  | { readonly fault: 'hang' }
  /** Resets the connection before a status line. */
  | { readonly fault: 'reset' }
  /** Resets the connection in the middle of the last block's deltas. */
  | { readonly fault: 'cut'; readonly reply: Reply }
  /** Ends the answer properly, without the events that end a message. */
  | { readonly fault: 'ended_early'; readonly reply: Reply }
  /** Stops in the middle of the last block's deltas and keeps the connection open. */
  | { readonly fault: 'stall'; readonly reply: Reply }
  /** An `error` event in the middle of a 200. */
  | { readonly fault: 'stream_error'; readonly reply: Reply; readonly errorType?: string; readonly message?: string };

/** A turn of plain text. */
export function says(text: string, more: Omit<Reply, 'content'> = {}): Reply {
  return { content: [{ type: 'text', text }], ...more };
}

/** A turn that calls tools; `input` may be an object or raw JSON text. */
export function calls(...wanted: readonly { name: string; input: object | string; id?: string }[]): Reply {
  return { content: wanted.map((call) => ({ type: 'tool_use', ...call })) };
}

/** 529 as the service says it. */
export function overloaded(headers: Readonly<Record<string, string>> = {}): Fault {
  return { fault: 'status', status: 529, headers };
}

/** 429 as the service says it, with its wish in seconds. */
export function rateLimited(retryAfterSeconds?: number): Fault {
  if (retryAfterSeconds === undefined) return { fault: 'status', status: 429 };
  return { fault: 'status', status: 429, headers: { 'retry-after': String(retryAfterSeconds) } };
}

/** Every status that the service documents, with its type and a message it is known to give. */
export const ERRORS: Readonly<Record<number, { readonly type: string; readonly message: string }>> = {
  400: { type: 'invalid_request_error', message: 'Bad request' },
  401: { type: 'authentication_error', message: 'invalid x-api-key' },
  402: { type: 'billing_error', message: 'Your credit balance is too low to access the Anthropic API.' },
  403: { type: 'permission_error', message: 'Your API key does not have permission to use the specified resource.' },
  404: { type: 'not_found_error', message: 'model: not found' },
  413: { type: 'request_too_large', message: 'Request exceeds the maximum size' },
  429: { type: 'rate_limit_error', message: "This request would exceed your organization's rate limit." },
  500: { type: 'api_error', message: 'Internal server error' },
  504: { type: 'timeout_error', message: 'The request timed out' },
  529: { type: 'overloaded_error', message: 'Overloaded' },
};

/** The signature that the stand-in gives to a thinking block whose script gives none; it can check it without memory. */
export function signatureOf(thinking: string): string {
  return `sig_${createHash('sha256').update(thinking).digest('base64')}`;
}

/** The service's names for why a turn ended. */
export function stopReasonOf(reply: Reply): string {
  return reply.stopReason ?? (reply.content.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn');
}
