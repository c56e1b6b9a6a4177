import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { Rejected, Unavailable } from '../domain/errors';
import { bodyTooLarge, notUtf8 } from './json-body';
import type { ProblemBody } from './problem-body';

/** What an error becomes on the wire (RFC 9457), before it gets the request's id. */
export interface Problem {
  readonly status: number;
  /** Stable: what a client tests for. */
  readonly code: string;
  readonly detail: string;
  /** One entry for each invalid field. */
  readonly errors?: readonly string[];
  readonly retryAfterSeconds?: number;
}

const RETRY_AFTER_SECONDS = 5;

/** Only what an error class marks as public leaves; everything else is one sentence and the request's id. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Rejected) return { status: error.status, code: error.code, detail: error.message };
  if (error instanceof Unavailable) {
    const retryAfterSeconds = Math.max(1, Math.ceil((error.retryAfterMs ?? RETRY_AFTER_SECONDS * 1000) / 1000));
    return { status: 503, code: error.code, detail: error.message, retryAfterSeconds };
  }
  if (error instanceof HttpException && error.getStatus() < 500) return frameworkProblem(error);
  return {
    status: 500,
    code: 'internal',
    detail: 'Something failed inside Vigil. Its log tells what, under this request id.',
  };
}

export function problemBody(problem: Problem, requestId: string): ProblemBody {
  return {
    type: 'about:blank',
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.detail,
    code: problem.code,
    request_id: requestId,
    errors: problem.errors,
  };
}

/** What Nest, Express and its body parser refuse. Their own words may quote the body, so most are replaced. */
function frameworkProblem(error: HttpException): Problem {
  const status = error.getStatus();
  const { type: parserType, code: zlibCode } = (error.cause ?? {}) as { type?: unknown; code?: unknown };
  if (status === 413) return problemOf(bodyTooLarge());
  if (parserType === 'request.aborted' || parserType === 'request.size.invalid') {
    return { status, code: 'http.body_incomplete', detail: 'The body ended before its announced length.' };
  }
  if (typeof zlibCode === 'string' && /^(Z_|ERR__ERROR_|ZSTD_)/.test(zlibCode)) {
    return { status, code: 'http.body_not_compressed', detail: 'The body is not compressed as Content-Encoding says.' };
  }
  if (status === 415) return problemOf(notUtf8());
  if (error.cause instanceof URIError) {
    return { status, code: 'http.bad_path', detail: 'The path is not validly percent-encoded.' };
  }
  if (status === 404) return { status, code: 'http.not_found', detail: 'There is no such path.' };
  const { message } = error.getResponse() as { message?: unknown };
  if (Array.isArray(message)) {
    const errors = message.map(String);
    return { status, code: 'http.invalid_input', detail: `The request is not valid: ${errors.join('; ')}.`, errors };
  }
  return { status, code: `http.${status}`, detail: `${STATUS_CODES[status] ?? 'Refused'}.` };
}
