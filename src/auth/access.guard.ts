import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Rejected } from '../domain/errors';
import { ACCESS, type Requirement } from './access';
import type { KnownRequest } from './caller';

/** The one global guard: what a route does not allow is forbidden. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const requirement = this.reflector.getAllAndOverride<Requirement | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (requirement === 'public') return true;
    if (requirement === undefined) throw new Rejected(403, 'auth.closed', 'This path is open to nobody.');

    const { caller } = context.switchToHttp().getRequest<KnownRequest>();
    // Only a route outside the token gate gets here without a caller.
    if (!caller) throw tokenRequired();
    if (!caller.scopes.includes(requirement)) {
      throw new Rejected(
        403,
        'auth.scope_missing',
        `The token does not have the scope ${requirement}: use one that has it.`,
      );
    }
    return true;
  }
}

/** One answer for no token and a wrong one: the difference would tell what exists. */
export function tokenRequired(): Rejected {
  return new Rejected(401, 'auth.token_required', 'A valid token is needed: send "Authorization: Bearer <token>".');
}
