import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { ApiProblem } from '../http/api-problem';
import type { Scope } from './caller';
import { scopeMissing, tokenRequired } from './refusals';

/** What a route asks of its caller; `public` asks nothing. */
export type Requirement = Scope | 'public';

export const ACCESS = 'vigil:access';

/** Says who may call a route or a controller. A route without it is open to nobody. */
export function Access(requirement: Requirement): ClassDecorator & MethodDecorator {
  const declared = SetMetadata(ACCESS, requirement);
  if (requirement === 'public') return declared;
  const [unknown, forbidden] = [tokenRequired(), scopeMissing(requirement)];
  return applyDecorators(
    declared,
    ApiBearerAuth(),
    ApiProblem(401, 'No token or a wrong one: one and the same answer', {
      code: unknown.code,
      detail: unknown.message,
    }),
    ApiProblem(403, `The token does not have the scope ${requirement}`, {
      code: forbidden.code,
      detail: forbidden.message,
    }),
    ApiProblem(503, 'A part that this needs does not answer now: send it again', {
      code: 'db.unavailable',
      detail: 'The database does not answer as it should. Try again in a moment.',
    }),
  );
}
