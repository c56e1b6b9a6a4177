import type { StopReason, Usage } from '../../domain/conversation';
import type { ModelReply } from '../language-model';
import { memberTexts } from './json-text';
import { storable, StreamedBlock } from './streamed-block';

/** The assistant's turn without any content: nothing of it can be sent again. */
export const EMPTY_TURN = '{"role":"assistant","content":[]}';

/** One server-sent event before anything has read its data. */
export interface RawEvent {
  readonly event: string | null;
  readonly data: string;
}

/** The part of a reply that the stream gives. */
export type StreamedMessage = Pick<
  ModelReply,
  'wire' | 'blocks' | 'stopReason' | 'stopDetail' | 'usage' | 'model' | 'responseId'
>;

/** The stream breaks the protocol, or ends before the message does. */
export class BrokenStream extends Error {}

type Json = Readonly<Record<string, unknown>>;

const STOP_REASONS: ReadonlyMap<unknown, StopReason> = new Map<string, StopReason>([
  ['end_turn', 'end_turn'],
  ['tool_use', 'tool_use'],
  ['max_tokens', 'max_tokens'],
  ['pause_turn', 'pause_turn'],
  ['refusal', 'refusal'],
  ['stop_sequence', 'stop_sequence'],
  ['model_context_window_exceeded', 'context_full'],
]);

/** Folds the events of one streamed message into the turn as it goes back, and into neutral blocks beside it. */
export class MessageStream {
  private readonly blocks = new Map<number, StreamedBlock>();
  private readonly usage: Record<string, number> = {};
  private message: Json | undefined;
  private stopReason: unknown;
  private stopDetails: Json = {};
  private stopped = false;

  /** Events of types that Vigil does not know are skipped, as the vendor asks. */
  take({ data }: RawEvent): void {
    if (data === '') return;
    const event = readEvent(data);
    switch (event.type) {
      case 'message_start':
        this.message = objectOr(event.message);
        this.count(this.message.usage);
        return;
      case 'content_block_start':
        this.blocks.set(indexOf(event), begunBlock(data));
        return;
      case 'content_block_delta':
        this.blockOf(event).add(objectOr(event.delta));
        return;
      case 'message_delta':
        this.stopReason = objectOr(event.delta).stop_reason ?? this.stopReason;
        this.stopDetails = objectOr(objectOr(event.delta).stop_details ?? this.stopDetails);
        this.count(event.usage);
        return;
      case 'message_stop':
        this.stopped = true;
        return;
      default:
        return;
    }
  }

  /**
   * @param takenIds ids of the calls in the conversation so far
   * @throws BrokenStream when the message is not whole: half an answer is none
   */
  finish(takenIds: ReadonlySet<string> = new Set()): StreamedMessage {
    if (this.message === undefined) throw new BrokenStream('the answer holds no message');
    if (!this.stopped || typeof this.stopReason !== 'string') throw new BrokenStream('the answer ended in the middle');
    const blocks = [...this.blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
    giveIdsOfTheirOwn(blocks, takenIds);
    const stopReason = STOP_REASONS.get(this.stopReason) ?? 'unknown';
    const wires = blocks.map((block) => block.wire()).filter((wire) => wire !== undefined);
    const { id, model } = this.message;
    return {
      wire: `{"role":"assistant","content":[${wires.join(',')}]}`.toWellFormed(),
      blocks: blocks.map((block) => block.neutral()).filter((block) => block !== undefined),
      stopReason,
      stopDetail: stopReason === 'unknown' ? wordOf(this.stopReason) : wordOf(this.stopDetails.category),
      usage: this.totals(),
      model: typeof model === 'string' ? storable(model) : '',
      responseId: typeof id === 'string' ? storable(id) : undefined,
    };
  }

  /** The counts are totals so far: a later one replaces the earlier, an absent or null one leaves it. */
  private count(usage: unknown): void {
    for (const [name, value] of Object.entries(objectOr(usage)))
      if (typeof value === 'number') this.usage[name] = value;
  }

  private totals(): Usage {
    const { usage } = this;
    return {
      inputTokens: usage.input_tokens ?? 0,
      outputTokens: usage.output_tokens ?? 0,
      cacheReadTokens: usage.cache_read_input_tokens ?? 0,
      cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
    };
  }

  private blockOf(event: Json): StreamedBlock {
    const block = this.blocks.get(indexOf(event));
    if (block === undefined) throw new BrokenStream('the answer goes on with a block that never began');
    return block;
  }
}

/**
 * The API refuses a conversation in which two calls have one id. A repeated id is replaced before the turn is first
 * stored, so that it goes back the same each time and every call has a result of its own.
 */
function giveIdsOfTheirOwn(blocks: readonly StreamedBlock[], earlier: ReadonlySet<string>): void {
  const here = new Set<string>();
  for (const block of blocks) {
    const id = block.callId;
    if (id === undefined) continue;
    let own = id || 'call';
    for (let n = 2; here.has(own) || earlier.has(own); n += 1) own = `${id || 'call'}_${n}`;
    if (own !== id) block.rename(own, here.has(id));
    here.add(own);
    here.add(id);
  }
}

/** A word of the vendor's vocabulary. Whatever else stands in its place is not repeated. */
function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w .-]{1,60}$/.test(value) ? value : undefined;
}

function readEvent(data: string): Json {
  try {
    return objectOr(JSON.parse(data));
  } catch {
    throw new BrokenStream('the answer holds an event that is no JSON');
  }
}

/** From the event's text, not from its value: what Vigil does not know of a block stays as it is. */
function begunBlock(data: string): StreamedBlock {
  const text = memberTexts(data).get('content_block');
  if (text?.startsWith('{') !== true) throw new BrokenStream('the answer announces a block without content');
  return new StreamedBlock(text);
}

function indexOf(event: Json): number {
  if (typeof event.index !== 'number') throw new BrokenStream('the answer holds a block without its place');
  return event.index;
}

function objectOr(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
