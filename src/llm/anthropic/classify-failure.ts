import { APIConnectionError, APIError } from '@anthropic-ai/sdk';
import { isBadCertificate } from '../../domain/connection-fault';
import { Defect } from '../../domain/errors';
import { ModelFailure, type ModelFailureKind } from '../language-model';
import { BrokenStream } from './message-stream';

/** What must not stand in an error, and the moment from which a `retry-after` date counts. */
export interface FailureContext {
  readonly apiKey: string;
  readonly now: Date;
}

/** Characters of the vendor's words that are kept. */
const MAX_DETAIL = 1_000;

/**
 * Turns whatever a call ended with into a ModelFailure, once. Four shapes say that the API gave no answer: APIError
 * with a status, APIError without one (an `error` event in a stream that began with 200), APIConnectionError, and the
 * bare errors of Node's fetch ("terminated") for a stream that was cut. Anything else is a Defect of ours.
 */
export function classifyFailure(error: unknown, context: FailureContext): ModelFailure | Defect {
  if (error instanceof ModelFailure) return error;
  if (error instanceof APIConnectionError) return connectionFailure(error.cause);
  if (error instanceof APIError) return apiFailure(error, context);
  if (error instanceof BrokenStream)
    return new ModelFailure('connection', MESSAGES.connection, { detail: error.message });
  if (isTransportError(error)) return connectionFailure(error);
  return new Defect('llm.unclassified', 'Asking the model failed in an unforeseen way.', error);
}

/** The call took longer than `llm-timeout-seconds` allows. */
export function timedOut(timeoutMs: number): ModelFailure {
  return new ModelFailure('timeout', MESSAGES.timeout, { detail: `no whole answer within ${timeoutMs / 1000} s` });
}

/** A 200 that is no message stream: something else than the Messages API stands at that address. */
export function notTheMessagesApi(contentType: string | null): ModelFailure {
  return new ModelFailure('configuration', MESSAGES.configuration, {
    detail: `200 with content type ${contentType ?? 'unknown'} instead of a message stream: check claude-base-url`,
  });
}

/** Shown to anybody: what happened, and what whoever runs Vigil can do. What becomes of the triage is its worker's to say. */
const MESSAGES: Readonly<Record<ModelFailureKind, string>> = {
  overloaded: "The model's API is overloaded or fails. If it lasts, look at the vendor's status page.",
  rate_limited:
    "The model's API refuses calls because a rate limit is used up. Raise the limit with the vendor, or lower max-concurrent-triages.",
  timeout: "The model's API gives no whole answer in time. If it happens often, raise llm-timeout-seconds.",
  connection:
    "The connection to the model's API fails or is cut. Check the network, the proxy and the address (claude-base-url).",
  configuration:
    "The model's API does not let this installation in, and no triage can go on until that is set right. Check claude-api-key, claude-model, claude-base-url and the account.",
  context_full: 'The conversation has become longer than the model takes; it cannot go on.',
  other_conversation:
    "The model's API takes this conversation for another one, so it cannot go on. The account behind claude-api-key was changed in its middle, or a proxy changes what is sent; new triages are not affected.",
  bad_request:
    "The model's API refused the request as malformed. That is a fault of Vigil and of this triage alone: report it, with what its log says under the triage's id.",
};

/** What to set right, where the status tells. */
const CONFIGURATION: ReadonlyMap<number | undefined, string> = new Map([
  [401, 'The API does not know the key: check claude-api-key.'],
  [402, 'The account has no credit: look at its billing.'],
  [403, 'The key may not use this model: check the permissions of claude-api-key, and claude-model.'],
  [404, 'Nothing of this name or address is there: check claude-model and claude-base-url.'],
]);

function messageOf(kind: ModelFailureKind, { status }: { status?: number }): string {
  const hint = kind === 'configuration' ? CONFIGURATION.get(status) : undefined;
  return hint ? `No triage can go on until this is set right. ${hint}` : MESSAGES[kind];
}

function apiFailure(error: APIError, { apiKey, now }: FailureContext): ModelFailure {
  const kind = kindOf(error);
  return new ModelFailure(kind, messageOf(kind, error), {
    detail: withoutSecrets(detailOf(error), apiKey),
    retryAfterMs: error.headers === undefined ? undefined : retryAfterMs(error.headers, now),
  });
}

