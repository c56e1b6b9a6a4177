import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ulid } from 'ulid';
import { type Problem, problemBody } from './problem';

/** How many bytes request line and headers may have together; Node's own limit, said here to be told. */
export const MAX_HEADER_BYTES = 16_384;

const NOT_HTTP: Problem = { status: 400, code: 'http.not_http', detail: 'What was sent is not a valid HTTP request.' };
const BY_CODE: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'http.headers_too_large',
    detail: `Address and headers together are larger than ${MAX_HEADER_BYTES} bytes: send less.`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'http.request_timeout',
    detail: 'The request did not come to its end in time.',
  },
};

/** Answers what Node could not read as a request: no handler ever sees it, and Node alone would send an empty answer. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  // Node's own mark of an answer under way; a second head inside of it would be taken for its body.
  const { _httpMessage: underWay } = socket as Socket & { _httpMessage?: ServerResponse | null };
  if (socket.writable && error.code !== 'ECONNRESET' && !underWay?.headersSent) {
    socket.write(answerText(BY_CODE[error.code ?? ''] ?? NOT_HTTP));
  }
  socket.destroySoon();
}

function answerText(problem: Problem): string {
  const requestId = ulid();
  const body = JSON.stringify(problemBody(problem, requestId));
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `x-request-id: ${requestId}`,
    'x-content-type-options: nosniff',
    'cache-control: no-store',
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
