import {
  type Attributes,
  type Span,
  type SpanOptions,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api';
import { TraceService } from 'nestjs-otel';
import { TracedModel } from '../../src/llm/traced-model';
import { type Answer, overloaded, says } from '../stand-ins/anthropic-answer.ts';
import { MODEL, modelBench, type ModelBench } from './model-bench';

/** What one span was told. */
class RecordedSpan {
  readonly attributes: Attributes = {};
  status: unknown;
  ended = 0;

  constructor(
    readonly name: string,
    readonly kind: SpanKind | undefined,
  ) {}

  isRecording(): boolean {
    return true;
  }

  setAttribute(name: string, value: Attributes[string]): void {
    this.attributes[name] = value;
  }

  setAttributes(attributes: Attributes): void {
    Object.assign(this.attributes, attributes);
  }

  setStatus(status: unknown): void {
    this.status = status;
  }

  end(): void {
    this.ended += 1;
  }
}

/** Stands where OpenTelemetry's SDK would be. */
class RecordingTraces extends TraceService {
  readonly spans: RecordedSpan[] = [];

  override getTracer(): Tracer {
    const startSpan = (name: string, options: SpanOptions = {}): Span => {
      const span = new RecordedSpan(name, options.kind);
      span.setAttributes(options.attributes ?? {});
      this.spans.push(span);
      return span as unknown as Span;
    };
    return { startSpan } as unknown as Tracer;
  }
}

let bench: ModelBench;

async function traced(answer: Answer): Promise<{ model: TracedModel; traces: RecordingTraces }> {
  bench = await modelBench({ script: () => answer });
  const traces = new RecordingTraces();
  return { model: new TracedModel(bench.model, traces), traces };
}

afterEach(async () => {
  await bench.stop();
});

describe('the span of a turn', () => {
  it('is named for the model and carries the tokens, cache included, but nothing that was said', async () => {
    const { model, traces } = await traced(says('the database is full'));
    const { usage } = await model.reply(bench.request(), new AbortController().signal);
    const [span] = traces.spans;
    expect(span).toMatchObject({ name: `chat ${MODEL}`, kind: SpanKind.CLIENT, ended: 1, status: undefined });
    expect(span?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': MODEL,
      'gen_ai.request.max_tokens': 2_000,
      'gen_ai.response.finish_reasons': ['end_turn'],
      'gen_ai.usage.input_tokens': usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens,
      'gen_ai.usage.cache_write.input_tokens': usage.cacheWriteTokens,
    });
    expect(JSON.stringify(span)).not.toMatch(/database|investigate|HighErrorRate/);
  });

  it('ends with the kind of the failure (GV-27)', async () => {
    const { model, traces } = await traced(overloaded());
    await expect(model.reply(bench.request(), new AbortController().signal)).rejects.toThrow();
    expect(traces.spans[0]).toMatchObject({ ended: 1, status: { code: SpanStatusCode.ERROR } });
    expect(traces.spans[0]?.attributes['error.type']).toBe('overloaded');
  });

  it('ends as aborted when the caller does not wait', async () => {
    const { model, traces } = await traced({ fault: 'hang' });
    await expect(model.reply(bench.request(), AbortSignal.timeout(50))).rejects.toThrow();
    expect(traces.spans[0]?.attributes['error.type']).toBe('aborted');
  });
});