/** 400s that the vendor gives for its account, not for the request; words and codes change, so both are asked. */
const ACCOUNT_CODES = new Set([
  'organization_on_hold',
  'organization_type_not_supported',
  'cmek_key_disabled',
  'cmek_key_network_blocked',
]);
const ACCOUNT_WORDS = /credit balance is too low|usage limits|organization has been disabled/i;
const TOO_LONG_WORDS = /prompt is too long|exceeds? (the )?context (window|limit)|exceed context limit/i;
const OTHER_CONVERSATION_WORDS = /bound to a different conversation/i;

function kindOf(error: APIError): ModelFailureKind {
  const { status } = error as { status?: number };
  if (status === undefined) return kindOfType(error);
  if (status === 408 || status === 504) return 'timeout';
  if (status === 413) return 'context_full';
  if (status === 429) return 'rate_limited';
  if (status === 409 || status >= 500) return 'overloaded';
  if ([401, 402, 403, 404, 407].includes(status) || (status >= 300 && status < 400)) return 'configuration';
  return kindOfBadRequest(error);
}

/** An `error` event has no status; its type says the same. */
function kindOfType(error: APIError): ModelFailureKind {
  switch (error.type as string | null) {
    case 'rate_limit_error':
      return 'rate_limited';
    case 'timeout_error':
      return 'timeout';
    case 'authentication_error':
    case 'billing_error':
    case 'permission_error':
    case 'not_found_error':
      return 'configuration';
    case 'request_too_large':
      return 'context_full';
    case 'invalid_request_error':
      return kindOfBadRequest(error);
    default:
      return 'overloaded';
  }
}

function kindOfBadRequest(error: APIError): ModelFailureKind {
  const said = error.apiMessage ?? '';
  if (ACCOUNT_CODES.has(error.errorCode ?? '') || ACCOUNT_WORDS.test(said)) return 'configuration';
  if (OTHER_CONVERSATION_WORDS.test(said)) return 'other_conversation';
  return TOO_LONG_WORDS.test(said) ? 'context_full' : 'bad_request';
}

function detailOf(error: APIError): string {
  const { status } = error as { status?: number };
  const parts = [status, error.type, error.apiMessage ?? (error.type === null ? error.message : null)];
  const request = error.requestID ? ` (request ${error.requestID})` : '';
  return `${parts.filter((part) => part !== null && part !== undefined).join(' ')}${request}`;
}

/** Node's own words name the host and the port: only their code is kept, the error itself goes to the log as cause. */
function connectionFailure(cause: unknown): ModelFailure {
  const detail = codeOf(cause);
  // A certificate does not become good by asking again; a name that is not known may be known in a moment.
  if (isBadCertificate(detail ?? '')) return new ModelFailure('configuration', BAD_CERTIFICATE, { cause, detail });
  const message = NAME_CODES.has(detail ?? '') ? UNKNOWN_NAME : MESSAGES.connection;
  return new ModelFailure('connection', message, { cause, detail });
}

const BAD_CERTIFICATE =
  "No triage can go on until this is set right. The certificate of the model's API is not accepted: it has expired, is for another name, or comes from an authority that is not trusted here. Check claude-base-url, ca-file, the proxy and the clock.";
const NAME_CODES = new Set(['ENOTFOUND', 'EAI_AGAIN']);
const UNKNOWN_NAME =
  "The name of the model's API cannot be resolved. Check DNS, the network and the address (claude-base-url).";

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return typeof code === 'string' ? code : codeOf(cause);
}

function isTransportError(error: unknown): error is Error {
  if (codeOf(error) !== undefined) return true;
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' && /^(terminated|fetch failed|network error)/i.test(message);
}

function withoutSecrets(text: string, apiKey: string): string {
  return text
    .toWellFormed()
    .replaceAll('\u0000', '\ufffd')
    .replaceAll(apiKey, '[key]')
    .replace(/sk-ant-[\w-]+/g, '[key]')
    .replace(/\bhttps?:\/\/[^\s"'<>)]+/gi, '[url]')
    .replace(/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g, '[address]')
    .slice(0, MAX_DETAIL)
    .toWellFormed();
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date; undefined when there is none that can be read. */
function retryAfterMs(headers: Headers, now: Date): number | undefined {
  const exact = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (exact >= 0) return exact;
  const after = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(after)) return Number(after) * 1000;
  const date = Date.parse(after);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
