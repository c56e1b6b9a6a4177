import type { RequestHandler } from 'express';
import type { KnownRequest } from '../auth/caller';
import { tokenRequired } from '../auth/refusals';
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
