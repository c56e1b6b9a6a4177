import express, { type RequestHandler } from 'express';
import { Rejected } from '../domain/errors';
import { bodyRoom } from './body-room';
import { jsonExcess } from './json-guard';

/**
 * Reads JSON bodies of at most `maxBytes`, counted after decompression. What can be refused by the headers alone is
 * refused before the first byte: the reader would take a body that is too large to its end first.
 */
export function jsonBody(maxBytes: number): RequestHandler[] {
  const readBytes = express.raw({ limit: maxBytes, type: () => true });
  return [refuseByHeaders(maxBytes), bodyRoom(maxBytes), sendContinue, readBytes, parseBytes];
}

function refuseByHeaders(maxBytes: number): RequestHandler {
  return (request, _response, next) => {
    const contentType = request.headers['content-type']?.toLowerCase() ?? '';
    const mediaType = contentType.split(';')[0]!.trim();
    const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/.exec(contentType)?.[1];
    const hasBody = Number(request.headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in request.headers;
    if (hasBody && mediaType && mediaType !== 'application/json') {
      next(new Rejected(415, 'http.not_json', 'The body must be JSON: send "Content-Type: application/json".'));
    } else if (hasBody && charset && charset !== 'utf-8' && charset !== 'utf8') {
      next(notUtf8());
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

/** Drops a byte order mark; bytes that are no UTF-8 become U+FFFD. */
const UTF_8 = new TextDecoder();

const parseBytes: RequestHandler = (request, _response, next) => {
  const bytes: unknown = request.body;
  if (!(bytes instanceof Uint8Array) || bytes.length === 0) {
    request.body = undefined;
    return next();
  }
  const excess = jsonExcess(bytes);
  if (excess) return next(new Rejected(400, excess.code, excess.detail));
  try {
    request.body = JSON.parse(UTF_8.decode(bytes));
  } catch (error) {
    return next(notJson(placeOf(error)));
  }
  next(typeof request.body === 'object' && request.body !== null ? undefined : notJson());
};

/** V8 names the place of a JSON error beside a piece of the text; only the place is passed on. */
function placeOf(error: unknown): string {
  const position = /position (\d+)/.exec(String(error))?.[1];
  return position === undefined ? '' : ` (at position ${position})`;
}

function notJson(place = ''): Rejected {
  return new Rejected(400, 'http.body_not_json', `The body is not valid JSON${place}.`);
}

export function notUtf8(): Rejected {
  return new Rejected(415, 'http.not_json', 'The body must be JSON in UTF-8, plain or compressed by gzip.');
}

export function bodyTooLarge(maxBytes?: number): Rejected {
  const limit = maxBytes === undefined ? 'what is allowed' : `${maxBytes} bytes`;
  return new Rejected(413, 'http.body_too_large', `The body is larger than ${limit}: send less at once.`);
}
