import type { BackendTarget } from '../config/slices';
import { clipped } from '../domain/clipped';
import { connectionFault } from '../domain/connection-fault';
import { looksLikeHtml, withoutHtml } from './html';
import { JsonWatch } from './json-watch';

/** What a backend said, or why it said nothing that can be used. Reasons name no host and no credential. */
export type BackendAnswer =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown; readonly text: string }
  | { readonly kind: 'text'; readonly status: number; readonly text: string }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      /** There was an answer, and more of it than is read. */
      readonly isTooLarge?: boolean;
    };

/**
 * More than this, decoded, is not read: the process must live. 5,000 log lines of a kilobyte and a half, or the targets
 * of 16,000 things, are as long. To read so much holds the event loop for some 60 to 130 ms, of which `JSON.parse` takes
 * half: leases are renewed in seconds. What would hold it longer is found by `JsonWatch` before it is parsed.
 */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
/** Of an error's text; the rest helps nobody. */
const MAX_ERROR_CHARS = 1000;

interface Asked {
  readonly method: 'GET' | 'POST';
  readonly body?: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The one way to a backend: its address, tenant and credentials come from the configuration and from nowhere else. */
export class BackendClient {
  constructor(
    /** `Prometheus`: how reasons call it. */
    readonly name: string,
    private readonly target: BackendTarget,
  ) {}

  /**
   * Asks with a form in the body: a query in a URL meets proxies that stop at 4 kB, and access logs.
   * @throws the signal's reason when it aborts, and nothing else
   */
  async post(
    path: string,
    form: Readonly<Record<string, string>>,
    signal: AbortSignal,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<BackendAnswer> {
    return this.ask(path, { method: 'POST', body: new URLSearchParams(form), headers, signal });
  }

  /**
   * For servers that know no form.
   * @throws the signal's reason when it aborts, and nothing else
   */
  async get(path: string, parameters: URLSearchParams, signal: AbortSignal): Promise<BackendAnswer> {
    const query = parameters.size > 0 ? `?${parameters.toString()}` : '';
    return this.ask(path + query, { method: 'GET', headers: {}, signal });
  }

  private async ask(path: string, request: Asked): Promise<BackendAnswer> {
    const { headers, signal } = request;
    try {
      const response = await fetch(this.target.endpoint + path, {
        ...request,
        headers: { accept: 'application/json', ...headers, ...credentials(this.target) },
        redirect: 'manual',
      });
      return await this.read(response);
    } catch (error) {
      signal.throwIfAborted();
      return { kind: 'failed', reason: `${this.name} gave no answer: ${connectionFault(error)}.` };
    }
  }

  private async read(response: Response): Promise<BackendAnswer> {
    const { status, headers } = response;
    if (status >= 300 && status < 400) {
      await response.body?.cancel();
      /* following it would send the credentials wherever the answer points */
      return this.failed(`redirects to another address (${status}); the final one belongs into the configuration`);
    }
    const type = (headers.get('content-type') ?? '').toLowerCase();
    const json = type.includes('json');
    const body = await readBody(response, json ? new JsonWatch() : undefined);
    if (body.kind === 'refused') return { ...this.failed(`answered with ${body.excess}; ${NARROW}`), isTooLarge: true };
    const text = this.withoutSecrets(body.text);
    if (json) return this.parsed(status, text);
    if (status === 401 && /^no org id\s*$/i.test(text)) {
      return this.failed(`wants to know whose data is asked for (401, no org id). ${TENANT}`);
    }
    if (status === 401 || status === 403) return this.failed(`refuses the credentials (${status}). ${OPERATOR}`);
    if (type.includes('html') || looksLikeHtml(text)) return this.page(status);
    if (type.includes('text/plain')) return { kind: 'text', status, text };
    return this.failed(`answered with content that is neither JSON nor text (${status}). ${remedy(status)}`);
  }

  private parsed(status: number, text: string): BackendAnswer {
    try {
      return { kind: 'json', status, body: JSON.parse(text) as unknown, text };
    } catch {
      if (looksLikeHtml(text)) return this.page(status);
      const then = status === 200 ? AGAIN : remedy(status);
      return this.failed(`answered with JSON that cannot be read (${status}). ${then}`);
    }
  }

  /** Of a proxy, or to log in: its text says nothing about the query and is not handed on. */
  private page(status: number): BackendAnswer {
    return this.failed(`is not what answered: an HTML page came back (${status}). ${remedy(status)}`);
  }

  private failed(what: string): BackendAnswer & { readonly kind: 'failed' } {
    return { kind: 'failed', reason: `${this.name} ${what.endsWith('.') ? what : `${what}.`}` };
  }

  /** A proxy's error page may echo the request's headers. */
  private withoutSecrets(text: string): string {
    const { bearerToken, basicAuth } = this.target;
    const secrets = [bearerToken, basicAuth, basicAuth && base64(basicAuth)].filter((s): s is string => !!s);
    return secrets.reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text);
  }
}

const OPERATOR = 'No other query mends this: an operator has to look at the configured address and credentials.';
const AGAIN = 'Ask once more, then go on without it and say so.';
const NARROW = 'narrow the query: fewer series or lines, or a shorter range';
const TENANT = 'No other query mends this: an operator has to configure the tenant (X-Scope-OrgID).';

/** What to change after an answer that says nothing of use itself: what its status means when a proxy gives it. */
function remedy(status: number): string {
  switch (status) {
    case 413:
    case 414:
    case 431:
      return 'The query is too long for what stands before it: shorten it.';
    case 429:
      return 'It is asked too much at once: ask for less, later.';
    case 502:
    case 503:
      return `It is down, or starts. ${AGAIN}`;
    case 504:
      return `It took too long for the proxy before it; ${NARROW}.`;
    default:
      return OPERATOR;
  }
}

/** A backend's error text, short enough to be shown, and without the page of a proxy that it may quote. */
export function errorText(text: string): string {
  return clipped(withoutHtml(text.trim()), MAX_ERROR_CHARS);
}

function credentials({ tenantId, bearerToken, basicAuth }: BackendTarget): Record<string, string> {
  const headers: Record<string, string> = {};
  if (tenantId) headers['x-scope-orgid'] = tenantId;
  if (bearerToken) headers.authorization = `Bearer ${bearerToken}`;
  else if (basicAuth) headers.authorization = `Basic ${base64(basicAuth)}`;
  return headers;
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

type Body =
  | { readonly kind: 'whole'; readonly text: string }
  /** `excess`: what it has too much of. */
  | { readonly kind: 'refused'; readonly excess: string };

const TOO_LONG: Body = { kind: 'refused', excess: 'more than 8 MiB' };
const TOO_INTRICATE: Body = { kind: 'refused', excess: 'JSON of too many parts or levels to be read' };

/** The decoded body. Where it is refused, the rest is not waited for: the connection is given up. */
async function readBody(response: Response, watch: JsonWatch | undefined): Promise<Body> {
  if (!response.body) return { kind: 'whole', text: '' };
  if (Number(response.headers.get('content-length')) > MAX_ANSWER_BYTES) {
    await response.body.cancel();
    return TOO_LONG;
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  /* to leave the loop cancels the stream */
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) return TOO_LONG;
    if (watch && !watch.accepts(chunk)) return TOO_INTRICATE;
    chunks.push(chunk);
  }
  /* leaves a byte order mark out, and replaces what is no UTF-8 */
  return { kind: 'whole', text: new TextDecoder().decode(Buffer.concat(chunks)) };
}
