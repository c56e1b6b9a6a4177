import { type INestApplication, ValidationPipe } from '@nestjs/common';
import type { NestApplicationOptions } from '@nestjs/common';
import type { Express } from 'express';
import { PinoLogger } from 'nestjs-pino';
import type { Logger } from 'pino';
import { TokenRegistry } from '../auth/token-registry';
import { ApiConfig } from '../config/slices';
import { VigilEventEmitter } from '../events/vigil-event-emitter';
import { answerOptions } from './answer-options';
import { serveApiDocs } from './api-docs';
import { invalidInput } from './invalid-input';
import { jsonBody } from './json-body';
import { ProblemFilter } from './problem.filter';
import { requestLog } from './request-log';
import { requestTrace } from './request-trace';
import { requireHost } from './require-host';
import { securityHeaders } from './security-headers';
import { tokenGate } from './token-gate';
import { webhookRefusals } from './webhook-refusals';

/** For `NestFactory.create`, beside a `VigilHttpAdapter`. Bodies are read by our own chain, below. */
export const HTTP_OPTIONS: NestApplicationOptions = { bodyParser: false, abortOnError: false, bufferLogs: true };

/** Everything a request passes before a controller sees it, in this order. Call it before `listen`. */
export async function configureHttp(app: INestApplication): Promise<void> {
  const config = app.get(ApiConfig);
  const express = app.getHttpAdapter().getInstance() as Express;
  express.disable('x-powered-by');
  // A report that changed must not be answered with 304 by chance, and hashing every body is wasted work.
  express.disable('etag');
  express.set('trust proxy', config.trustedProxyHops);

  const { logger } = await app.resolve(PinoLogger);
  // The two packages type the same logger differently.
  app.use(requestLog(logger as unknown as Logger));
  app.use(securityHeaders);
  app.use('/api/v1/alerts', webhookRefusals(app.get(VigilEventEmitter)));
  app.use(requireHost);
  app.use('/api/v1', tokenGate(app.get(TokenRegistry)));
  app.use('/api/v1', requestTrace);
  app.use(answerOptions(express));
  // Nothing outside takes a body, and nobody without a token makes us read one.
  app.use('/api/v1', jsonBody(config.maxBodyBytes));
  if (config.swagger) serveApiDocs(app);

  app.useGlobalPipes(
    new ValidationPipe({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      validationError: { target: true }, // it tells which names are known
      exceptionFactory: invalidInput,
    }),
  );
  app.useGlobalFilters(new ProblemFilter(express));
}
