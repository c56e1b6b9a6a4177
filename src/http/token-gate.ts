import type { RequestHandler } from 'express';
import { tokenRequired } from '../auth/access.guard';
import type { KnownRequest } from '../auth/caller';
import type { TokenRegistry } from '../auth/token-registry';

/**
 * Stands before every body parser: Nest's guards run after them, and whoever has no token must not be able to make us
 * read 16 MiB.
 */
export function tokenGate(tokens: TokenRegistry): RequestHandler {
  return (request, _response, next) => {
    const caller = tokens.callerOf(request.headers.authorization);
    if (caller) (request as KnownRequest).caller = caller;
    next(caller ? undefined : tokenRequired());
  };
}
