import { Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { LogConfig } from '../config/slices';
import { createLog } from './logs';
import { throughPinoHttp } from './through-pino-http';

/**
 * Binds Nest's Logger to the program's log. The requests' own lines are written by `http/request-log.ts`, which stands
 * before Nest's middleware and so sees what is refused there; this one only finds the request's logger and keeps it.
 */
@Module({
  imports: [
    LoggerModule.forRootAsync({
      inject: [LogConfig],
      useFactory: (config: LogConfig) => ({ pinoHttp: throughPinoHttp(createLog(config)), useExisting: true }),
    }),
  ],
})
export class LogsModule {}
