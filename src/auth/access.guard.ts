import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Rejected } from '../domain/errors';
import { ACCESS, type Requirement } from './access';
import type { KnownRequest } from './caller';
import { scopeMissing, tokenRequired } from './refusals';

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
    if (!caller.scopes.includes(requirement)) throw scopeMissing(requirement);
    return true;
  }
}
