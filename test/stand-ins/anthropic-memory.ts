import { createHash } from 'node:crypto';
import type { InputUsage } from './anthropic-events.ts';
import type { BlockParam, ParsedRequest } from './anthropic-request.ts';
import { blocksOf } from './anthropic-request.ts';

/**
 * What the service remembers between requests: prompts it has cached, conversations it has seen, turns that paused.
 *
 * Tokens are characters / 4, rounded up. A prompt is cut into tools, system and one piece a message; a cache mark
 * anywhere in a piece stands at that piece's end, the top-level mark at the end of the last one. The longest marked
 * prefix that was answered before under the same key and model counts as read, what follows up to the last mark of
 * this request as written, the rest as input. Nothing expires, and no prompt is too short for the cache.
 */
export class AnthropicMemory {
  private readonly cached = new Set<string>();
  private readonly conversations = new Map<string, readonly string[]>();
  private readonly pauses = new Set<string>();

  /** How the prompt's tokens are billed. Nothing is cached until `remember`. */
  usageOf(request: ParsedRequest, key: string): InputUsage {
    const pieces = piecesOf(request);
    const marks = marksOf(request);
    const last = marks.at(-1) ?? 0;
    let read = 0;
    for (let end = 1; end <= last; end += 1) if (this.cached.has(cacheId(key, request.model, pieces, end))) read = end;
    return {
      input_tokens: tokens(pieces, pieces.length) - tokens(pieces, last),
      cache_creation_input_tokens: tokens(pieces, last) - tokens(pieces, read),
      cache_read_input_tokens: tokens(pieces, read),
    };
  }

  /** Caches the marked prefixes, once the answer has begun. */
  remember(request: ParsedRequest, key: string): void {
    const pieces = piecesOf(request);
    for (const end of marksOf(request)) this.cached.add(cacheId(key, request.model, pieces, end));
  }

  /**
   * The name of what changed, when this request belongs to a conversation seen before (same model and first message)
   * and is neither its continuation nor a part of it sent again.
   */
  changeOf(request: ParsedRequest): string | undefined {
    const pieces = piecesOf(request);
    const id = digest([request.model, pieces[2] ?? '']);
    const known = this.conversations.get(id) ?? [];
    const changed = pieces.findIndex((piece, i) => i < known.length && piece !== known[i]);
    if (changed >= 0) return ['tools', 'system'][changed] ?? `messages.${changed - 2}`;
    if (pieces.length > known.length) this.conversations.set(id, pieces);
    return undefined;
  }

  /** Keeps an answer that paused: its content may come back as the last message. */
  rememberPause(content: readonly BlockParam[]): void {
    this.pauses.add(JSON.stringify(content));
  }

  paused(content: readonly BlockParam[]): boolean {
    return this.pauses.has(JSON.stringify(content));
  }
}

/** Tools, system, then each message, without cache marks: they may move. */
function piecesOf(request: ParsedRequest): string[] {
  const messages = request.messages.map((message) => plain([message.role, blocksOf(message)]));
  return [plain(request.tools ?? []), plain(request.system ?? ''), ...messages];
}

function marksOf(request: ParsedRequest): number[] {
  const pieces = [request.tools ?? [], request.system ?? '', ...request.messages];
  const marks = pieces.flatMap((piece, i) => (JSON.stringify(piece).includes('"cache_control":{') ? [i + 1] : []));
  if (request.cache_control !== undefined && request.cache_control !== null) marks.push(pieces.length);
  return marks;
}

function plain(value: unknown): string {
  return JSON.stringify(value, (name, member: unknown) => (name === 'cache_control' ? undefined : member));
}

function tokens(pieces: readonly string[], end: number): number {
  return Math.ceil(pieces.slice(0, end).join('').length / 4);
}

function cacheId(key: string, model: string, pieces: readonly string[], end: number): string {
  return digest([key, model, ...pieces.slice(0, end)]);
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
