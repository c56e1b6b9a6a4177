import { trace } from '@opentelemetry/api';
import { loadSettings } from '../../src/config/load-settings';
import { LogConfig } from '../../src/config/slices';
import { createLog } from '../../src/observability/logs';
import { startTelemetry } from '../../src/observability/telemetry';
import { UndoStack } from '../../src/undo-stack';
import { startSink, type Sink } from '../stand-ins/otlp-sink.ts';
import { until } from '../until';

let sink: Sink;
let written: string[];
beforeEach(async () => {
  sink = await startSink();
  written = [];
});
afterEach(() => sink.stop());

/** Telemetry as the program starts it, and the stack that ends it. */
async function started(tracing: boolean): Promise<UndoStack> {
  const loaded = loadSettings(
    [
      ...['--api-token=t', '--claude-api-key=k', '--prometheus-endpoint=http://p', '--otlp-protocol=http/json'],
      ...(tracing ? ['--enable-tracing', `--otlp-endpoint=${sink.url}`] : []),
    ],
    {},
    () => '',
  );
  if (loaded.kind !== 'settings') throw new Error(JSON.stringify(loaded));
  const log = createLog(new LogConfig(loaded.settings), { write: (line) => void written.push(line) });
  const undo = new UndoStack(log);
  for (const { name, stop } of await startTelemetry(loaded.settings, log)) undo.push(name, stop);
  return undo;
}
const record = (count: number): void => {
  for (let i = 0; i < count; i += 1) trace.getTracer('test').startSpan(`span ${i}`).end();
};

it('is flushed once, however often the end comes, and not at all where it did not start (GV-63)', async () => {
  const without = await started(false);
  record(1);
  await without.run();
  const undo = await started(true);
  record(2);
  await Promise.all([undo.run(), undo.run()]);
  await undo.run();
  expect(sink.spans().map(({ name }) => name)).toEqual(['span 0', 'span 1']);
});

it('keeps a bounded number of spans for a collector that does not answer: the rest is dropped (F73)', async () => {
  sink.answerWith(0);
  const undo = await started(true);
  record(5_000);
  await until('a batch is on its way', () => sink.bodies.length > 0);
  sink.answerWith(200);
  record(1);
  await undo.run();
  // One batch was on its way when the rest came.
  expect(sink.spans().length).toBeLessThanOrEqual(2_048 + 512);
  expect(sink.spans().length).toBeGreaterThan(1_000);
});

it('puts the trace of the active span into log lines, and nothing where there is none', async () => {
  const undo = await started(true);
  const log = createLog(new LogConfig({ logLevel: 'info', logFormat: 'json' } as never), {
    write: (line) => void written.push(line),
  });
  log.info('outside');
  const ids = trace.getTracer('test').startActiveSpan('work', (span) => {
    log.info('inside');
    span.end();
    return span.spanContext();
  });
  const lines = written.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.find(({ msg }) => msg === 'inside')).toMatchObject({ trace_id: ids.traceId, span_id: ids.spanId });
  expect(lines.find(({ msg }) => msg === 'outside')).not.toHaveProperty('trace_id');
  await undo.run();
});
