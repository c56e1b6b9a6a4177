import { context, type Link, propagation, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Ending } from '../domain/triage';
import type { ClaimedTriage } from './ports/triage-queue';

/**
 * A trace of its own for each attempt, linked to the request that brought the alert: that one ended long ago, perhaps
 * in another process. Calls of the model and of tools become its children.
 */
export async function inAttemptSpan<T>(claimed: ClaimedTriage, work: () => Promise<T>): Promise<T> {
  const span = trace.getTracer('vigil').startSpan('invoke_agent vigil', { root: true, links: linksTo(claimed) });
  if (span.isRecording()) span.setAttributes(attributesOf(claimed));
  try {
    return await context.with(trace.setSpan(ROOT_CONTEXT, span), work);
  } finally {
    span.end();
  }
}

/** Says on the attempt's span how the triage ended. */
export function noteEnding({ outcome, endedBy }: Ending, span: Span | undefined = trace.getActiveSpan()): void {
  span?.setAttributes({ 'vigil.triage.outcome': outcome, 'vigil.triage.ended_by': endedBy });
  if (outcome === 'error' || outcome === 'failed') {
    span?.setAttribute('error.type', endedBy);
    span?.setStatus({ code: SpanStatusCode.ERROR });
  }
}

/** Says on the attempt's span why it came to no end. */
export function noteGivenBack(why: string): void {
  trace.getActiveSpan()?.setAttribute('vigil.triage.given_back', why);
}

function attributesOf({ lease, alertName, fingerprint, attempt }: ClaimedTriage): Record<string, string | number> {
  return {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'vigil',
    'gen_ai.conversation.id': lease.triageId,
    'vigil.triage.id': lease.triageId,
    'vigil.triage.attempt': attempt,
    'vigil.alert.name': alertName,
    'vigil.alert.fingerprint': fingerprint,
  };
}

function linksTo({ traceContext }: ClaimedTriage): Link[] {
  if (!traceContext) return [];
  const request = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent: traceContext }));
  return request ? [{ context: request }] : [];
}
