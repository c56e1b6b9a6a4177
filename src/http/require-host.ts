import type { RequestHandler } from 'express';
import { Rejected } from '../domain/errors';

/** RFC 9112, 3.2: a request of HTTP/1.1 without a host is refused. Node would do it with an empty answer. */
export const requireHost: RequestHandler = (request, _response, next) => {
  const missing = request.httpVersion === '1.1' && request.headers.host === undefined;
  next(missing ? new Rejected(400, 'http.no_host', 'The header "Host" is missing.') : undefined);
};
