import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { ERRORS } from './anthropic-answer.ts';
import type { Answer, Fault, Reply } from './anthropic-answer.ts';
import { blockJson, events, messageFrom, messageJson, newId, sse } from './anthropic-events.ts';
import type { InputUsage, Message } from './anthropic-events.ts';
import { AnthropicMemory } from './anthropic-memory.ts';
import { refusalOf } from './anthropic-refusals.ts';
import type { BlockParam, ParsedRequest } from './anthropic-request.ts';
import type { Script } from './anthropic-steps.ts';

/** The key that the stand-in takes unless told otherwise. */
export const STAND_IN_KEY = 'sk-ant-stand-in-0123456789';

const VERSIONS = ['2023-01-01', '2023-06-01', '2026-10-21'];
const MAX_BODY_BYTES = 32 * 1024 * 1024;

export interface AnthropicOptions {
  readonly script: Script;
  /** The keys it takes; `STAND_IN_KEY` without it. */
  readonly apiKeys?: readonly string[];
  /** Prompts above it are refused as too long. */
  readonly contextWindowTokens?: number;
  /** A conversation whose earlier part changed is answered 400, not only recorded as a fault. */
  readonly refuseChangedPrefix?: boolean;
}

/** One request as it came, and how it ended. */
export interface JournalEntry {
  readonly at: Date;
  readonly path: string;
  /** The body's bytes, as text. */
  readonly bodyText: string;
  /** Absent when the body is no JSON. */
  readonly body?: ParsedRequest;
  /** Without the ones that carry secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** Which of the accepted keys came, by its place, or why none did. */
  readonly key: number | 'missing' | 'wrong';
  /** `200 tool_use`, `529 overloaded_error`, `hang`, `client closed` …; `open` while it is being answered. */
  answered: string;
  /** How the prompt was billed, where an answer began. */
  usage?: InputUsage;
}

/** A running Messages API. */
export interface AnthropicStandIn {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** Every request, oldest first. */
  readonly journal: readonly JournalEntry[];
  /** What a real service would not have said so plainly: unexpected steps, changed prefixes, scripts that threw. */
  readonly faults: readonly string[];
  /** Takes another script from the next request on. */
  play(script: Script): void;
  /** Throws when a fault was recorded or a step is left over. */
  assertFinished(): void;
  stop(): Promise<void>;
}

