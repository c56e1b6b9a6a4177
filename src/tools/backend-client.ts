import type { BackendTarget } from '../config/slices';
import { clipped } from '../domain/clipped';

/** What a backend said, or why it said nothing that can be used. Reasons name no host and no credential. */
export type BackendAnswer =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown; readonly text: string }
  | { readonly kind: 'text'; readonly status: number; readonly text: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** More than this, decoded, is not read: the model could not be shown it anyway, and the process must live. */
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
    const { status } = response;
    if (status >= 300 && status < 400) {
      await response.body?.cancel();
      /* following it would send the credentials wherever the answer points */
      return this.failed(`redirects to another address (${status}); the final one belongs into the configuration`);
    }
    const body = await readAtMost(response, MAX_ANSWER_BYTES);
    if (body === undefined) {
      return this.failed('answered with more than 8 MiB; narrow the query: fewer series or lines, or a shorter range');
    }
    const text = this.withoutSecrets(body);
    const type = (response.headers.get('content-type') ?? '').toLowerCase();
    if (type.includes('json')) return this.parsed(status, text);
    if (status === 401 && /^no org id\s*$/i.test(text)) {
      return this.failed(`wants to know whose data is asked for (401, no org id). ${TENANT}`);
    }
    if (status === 401 || status === 403) return this.failed(`refuses the credentials (${status}). ${OPERATOR}`);
    if (type.includes('html') || /^\s*<(?:!doctype|html)/i.test(text)) {
      /* a proxy or a login page: its text says nothing about the query and is not handed on */
      return this.failed(`is not what answered: an HTML page came back (${status}). ${OPERATOR}`);
    }
    if (type.includes('text/plain')) return { kind: 'text', status, text };
    return this.failed(`answered with content that is neither JSON nor text (${status}). ${OPERATOR}`);
  }

  private parsed(status: number, text: string): BackendAnswer {
    try {
      return { kind: 'json', status, body: JSON.parse(text) as unknown, text };
    } catch {
      return this.failed(`answered with JSON that cannot be read (${status})`);
    }
  }

  private failed(what: string): BackendAnswer {
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

const TENANT = 'No other query mends this: an operator has to configure the tenant (X-Scope-OrgID).';

/** A backend's error text, short enough to be shown. */
export function errorText(text: string): string {
  return clipped(text.trim(), MAX_ERROR_CHARS);
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

/** The decoded body; undefined when it is longer, and then the rest is not waited for. */
async function readAtMost(response: Response, maxBytes: number): Promise<string | undefined> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const FAULTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  PROXY_UNREACHABLE: 'the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY) could not be reached',
  PROXY_REFUSED: 'the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY) refused to connect to it',
  Z_DATA_ERROR: 'its compression cannot be read',
};

/** What happened, from the error's code alone: messages of the network hold addresses. */
function connectionFault(error: unknown): string {
  const { code: own, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  const code = [own, cause?.code].find((c): c is string => typeof c === 'string');
  if (!code) return 'the connection failed';
  if (/^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS)/.test(code))
    return `its certificate is not accepted (${code})`;
  return FAULTS[code] ?? `the connection failed (${code})`;
}
