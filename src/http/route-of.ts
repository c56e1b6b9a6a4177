import type { Request } from 'express';

/** The pattern that answers, never the path: ids are no names. Absent where no route does: the wildcard is Nest's own middleware. */
export function routeOf(request: Request): string | undefined {
  const route = (request.route as { path?: string } | undefined)?.path;
  return route?.includes('*') ? undefined : route;
}
