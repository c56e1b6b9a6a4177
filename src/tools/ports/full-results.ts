import type { Handle, ToolStatus } from '../../domain/conversation';

/** An earlier result of a conversation. */
export interface EarlierResult {
  readonly handle: Handle;
  readonly tool: string;
  readonly input: unknown;
  readonly status: ToolStatus;
  /** As it was sent, with its fence. */
  readonly sent: string;
  /** Size of the whole in bytes, whatever was sent or kept of it. */
  readonly bytes: number;
  /** Absent: all of it was sent, or what was kept has expired. */
  readonly full?: FullText;
}

/** All that a tool found, one item a line. */
export interface FullText {
  readonly text: string;
  /** Lines that there were; more than `text` has where it is too large to be kept. Absent: not known. */
  readonly wholeLines?: number;
}

/** The results of a conversation, for the conversation itself: nobody reads those of another. */
export abstract class FullResults {
  /** @returns undefined when the conversation has no result of this handle */
  abstract read(conversationId: string, handle: Handle): Promise<EarlierResult | undefined>;
  /** The handles of its results so far, in their order. */
  abstract handles(conversationId: string): Promise<readonly Handle[]>;
}
