import { Rejected } from '../domain/errors';
import type { Scope } from './caller';

/** One answer for no token and a wrong one: the difference would tell what exists. */
export function tokenRequired(): Rejected {
  return new Rejected(401, 'auth.token_required', 'A valid token is needed: send "Authorization: Bearer <token>".');
}

export function scopeMissing(scope: Scope): Rejected {
  return new Rejected(403, 'auth.scope_missing', `The token does not have the scope ${scope}: use one that has it.`);
}
