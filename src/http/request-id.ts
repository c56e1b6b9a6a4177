import type { IncomingMessage, ServerResponse } from 'node:http';
import { newUlid } from '../system/new-ulid';

const HEADER = 'x-request-id';
/** Nothing that could break a log line or a shell. */
const SAFE = /^[\w.:-]{1,64}$/;

/** The caller's own id if it is harmless, else a new one; it stands on the answer and in every log line. */
export function requestId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers[HEADER];
  const id = typeof given === 'string' && SAFE.test(given) ? given : newUlid();
  response.setHeader(HEADER, id);
  return id;
}
