import type { RequestHandler } from 'express';

/** What every answer says to browsers; a page that needs more sets its own policy. */
const HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};
const NOTHING_LOADS = "default-src 'none'; frame-ancestors 'none'";
/** Swagger's page brings its own scripts and styles. */
const DOCS = /^\/docs(\/|$)/i;

export const securityHeaders: RequestHandler = (request, response, next) => {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  if (!DOCS.test(request.path)) response.setHeader('content-security-policy', NOTHING_LOADS);
  next();
};
