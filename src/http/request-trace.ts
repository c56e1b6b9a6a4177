import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { clientAddress } from './client-address';
import { routeOf } from './route-of';

/** What the request's log line takes from here: that line is written when no span is active any more. */
export interface RequestTrace {
  readonly trace_id: string;
  readonly span_id: string;
}

/**
 * A server span around each request, continuing the caller's trace. It stands behind the token, so that nobody without
 * one makes us record, and before the body. Without tracing, or outside the sample, it does nothing.
 */
export const requestTrace: RequestHandler = (request, response, next) => {
  const parent = propagation.extract(ROOT_CONTEXT, request.headers);
  // The route is not known yet: the name without it is a start.
  const span = trace.getTracer('vigil').startSpan(request.method, { kind: SpanKind.SERVER }, parent);
  if (!span.isRecording()) return next();

  const { traceId, spanId } = span.spanContext();
  response.locals['trace'] = { trace_id: traceId, span_id: spanId } satisfies RequestTrace;
  response.setHeader('x-trace-id', traceId);
  const here = trace.setSpan(parent, span);
  // From here on the request's trace context is this span: what is stored with a triage leads to it.
  propagation.inject(here, request.headers);
  response.once('close', () => {
    const { statusCode } = response;
    const route = routeOf(request);
    const client = clientAddress(request);
    span.updateName(route ? `${request.method} ${route}` : request.method);
    span.setAttributes({
      'http.request.method': request.method,
      'http.response.status_code': statusCode,
      'url.scheme': request.protocol,
      ...(route && { 'http.route': route }),
      ...(client && { 'client.address': client }),
    });
    if (statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  });
  context.with(here, next);
};
