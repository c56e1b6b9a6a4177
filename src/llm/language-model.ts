import type { Block, StopReason, ToolUseBlock, Usage } from '../domain/conversation';
import { Unavailable } from '../domain/errors';

/** A tool as the model is told of it. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object, `additionalProperties: false`. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** The vendor shall hold the model to the schema. */
  readonly strict?: boolean;
}

export interface ModelRequest {
  /** The model that is frozen in `prefix`: for spans and figures, the prefix is what is sent. */
  readonly model: string;
  /** From `freezePrefix`, unchanged for the life of the conversation. */
  readonly prefix: string;
  /** The wire text of every turn so far, in order; the last is a user turn, or an assistant turn that paused. */
  readonly wires: readonly string[];
  readonly maxOutputTokens: number;
}

/** A tool call as it arrives: the engine gives it its handle. */
export type ReplyBlock = Exclude<Block, ToolUseBlock> | Omit<ToolUseBlock, 'handle'>;

export interface ModelReply {
  /** The whole assistant message in the vendor's form, to be sent again as it is. */
  readonly wire: string;
  readonly blocks: readonly ReplyBlock[];
  readonly stopReason: StopReason;
  /** More about the stop, in the vendor's words: the category of a refusal, the name of an unknown reason. */
  readonly stopDetail?: string;
  readonly usage: Usage;
  /** The model that answered, in the vendor's words. */
  readonly model: string;
  /** US dollars; null when the model has no known price. */
  readonly costUsd: number | null;
  /** What it counts against the day's money where that is not its cost: the price is unknown. */
  readonly countedUsd?: number;
  /** The vendor's id of the answer, to ask them about it. */
  readonly responseId?: string;
  /** The successful call alone, without the waits and failures before it. */
  readonly durationMs: number;
  /** How many requests it took, this one included: each may have been billed. */
  readonly attempts: number;
}

/**
 * A language model that is asked for the next turn of a conversation. It keeps no memory: the same request may be
 * sent again by another process after a crash.
 */
export abstract class LanguageModel {
  /** `anthropic`; OpenTelemetry's gen_ai.provider.name. */
  abstract readonly provider: string;

  /** System prompt, tools (in the order given) and model in the vendor's form. The same input gives the same text. */
  abstract freezePrefix(input: {
    readonly model: string;
    readonly systemPrompt: string;
    readonly tools: readonly ToolSpec[];
  }): string;

  /** A user turn (texts, or tool results) in the vendor's form. */
  abstract userWire(blocks: readonly Block[]): string;

  /** @throws ModelFailure when there is no answer; whatever `signal` gives as its reason when that aborts. */
  abstract reply(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
}

/** Why there is no answer. Classified once, at the wire; everything above decides by this word. */
export type ModelFailureKind =
  | 'overloaded' /* 500, 503, 529, an error event in the stream */
  | 'rate_limited' /* 429 */
  | 'timeout' /* no answer within llm-timeout-seconds, 504 */
  | 'connection' /* refused, reset, cut in the middle */
  | 'configuration' /* 401, 402, 403, 404: nobody's triage can go on */
  | 'context_full' /* the prompt is longer than the model takes; 413 */
  | 'other_conversation' /* 400: what was said before is taken for another conversation's; a new one can be begun */
  | 'bad_request'; /* any other 400: this conversation cannot go on as it is */

/** No answer. `message` is safe to show; the vendor's own words are in `detail`, for the record and the log. */
export class ModelFailure extends Unavailable {
  constructor(
    readonly kind: ModelFailureKind,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number; detail?: string } = {},
  ) {
    super(`llm.${kind}`, message, options);
    this.detail = options.detail;
  }
  /** At most 1,000 characters, without keys or hosts. */
  readonly detail?: string;
}
