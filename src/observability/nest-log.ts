import { Logger, PinoLogger, type Params } from 'nestjs-pino';
import type { Logger as Log } from 'pino';
import { throughPinoHttp } from './through-pino-http';

/** Where Nest tells of its own start: some hundred lines that nobody looks for. */
const FRAMEWORK = new Set<unknown>([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/** Nest's logger from its first line on: the program's log, with the framework's own talk at debug. */
export class NestLog extends Logger {
  constructor(log: Log) {
    const params: Params = { pinoHttp: throughPinoHttp(log), useExisting: true };
    super(new PinoLogger(params), params);
  }

  // `any` is the type of the class that this extends.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override log(message: any, ...rest: any[]): void {
    if (FRAMEWORK.has(rest.at(-1))) this.debug(message, ...rest);
    else super.log(message, ...rest);
  }
}
