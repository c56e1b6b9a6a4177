import { Controller, type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { register } from 'prom-client';
import { EventCounters } from './event-counters';
import { COUNTERS } from './metrics';
import { QueueDepthGauge } from './queue-depth-gauge';

/** Stands in for the package's own controller, which would show /metrics on the API port: the ops port does. */
@Controller()
class NoMetricsController {}

/** Figures about the others; `QueueDepth` is bound by the composition root. */
@Module({})
export class MetricsModule {
  static register(bound: Pick<ModuleMetadata, 'imports' | 'providers'>): DynamicModule {
    // prom-client refuses to collect them twice into one registry, as a second start in one process would.
    const enabled = register.getSingleMetric('process_cpu_user_seconds_total') === undefined;
    return {
      module: MetricsModule,
      imports: [
        PrometheusModule.register({ controller: NoMetricsController, defaultMetrics: { enabled } }),
        ...(bound.imports ?? []),
      ],
      providers: [...COUNTERS, EventCounters, QueueDepthGauge, ...(bound.providers ?? [])],
    };
  }
}
