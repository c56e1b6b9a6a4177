import { trace, TraceFlags } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { build as pretty } from 'pino-pretty';
import type { LogConfig } from '../config/slices';
import { loggedError } from './logged-error';
import { withoutSecrets } from './without-secrets';

/**
 * The program's log: one JSON object a line on standard output, or the same for people.
 * @param destination standard output unless a test wants to read it
 */
export function createLog(config: LogConfig, destination?: DestinationStream): Logger {
  const stdout = config.format === 'pretty' ? pretty({ sync: true, translateTime: 'HH:MM:ss.l' }) : undefined;
  return pino(
    {
      level: config.level,
      base: undefined,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }), log: withoutSecrets },
      mixin: recordedTrace,
      serializers: { err: loggedError },
    },
    destination ?? stdout ?? pino.destination({ dest: 1, sync: true }),
  );
}

/** Leads from a line to its trace. Without tracing there is no span to ask. */
function recordedTrace(): { trace_id?: string; span_id?: string } {
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || (span.traceFlags & TraceFlags.SAMPLED) === 0) return {};
  return { trace_id: span.traceId, span_id: span.spanId };
}
