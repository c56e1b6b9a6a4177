import { randomBytes } from 'node:crypto';
import type { Call } from './service.ts';

/** What the service behind answered. */
export interface UpstreamAnswer {
  readonly ok: boolean;
  /** For the log: `payments answered 500`. */
  readonly what: string;
}

const UPSTREAM_TIMEOUT_MS = 3_000;

/** Asks the service behind, on the same trace. */
export async function askUpstream(name: string, url: string, { traceId }: Call): Promise<UpstreamAnswer> {
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { traceparent },
      signal: AbortSignal.timeout(UPSTREAM_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return { ok: response.ok, what: `${name} answered ${response.status}` };
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    return { ok: false, what: `${name} did not answer: ${cause?.code ?? message}` };
  }
}
