import express, { type RequestHandler } from 'express';
import { Rejected } from '../domain/errors';

/**
 * Reads JSON bodies of at most `maxBytes`. What can be refused by the headers alone is refused before the first byte:
 * the parser would read a body that is too large to its end first.
 */
export function jsonBody(maxBytes: number): RequestHandler[] {
  return [refuseByHeaders(maxBytes), sendContinue, express.json({ limit: maxBytes, type: () => true })];
}

function refuseByHeaders(maxBytes: number): RequestHandler {
  return (request, _response, next) => {
    const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    const hasBody = Number(request.headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in request.headers;
    if (hasBody && mediaType && mediaType !== 'application/json') {
      next(new Rejected(415, 'http.not_json', 'The body must be JSON: send "Content-Type: application/json".'));
    } else if (Number(request.headers['content-length']) > maxBytes) {
      next(bodyTooLarge(maxBytes));
    } else {
      next();
    }
  };
}

/** A client that asked first gets its leave here, after the token and the headers were found good. */
const sendContinue: RequestHandler = (request, response, next) => {
  if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
  next();
};

export function bodyTooLarge(maxBytes?: number): Rejected {
  const limit = maxBytes === undefined ? 'what is allowed' : `${maxBytes} bytes`;
  return new Rejected(413, 'http.body_too_large', `The body is larger than ${limit}: send less at once.`);
}
