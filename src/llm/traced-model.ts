import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { TraceService } from 'nestjs-otel';
import { clipped } from '../domain/clipped';
import { DelegatingModel } from './delegating-model';
import { type LanguageModel, ModelFailure, type ModelReply, type ModelRequest } from './language-model';

/** Of what was said, characters on each side of one answer. */
const CONTENT_CHARS = 8_000;

/**
 * A span `chat <model>` around each answer, its retries included, with OpenTelemetry's GenAI attributes
 * (semantic conventions, status development). What was said is no attribute; with `trace-content` it is an event.
 */
export class TracedModel extends DelegatingModel {
  constructor(
    inner: LanguageModel,
    private readonly traces: TraceService,
    private readonly content = false,
  ) {
    super(inner);
  }

  async reply(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const span = this.startSpan(request);
    try {
      const reply = await context.with(trace.setSpan(context.active(), span), () => this.inner.reply(request, signal));
      if (span.isRecording()) {
        span.setAttributes(answerAttributes(reply));
        if (this.content) span.addEvent('gen_ai.client.inference.operation.details', contentOf(request, reply));
      }
      return reply;
    } catch (error) {
      recordFailure(span, error, signal);
      throw error;
    } finally {
      span.end();
    }
  }

  private startSpan({ model, maxOutputTokens }: ModelRequest): Span {
    return this.traces.getTracer().startSpan(`chat ${model}`, {
      kind: SpanKind.CLIENT,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': this.provider,
        'gen_ai.request.model': model,
        'gen_ai.request.max_tokens': maxOutputTokens,
        'gen_ai.request.stream': true,
      },
    });
  }
}

function answerAttributes({ model, responseId, stopReason, usage, attempts }: ModelReply): Attributes {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  return {
    'gen_ai.response.model': model,
    ...(responseId !== undefined && { 'gen_ai.response.id': responseId }),
    'gen_ai.response.finish_reasons': [stopReason],
    'gen_ai.usage.input_tokens': inputTokens + cacheReadTokens + cacheWriteTokens,
    'gen_ai.usage.output_tokens': outputTokens,
    'gen_ai.usage.cache_read.input_tokens': cacheReadTokens,
    'gen_ai.usage.cache_write.input_tokens': cacheWriteTokens,
    'vigil.llm.attempts': attempts,
  };
}

/** What is new in this call: the turns before it stand in the spans of the calls before it. */
function contentOf({ wires }: ModelRequest, { wire }: ModelReply): Attributes {
  return {
    'gen_ai.input.messages': clipped(wires.at(-1) ?? '', CONTENT_CHARS),
    'gen_ai.output.messages': clipped(wire, CONTENT_CHARS),
  };
}

function recordFailure(span: Span, error: unknown, signal: AbortSignal): void {
  const type = error instanceof ModelFailure ? error.kind : signal.aborted ? 'aborted' : 'defect';
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof ModelFailure ? error.message : type });
}
