import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { VigilConfigModule } from '../../src/config/config.module';
import { loadSettings } from '../../src/config/load-settings';
import { ApiConfig, ShutdownConfig, ToolConfig } from '../../src/config/slices';

@Injectable()
class Reader {
  constructor(
    readonly api: ApiConfig,
    readonly tools: ToolConfig,
    readonly shutdown: ShutdownConfig,
  ) {}
}

@Module({ providers: [Reader] })
class Feature {}

it('gives a feature its typed slices, whatever the environment says by then', async () => {
  const loaded = loadSettings(
    ['--api-token=t', '--claude-api-key=k', '--prometheus-endpoint=http://p:9090/prometheus/', '--drain-seconds=3'],
    {},
    () => '',
  );
  if (loaded.kind !== 'settings') throw new Error(loaded.kind);
  process.env['VIGIL_API_TOKEN'] = 'later';
  const app = await NestFactory.createApplicationContext(
    { module: Feature, imports: [VigilConfigModule.forRoot(loaded.settings)] },
    { logger: false },
  );
  try {
    const reader = app.get(Reader);
    expect(reader.api.apiToken).toBe('t');
    expect(reader.tools.prometheus.endpoint).toBe('http://p:9090/prometheus');
    expect(reader.tools.loki).toBeUndefined();
    expect(reader.shutdown.drainMs).toBe(3000);
  } finally {
    delete process.env['VIGIL_API_TOKEN'];
    await app.close();
  }
});
