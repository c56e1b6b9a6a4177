import { Body, Controller, Get, HttpCode, Module, Param, Post, Query, type Type } from '@nestjs/common';
import { HttpException, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApiProperty } from '@nestjs/swagger';
import { Type as Transformed } from 'class-transformer';
import { IsInt, Max } from 'class-validator';
import { LoggerModule } from 'nestjs-pino';
import { Access } from '../../src/auth/access';
import { AuthModule } from '../../src/auth/auth.module';
import { VigilConfigModule } from '../../src/config/config.module';
import { loadSettings } from '../../src/config/load-settings';
import { LogConfig } from '../../src/config/slices';
import { EventsModule } from '../../src/events/events.module';
import { Defect, Rejected, Unavailable } from '../../src/domain/errors';
import { configureHttp, HTTP_OPTIONS } from '../../src/http/http-app';
import { VigilHttpAdapter } from '../../src/http/vigil-http-adapter';
import { createLog } from '../../src/observability/logs';
import { throughPinoHttp } from '../../src/observability/through-pino-http';

const TOKEN = 'dev-token';
export const MAX_BODY_BYTES = 2048;

class Page {
  @ApiProperty()
  @IsInt()
  @Max(200)
  @Transformed(() => Number)
  limit!: number;
}

const FAILURES: Readonly<Record<string, () => unknown>> = {
  rejected: () => new Rejected(410, 'link.expired', 'The link has expired.'),
  unavailable: () => new Unavailable('database.down', 'The database is away.', { retryAfterMs: 7100 }),
  defect: () => new Defect('defect.x', 'secret-host:5432 broke'),
  unknown: () => new TypeError('secret-host:5432 is undefined'),
  framework: () => new HttpException('secret-host:5432', 502),
};

@Controller('api/v1/things')
export class ThingController {
  @Post()
  @HttpCode(202)
  @Access('alerts:write')
  take(@Body() body: unknown): unknown {
    return { took: body };
  }

  @Get()
  @Access('triage:read')
  list(@Query() page: Page): unknown {
    return { limit: page.limit };
  }

  @Get('failing/:how')
  @Access('triage:read')
  fail(@Param('how') how: string): unknown {
    throw FAILURES[how]?.();
  }
}

@Controller('open')
class OpenController {
  @Get()
  @Access('public')
  open(): unknown {
    return { open: true };
  }

  /** A route with a scope outside the token gate: the guard alone must hold it. */
  @Get('guarded')
  @Access('triage:read')
  guarded(): unknown {
    return {};
  }
}

/** A route whose author forgot to say who may call it. */
@Controller('forgotten')
export class ForgottenController {
  @Get()
  forgotten(): unknown {
    return {};
  }
}

export interface ShellApp {
  readonly app: INestApplication;
  readonly url: string;
  readonly port: number;
  /** The log so far, parsed. */
  logLines(): Record<string, unknown>[];
  close(): Promise<void>;
}

/** The whole HTTP shell on a real socket around a few controllers. */
export async function startShellApp(
  controllers: Type[] = [ThingController, OpenController],
  flags: readonly string[] = [],
): Promise<ShellApp> {
  const loaded = loadSettings(
    [
      `--api-token=${TOKEN}`,
      '--claude-api-key=k',
      '--prometheus-endpoint=http://localhost:9090',
      `--max-body-bytes=${MAX_BODY_BYTES}`,
      ...flags,
    ],
    {},
    () => '',
  );
  if (loaded.kind !== 'settings') throw new Error(JSON.stringify(loaded));
  const written: string[] = [];
  const logs = LoggerModule.forRootAsync({
    inject: [LogConfig],
    useFactory: (config: LogConfig) => ({
      pinoHttp: throughPinoHttp(createLog(config, { write: (line: string) => void written.push(line) })),
      useExisting: true,
    }),
  });

  class TestModule {}
  Module({ imports: [VigilConfigModule.forRoot(loaded.settings), logs, AuthModule, EventsModule], controllers })(
    TestModule,
  );
  const app = await NestFactory.create(TestModule, new VigilHttpAdapter(), { ...HTTP_OPTIONS, logger: false });
  await configureHttp(app);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as import('node:http').Server).address() as import('node:net').AddressInfo;
  return {
    app,
    port,
    url: `http://127.0.0.1:${port}`,
    logLines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    close: () => app.close(),
  };
}

export const bearer = (token = TOKEN): Record<string, string> => ({ authorization: `Bearer ${token}` });
