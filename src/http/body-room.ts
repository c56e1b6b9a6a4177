import type { Request, RequestHandler } from 'express';
import { Unavailable } from '../domain/errors';

/** Bodies up to this pass by themselves: one of a few alerts never waits behind the large ones. Bytes. */
const SMALL_BYTES = 65_536;
/** So many bodies of the largest size are in memory at once: read, parsed, and worked on until they are answered. */
const LARGEST_AT_ONCE = 2;
/** Milliseconds. The body is to be read in what is left of the request's 15 s, and Alertmanager waits 10 s. */
const MAX_WAIT_MS = 7_000;

/**
 * Bounds the memory that large bodies take together: whoever finds no room waits in line, unread, and its sender with it.
 * Only who waits too long hears 503.
 */
export function bodyRoom(maxBytes: number): RequestHandler {
  let free = LARGEST_AT_ONCE * maxBytes;
  const line: { readonly bytes: number; readonly enter: () => void }[] = [];
  const letIn = (): void => {
    while (line.length > 0 && line[0]!.bytes <= free) line.shift()!.enter();
  };

  return (request, response, next) => {
    const bytes = mostBytesOf(request, maxBytes);
    if (bytes <= SMALL_BYTES) return next();
    const waiting = {
      bytes,
      enter: () => {
        clearTimeout(overdue);
        response.off('close', leave);
        free -= bytes;
        response.once('close', () => {
          free += bytes;
          letIn();
        });
        next();
      },
    };
    const leave = (): void => {
      clearTimeout(overdue);
      line.splice(line.indexOf(waiting), 1);
      letIn(); // a smaller one behind it may fit
    };
    const overdue = setTimeout(() => {
      response.off('close', leave);
      leave();
      next(new Unavailable('http.too_many_bodies', 'Too many large bodies at once. Try again in a moment.'));
    }, MAX_WAIT_MS);
    response.once('close', leave);
    line.push(waiting);
    letIn();
  };
}

/** What is compressed, or does not say how long it is, may be as large as any. */
function mostBytesOf({ headers }: Request, maxBytes: number): number {
  const compressed = (headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity';
  if ('transfer-encoding' in headers) return maxBytes;
  const declared = Number(headers['content-length'] ?? 0);
  return compressed && declared > 0 ? maxBytes : declared;
}