/** Serves the Messages API on a free port of 127.0.0.1 (or `port`). */
export async function startAnthropic(options: AnthropicOptions, port = 0): Promise<AnthropicStandIn> {
  const service = new Messages(options);
  const server = createServer((request, response) => {
    service.answer(request, response).catch((error: unknown) => {
      if (service.stopping.signal.aborted || response.destroyed) return;
      service.faults.push(`the stand-in failed: ${String(error)}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    journal: service.journal,
    faults: service.faults,
    play: (script) => void (service.script = script),
    assertFinished: () => service.assertFinished(),
    stop: async () => {
      service.stopping.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

class Messages {
  readonly journal: JournalEntry[] = [];
  readonly faults: string[] = [];
  readonly stopping = new AbortController();
  readonly memory = new AnthropicMemory();
  private readonly options: AnthropicOptions;
  script: Script;
  private wellFormed = 0;

  constructor(options: AnthropicOptions) {
    this.options = options;
    this.script = options.script;
  }

  assertFinished(): void {
    const left = this.script.leftOver?.() ?? 0;
    const found = left > 0 ? [...this.faults, `${left} step(s) left over`] : this.faults;
    if (found.length > 0) throw new Error(`the Anthropic stand-in: ${found.join('; ')}`);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bodyText = (await buffer(request)).toString('utf8');
    const entry: JournalEntry = {
      at: new Date(),
      path: request.url ?? '',
      bodyText,
      body: parsed(bodyText) as ParsedRequest | undefined,
      headers: withoutSecrets(request),
      key: this.keyOf(request),
      answered: 'open',
    };
    this.journal.push(entry);
    response.on('close', () => {
      if (entry.answered === 'open') entry.answered = 'client closed';
    });
    const refusal = this.refusal(request, entry);
    if (refusal !== undefined) return sendError(response, entry, refusal);
    const body = entry.body as ParsedRequest;
    const answer = await this.played(body);
    if ('fault' in answer) return this.fail(response, entry, answer);
    await this.pause(answer.delayMs);
    if (!response.destroyed) this.reply(response, entry, answer);
  }

  /** The service takes both forms: `x-api-key` by hand, `Authorization: Bearer` from the SDK since 1.0. */
  private keyOf(request: IncomingMessage): JournalEntry['key'] {
    const key = request.headers['x-api-key'] ?? request.headers.authorization?.replace(/^Bearer /i, '');
    if (typeof key !== 'string' || key === '') return 'missing';
    const place = (this.options.apiKeys ?? [STAND_IN_KEY]).indexOf(key);
    return place < 0 ? 'wrong' : place;
  }

  private refusal(request: IncomingMessage, entry: JournalEntry): StatusFault | undefined {
    const path = entry.path.split('?')[0];
    if (path !== '/v1/messages') return status(404, `Not found: ${path}`);
    if (request.method !== 'POST') return status(405, 'Method Not Allowed', 'invalid_request_error');
    if (entry.key === 'missing') return status(401, 'x-api-key header is required');
    if (entry.key === 'wrong') return status(401, 'invalid x-api-key');
    const version = request.headers['anthropic-version'];
    if (version === undefined) return status(400, 'anthropic-version: header is required');
    if (!VERSIONS.includes(String(version)))
      return status(400, `anthropic-version: "${String(version)}" is not a valid version`);
    if (entry.bodyText.length > MAX_BODY_BYTES) return status(413);
    if (entry.body === undefined) return status(400, 'The request body is not valid JSON');
    const malformed = refusalOf(entry.body, this.memory);
    if (malformed !== undefined) return status(400, malformed);
    return this.changed(entry.body) ?? this.tooLong(entry.body);
  }

  private changed(body: ParsedRequest): StatusFault | undefined {
    const what = this.memory.changeOf(body);
    if (what === undefined) return undefined;
    this.faults.push(`prefix changed: ${what}`);
    if (this.options.refuseChangedPrefix !== true) return undefined;
    return status(400, `${what}: \`thinking\` blocks in this request are bound to a different conversation.`);
  }

  private tooLong(body: ParsedRequest): StatusFault | undefined {
    const limit = this.options.contextWindowTokens;
    const usage = this.memory.usageOf(body, '');
    const total = usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens;
    if (limit === undefined || total <= limit) return undefined;
    return status(400, `prompt is too long: ${total} tokens > ${limit} maximum`);
  }

  /** A 400 for a script that fails, because the caller would try a 500 again and hide the reason for a while. */
  private async played(body: ParsedRequest): Promise<Answer> {
    try {
      return await this.script(body, this.wellFormed++);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.faults.push(reason);
      return status(400, reason);
    }
  }

  private begin(entry: JournalEntry, reply: Reply): Message {
    const body = entry.body as ParsedRequest;
    entry.usage = this.memory.usageOf(body, String(entry.key));
    this.memory.remember(body, String(entry.key));
    return messageFrom(reply, body.model, entry.usage);
  }

  private reply(response: ServerResponse, entry: JournalEntry, reply: Reply): void {
    const message = this.begin(entry, reply);
    if (message.stopReason === 'pause_turn')
      this.memory.rememberPause(message.content.map((block) => parsed(blockJson(block)) as BlockParam));
    entry.answered = `200 ${message.stopReason}`;
    if (entry.body?.stream !== true) {
      response.writeHead(200, headers('application/json')).end(messageJson(message));
      return;
    }
    const { opening, lastDeltas, closing } = events(message);
    response.writeHead(200, headers('text/event-stream; charset=utf-8'));
    for (const event of [...opening, ...lastDeltas, ...closing]) response.write(event);
    response.end();
  }

  private async fail(response: ServerResponse, entry: JournalEntry, fault: Fault): Promise<void> {
    switch (fault.fault) {
      case 'status':
        await this.pause(fault.delayMs);
        return sendError(response, entry, fault);
      case 'hang':
        return;
      case 'reset':
        entry.answered = 'reset';
        response.socket?.resetAndDestroy();
        return;
      case 'cut':
      case 'ended_early':
      case 'stall':
      case 'stream_error':
        return this.breakOff(response, entry, fault);
    }
  }

  private async breakOff(response: ServerResponse, entry: JournalEntry, fault: MidStreamFault): Promise<void> {
    await this.pause(fault.reply.delayMs);
    const { opening, lastDeltas } = events(this.begin(entry, fault.reply));
    response.writeHead(200, headers('text/event-stream; charset=utf-8'));
    const half = Math.floor(lastDeltas.length / 2);
    const started = [...opening, ...lastDeltas.slice(0, half)].join('');
    if (fault.fault === 'stall') {
      response.write(started);
      return;
    }
    entry.answered = `200 ${fault.fault}`;
    if (fault.fault === 'ended_early') {
      response.end(started);
    } else if (fault.fault === 'stream_error') {
      const type = fault.errorType ?? 'overloaded_error';
      const message = fault.message ?? 'Overloaded';
      response.end(
        started + sse('error', `"error":${JSON.stringify({ type, message })},"request_id":"${newId('req')}"`),
      );
    } else {
      const next = lastDeltas[half] ?? '';
      response.write(started + next.slice(0, next.length / 2), () => response.socket?.resetAndDestroy());
    }
  }

  private async pause(ms: number | undefined): Promise<void> {
    if (ms !== undefined && ms > 0) await delay(ms, undefined, { signal: this.stopping.signal });
  }
}

type StatusFault = Extract<Fault, { fault: 'status' }>;
type MidStreamFault = Exclude<Fault, { fault: 'status' | 'hang' | 'reset' }>;

function status(code: number, message?: string, errorType?: string): StatusFault {
  return { fault: 'status', status: code, message, errorType };
}

function sendError(response: ServerResponse, entry: JournalEntry, fault: StatusFault): void {
  const known = ERRORS[fault.status];
  const type = fault.errorType ?? known?.type ?? 'api_error';
  const message = fault.message ?? known?.message ?? 'Error';
  const requestId = newId('req');
  entry.answered = `${fault.status} ${type}`;
  const body = fault.body ?? JSON.stringify({ type: 'error', error: { type, message }, request_id: requestId });
  const contentType = fault.body === undefined ? 'application/json' : 'text/html';
  response.writeHead(fault.status, { ...headers(contentType), 'request-id': requestId, ...fault.headers }).end(body);
}

function headers(contentType: string): Record<string, string> {
  return { 'content-type': contentType, 'request-id': newId('req'), 'cache-control': 'no-cache' };
}

function withoutSecrets(request: IncomingMessage): Record<string, string> {
  const kept = Object.entries(request.headers).filter(
    ([name]) => !['x-api-key', 'authorization', 'cookie'].includes(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
