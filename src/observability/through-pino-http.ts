import type { Logger } from 'pino';

/** How pino-http is given the log: its own serializers would take the place of ours, and write all that hangs on an error. */
export function throughPinoHttp(logger: Logger): { readonly logger: Logger; readonly wrapSerializers: false } {
  return { logger, wrapSerializers: false };
}
