import type { z } from 'zod';
import type { ToolStatus } from '../domain/conversation';

/**
 * Something the model can ask for. One zod schema gives the parser, the type and the JSON Schema that the model sees.
 * No input ever names a host, a URL, a header or a tenant.
 */
export interface Tool<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** Teaches: when to use it, the query language by example, what comes back, limits. Part of the frozen prefix. */
  readonly description: string;
  readonly input: Schema;
  /** The most characters that a text of this kind may have. */
  readonly maxChars: number;
  /** Throws nothing that it can say in a finding; what it throws all the same becomes a `failed` finding. */
  run(input: z.output<Schema>, context: ToolContext): Promise<ToolFinding>;
}

export interface ToolContext {
  readonly signal: AbortSignal;
  /** One now for all calls of a turn; relative times count from it. */
  readonly now: Date;
  /** When the alert that is investigated began to fire: what is "before" and "after" counts from it. */
  readonly startsAt: Date;
  /** The conversation that the call belongs to: its earlier results can be read again. */
  readonly conversationId: string;
  /** Characters that the text of the finding may have: the tool's own ceiling, or what the conversation has left. */
  readonly roomChars: number;
}

/** What a tool found, already fitted to the context. */
export interface ToolFinding {
  readonly status: ToolStatus;
  /** For the model: the query as it was run, its range and step, what was found, what was left out. */
  readonly text: string;
  /**
   * All that was found, where `text` shows less of it: one item a line (a series with all its values, a log line, an
   * alert), nothing rounded, so that `read_result` can give any part of it.
   */
  readonly full?: string;
}

/** A finding with its handle: what is stored and sent. */
export interface ToolOutcome {
  readonly status: ToolStatus;
  /** Fenced as outside text under its handle. */
  readonly text: string;
  readonly full?: string;
  /** Size of the whole answer in bytes. */
  readonly bytes: number;
  readonly durationMs: number;
}
