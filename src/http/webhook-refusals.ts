import type { Request, RequestHandler, Response } from 'express';
import type { WebhookRefusal } from '../domain/alert';
import type { VigilEventEmitter } from '../events/vigil-event-emitter';

/**
 * Announces webhook requests that were refused whole, wherever on their way that happened: a lost alert is seen in the
 * figures of both sides. Stands before everything that can refuse.
 */
export function webhookRefusals(events: VigilEventEmitter): RequestHandler {
  return (request, response, next) => {
    if (request.method === 'POST' && request.path === '/') {
      response.once('close', () => {
        const reason = refusalOf(request, response);
        if (reason) events.emit('alerts.refused', { reason });
      });
    }
    next();
  };
}

function refusalOf(request: Request, { statusCode, locals }: Response): WebhookRefusal | undefined {
  if (statusCode < 400) return request.complete ? undefined : 'incomplete';
  const known = BY_CODE.get(String(locals['code'])) ?? BY_STATUS.get(statusCode);
  return known ?? (statusCode < 500 ? 'bad_body' : 'internal');
}

const BY_CODE: ReadonlyMap<string, WebhookRefusal> = new Map([
  ['http.body_not_json', 'not_json'],
  ['http.body_not_compressed', 'not_json'],
  ['http.body_incomplete', 'incomplete'],
]);
const BY_STATUS: ReadonlyMap<number, WebhookRefusal> = new Map([
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [413, 'too_large'],
  [415, 'not_json'],
  [503, 'unavailable'],
]);
