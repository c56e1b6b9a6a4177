import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { TraceService } from 'nestjs-otel';
import type { Block } from '../domain/conversation';
import { LanguageModel, ModelFailure, type ModelReply, type ModelRequest, type ToolSpec } from './language-model';

/**
 * A span `chat <model>` around each answer, its retries included, with OpenTelemetry's GenAI attributes
 * (semantic conventions, status development). What was said is no attribute.
 */
export class TracedModel extends LanguageModel {
  readonly provider: string;

  constructor(
    private readonly inner: LanguageModel,
    private readonly traces: TraceService,
  ) {
    super();
    this.provider = inner.provider;
  }

  freezePrefix(input: { model: string; systemPrompt: string; tools: readonly ToolSpec[] }): string {
    return this.inner.freezePrefix(input);
  }

  userWire(blocks: readonly Block[]): string {
    return this.inner.userWire(blocks);
  }

  async reply(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const span = this.startSpan(request);
    try {
      const reply = await context.with(trace.setSpan(context.active(), span), () => this.inner.reply(request, signal));
      span.setAttributes(answerAttributes(reply));
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

function recordFailure(span: Span, error: unknown, signal: AbortSignal): void {
  const type = error instanceof ModelFailure ? error.kind : signal.aborted ? 'aborted' : 'defect';
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof ModelFailure ? error.message : type });
}
