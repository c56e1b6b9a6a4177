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
/** Swagger's page: its own scripts and requests to its own host; some of its styles stand in the page. */
const DOCS = /^\/docs(\/|$)/i;
const OWN_SCRIPTS = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const securityHeaders: RequestHandler = (request, response, next) => {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  response.setHeader('content-security-policy', DOCS.test(request.path) ? OWN_SCRIPTS : NOTHING_LOADS);
  next();
};
