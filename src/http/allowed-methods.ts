import type { Express } from 'express';

/** What Express' types leave out of a layer: whether its path is the request's. */
interface MatchingLayer {
  match(path: string): boolean;
}

/** The methods that some route answers at this path, for a 405 and its `Allow`; none: there is no such path. */
export function allowedMethods(app: Express, path: string): string[] {
  const methods = new Set<string>();
  for (const layer of app.router.stack) {
    // Nest mounts its middleware as a route for every path and method.
    if (!layer.route || String(layer.route.path).includes('*') || !(layer as unknown as MatchingLayer).match(path))
      continue;
    for (const { method } of layer.route.stack) if (method) methods.add(method.toUpperCase());
  }
  if (methods.has('GET')) methods.add('HEAD');
  if (methods.size > 0) methods.add('OPTIONS');
  return [...methods].sort();
}
