import type { RequestHandler, Request, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { clientAddress } from './client-address';
import { requestId } from './request-id';
import type { RequestTrace } from './request-trace';
import { routeOf } from './route-of';

/**
 * Gives each request its id and one log line at its end, with the error if there was one. The query is left out: that
 * of a signed link holds its key.
 */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp<Request, Response>({
    logger,
    wrapSerializers: false, // the log's own one for errors stays: it names what may be written
    genReqId: requestId,
    serializers: { req: () => undefined }, // for a logger that nobody uses here, the whole request would be written out each time
    quietReqLogger: true,
    quietResLogger: true,
    customAttributeKeys: { reqId: 'request_id' },
    autoLogging: { ignore: ({ url }) => url.startsWith('/-/') || url.startsWith('/docs') },
    customLogLevel: (_request, { statusCode }) => {
      if (statusCode === 503) return 'warn';
      return statusCode >= 500 ? 'error' : 'info';
    },
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request',
    customSuccessObject: (request, response, { responseTime }) => line(request, response, responseTime),
    customErrorObject: (request, response, _error, { responseTime }) => ({
      ...line(request, response, responseTime),
      err: response.err,
    }),
  });
}

function line(request: Request, response: Response, durationMs: number): Record<string, unknown> {
  return {
    ...(response.locals['trace'] as RequestTrace | undefined),
    method: request.method,
    route: routeOf(request),
    path: request.originalUrl.split('?')[0],
    status: response.statusCode,
    duration_ms: durationMs,
    code: response.locals['code'] as string | undefined,
    client: clientAddress(request),
    caller: (request as { caller?: { name: string } }).caller?.name,
    aborted: response.writableFinished ? undefined : true,
  };
}
