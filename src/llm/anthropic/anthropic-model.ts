import { Anthropic, APIError } from '@anthropic-ai/sdk';
import { Stream } from '@anthropic-ai/sdk/streaming';
import type { ModelConfig } from '../../config/slices';
import type { Clock } from '../../domain/clock';
import type { Block } from '../../domain/conversation';
import { LanguageModel, ModelFailure, type ModelReply, type ModelRequest, type ToolSpec } from '../language-model';
import { costUsd } from '../prices';
import { bodyText, callIds, prefixText, userTurnText } from './anthropic-wire';
import { classifyFailure, notTheMessagesApi, timedOut } from './classify-failure';
import { MessageStream, type StreamedMessage } from './message-stream';

/** Where the API is unless claude-base-url says otherwise. */
export const BASE_URL = 'https://api.anthropic.com';

/** How much later than ours the SDK's own time-out would come: one limit decides, and it is the one we can name. */
const SDK_TIMEOUT_MARGIN_MS = 60_000;

/** Claude by Anthropic's Messages API, streamed. One call is one request: who tries again is decided above. */
export class AnthropicModel extends LanguageModel {
  readonly provider = 'anthropic';
  private readonly client: Anthropic;

  constructor(
    private readonly config: ModelConfig,
    private readonly clock: Clock,
  ) {
    super();
    this.client = new Anthropic({
      apiKey: config.apiKey,
      // Named even where it is the default: the SDK would look for another one in the environment.
      baseURL: config.baseUrl ?? BASE_URL,
      webhookKey: null,
      maxRetries: 0,
      timeout: config.timeoutMs + SDK_TIMEOUT_MARGIN_MS,
      // A redirect would take the key along to wherever it points.
      fetchOptions: { redirect: 'manual' },
      // Its logs hold bodies at some levels, its spans would double ours.
      logLevel: 'off',
      openTelemetry: false,
    });
  }

  freezePrefix(input: { model: string; systemPrompt: string; tools: readonly ToolSpec[] }): string {
    return prefixText(input.model, input.systemPrompt, input.tools);
  }

  userWire(blocks: readonly Block[]): string {
    return userTurnText(blocks);
  }

  async reply(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    signal.throwIfAborted();
    const { apiKey, timeoutMs } = this.config;
    const timeout = AbortSignal.timeout(timeoutMs);
    const startedMs = this.clock.monotonicMs();
    try {
      const message = await this.stream(request, AbortSignal.any([signal, timeout]));
      const durationMs = this.clock.monotonicMs() - startedMs;
      return { ...message, costUsd: costUsd(message.model, message.usage), durationMs, attempts: 1 };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw timeout.aborted ? timedOut(timeoutMs) : classifyFailure(error, { apiKey, now: this.clock.now() });
    }
  }

  /** By the low-level call and the raw events: the typed ones read and rewrite the JSON on both ways. */
  private async stream(request: ModelRequest, signal: AbortSignal): Promise<StreamedMessage> {
    this.checkKey();
    const response = await this.client
      .post('/v1/messages', {
        body: bodyText(request),
        headers: { 'content-type': 'application/json' },
        signal,
        stream: true,
      })
      .asResponse();
    const contentType = response.headers.get('content-type');
    if (contentType?.includes('text/event-stream') !== true) {
      await response.body?.cancel();
      throw notTheMessagesApi(contentType);
    }
    const message = new MessageStream();
    for await (const event of Stream.rawEvents(response)) {
      if (event.event === 'error') throw streamError(event.data, response.headers);
      message.take(event);
    }
    return message.finish(callIds(request.wires));
  }

  /** Node's complaint about an impossible header value repeats the value. */
  private checkKey(): void {
    if (/^[\x21-\x7e]+$/.test(this.config.apiKey)) return;
    throw new ModelFailure(
      'configuration',
      'The Claude API key holds a character that no key has (a space, a line break, a dash of a word processor). No triage can go on until claude-api-key is set right.',
    );
  }
}

/** An `error` event after a 200, as the SDK's own stream would have thrown it. */
function streamError(data: string, headers: Headers): APIError {
  let body: { error?: { type?: unknown } } | undefined;
  try {
    body = JSON.parse(data) as typeof body;
  } catch {
    body = undefined;
  }
  const type = typeof body?.error?.type === 'string' ? body.error.type : undefined;
  return new APIError(undefined, body, undefined, headers, type as ConstructorParameters<typeof APIError>[4]);
}
