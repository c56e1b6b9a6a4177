import { type DynamicModule, Global, Module, type Provider, type Type } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import type { Settings } from './settings';
import {
  ApiConfig,
  DatabaseConfig,
  LogConfig,
  ModelConfig,
  MoneyConfig,
  OpsConfig,
  RetentionConfig,
  ShutdownConfig,
  SlackConfig,
  ToolConfig,
  TriageConfig,
  ViewerConfig,
} from './slices';

const SLICES: readonly Type[] = [
  ApiConfig,
  OpsConfig,
  ModelConfig,
  MoneyConfig,
  ToolConfig,
  ViewerConfig,
  DatabaseConfig,
  SlackConfig,
  TriageConfig,
  RetentionConfig,
  ShutdownConfig,
  LogConfig,
];

/**
 * Gives every part the typed slice that it needs. The settings are checked already: no variable and no file is read
 * here, and nothing else asks the ConfigService.
 */
@Global()
@Module({})
export class VigilConfigModule {
  static forRoot(settings: Settings): DynamicModule {
    const slices = SLICES.map((slice): Provider => ({
      provide: slice,
      useFactory: (config: ConfigService) => new slice(config.getOrThrow<Settings>('settings')),
      inject: [ConfigService],
    }));
    return {
      module: VigilConfigModule,
      imports: [ConfigModule.forRoot({ ignoreEnvFile: true, skipProcessEnv: true, load: [() => ({ settings })] })],
      providers: slices,
      exports: [...SLICES],
    };
  }
}
