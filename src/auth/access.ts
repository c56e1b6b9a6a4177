import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiForbiddenResponse, ApiUnauthorizedResponse } from '@nestjs/swagger';
import type { Scope } from './caller';

/** What a route asks of its caller; `public` asks nothing. */
export type Requirement = Scope | 'public';

export const ACCESS = 'vigil:access';

/** Says who may call a route or a controller. A route without it is open to nobody. */
export function Access(requirement: Requirement): ClassDecorator & MethodDecorator {
  const declared = SetMetadata(ACCESS, requirement);
  if (requirement === 'public') return declared;
  return applyDecorators(
    declared,
    ApiBearerAuth(),
    ApiUnauthorizedResponse({ description: 'No token, or not a valid one' }),
    ApiForbiddenResponse({ description: `The token does not have the scope ${requirement}` }),
  );
}
