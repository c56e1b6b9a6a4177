import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller';
import { Readiness } from './readiness';

/** Looks at the others; what it looks at (`DatabasePing`, `WorkerPulse`, `Clock`) is bound by the composition root. */
@Module({})
export class HealthModule {
  static register(bound: Pick<ModuleMetadata, 'imports' | 'providers'>): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false }), ...(bound.imports ?? [])],
      providers: [Readiness, ...(bound.providers ?? [])],
      controllers: [HealthController],
      exports: [Readiness],
    };
  }
}
