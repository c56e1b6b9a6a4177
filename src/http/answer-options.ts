import type { Express, RequestHandler } from 'express';
import { allowedMethods } from './allowed-methods';

/** `OPTIONS` of a path that exists: which methods it takes, and nothing for other origins. */
export function answerOptions(app: Express): RequestHandler {
  return (request, response, next) => {
    const allowed = request.method === 'OPTIONS' ? allowedMethods(app, request.path) : [];
    if (allowed.length === 0) return next();
    response.setHeader('allow', allowed.join(', ')).status(204).end();
  };
}
