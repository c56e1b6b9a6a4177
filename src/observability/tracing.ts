import { randomUUID } from 'node:crypto';
import { context, diag, DiagLogLevel, type DiagLogger, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { type ExportResult, ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { type ISerializer, JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { BuildInfo } from '../config/build-info';
import type { TracingConfig } from '../config/slices';

/** Spans that wait for a collector: more are dropped, so that a dead one costs 2,048 spans of memory and nothing else. */
const QUEUE_SPANS = 2_048;
const BATCH_SPANS = 512;
const BATCH_EVERY_MS = 5_000;
const EXPORT_TIMEOUT_MS = 10_000;
/** How long the last spans may take at shutdown. */
const FLUSH_TIMEOUT_MS = 3_000;
/** A collector that is away for a night is worth a line now and then, not one every five seconds. */
const COMPLAIN_EVERY_MS = 300_000;

export interface Tracing {
  /** Sends what is left, and ends. Never throws: a collector that is away must not make the end a failure. */
  stop(): Promise<void>;
}

/**
 * Records spans and sends them to the collector. This is the one file that knows OpenTelemetry's SDK, and it is loaded
 * only where tracing is on: everywhere else the API alone is spoken, which does nothing without it.
 */
export function startTracing(config: TracingConfig & { endpoint: string }, build: BuildInfo, log: Logger): Tracing {
  const exporter = new OtlpExporter(config, log);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'vigil',
      'service.version': build.version,
      'service.instance.id': randomUUID(),
      'process.runtime.name': 'nodejs',
      'process.runtime.version': build.node,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.sample) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: QUEUE_SPANS,
        maxExportBatchSize: BATCH_SPANS,
        scheduledDelayMillis: BATCH_EVERY_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  diag.setLogger(warningsTo(log), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return {
    stop: async () => {
      const late = setTimeout(() => exporter.abort(), FLUSH_TIMEOUT_MS);
      // A failure was logged where it happened.
      await provider.shutdown().catch(() => undefined);
      clearTimeout(late);
      for (const api of [trace, propagation, context, diag]) api.disable();
    },
  };
}

/**
 * OTLP over `fetch`, the one way out: the SDK's own exporter opens its connections itself, past `ca-file` and proxies.
 * A batch that cannot be delivered is lost: spans are not worth a second try.
 */
class OtlpExporter implements SpanExporter {
  private readonly url: string;
  private readonly serializer: ISerializer<ReadableSpan[], unknown>;
  private readonly contentType: string;
  private readonly aborted = new AbortController();
  private lost = 0;
  private complainedMs = -Infinity;

  constructor(
    { endpoint, protocol }: { endpoint: string; protocol: TracingConfig['protocol'] },
    private readonly log: Logger,
  ) {
    this.url = `${endpoint}/v1/traces`;
    this.serializer = protocol === 'http/json' ? JsonTraceSerializer : ProtobufTraceSerializer;
    this.contentType = protocol === 'http/json' ? 'application/json' : 'application/x-protobuf';
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.send(spans).then(
      () => done({ code: ExportResultCode.SUCCESS }),
      (error: Error) => {
        this.complain(spans.length, error);
        done({ code: ExportResultCode.FAILED, error });
      },
    );
  }

  /** What is on its way is given up, what follows too. */
  abort(): void {
    this.aborted.abort();
  }

  async shutdown(): Promise<void> {
    this.abort();
  }

  private async send(spans: ReadableSpan[]): Promise<void> {
    const body = this.serializer.serializeRequest(spans) as Uint8Array<ArrayBuffer> | undefined;
    if (!body) throw new Error('the spans could not be encoded');
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': this.contentType },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([this.aborted.signal, AbortSignal.timeout(EXPORT_TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the collector answered ${response.status}`);
  }

  private complain(spans: number, error: Error): void {
    this.lost += spans;
    if (performance.now() - this.complainedMs < COMPLAIN_EVERY_MS) return;
    this.log.warn(
      { lost_spans: this.lost, err: error },
      'spans could not be sent: they are lost, and nothing else is affected; check otlp-endpoint and the collector',
    );
    this.complainedMs = performance.now();
    this.lost = 0;
  }
}

/** What the SDK has to say: that it dropped spans because the queue was full. */
function warningsTo(log: Logger): DiagLogger {
  const nothing = (): void => undefined;
  return {
    error: nothing, // every failed batch, which the exporter tells of more rarely
    warn: (message) => log.warn({ context: 'OpenTelemetry' }, message),
    info: nothing,
    debug: nothing,
    verbose: nothing,
  };
}
