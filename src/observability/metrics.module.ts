import { Controller, Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { EventCounters } from './event-counters';
import { IntakeCounters } from './intake-counters';
import { COUNTERS, GAUGES } from './metrics';
import { QueueDepthGauge } from './queue-depth-gauge';

/** Stands in for the package's own controller, which would show /metrics on the API port: the ops port does. */
@Controller()
class NoMetricsController {}

/** Figures about the others; `QueueDepth` is bound by the composition root. */
@Module({
  imports: [PrometheusModule.register({ controller: NoMetricsController })],
  providers: [...COUNTERS, ...GAUGES, EventCounters, IntakeCounters, QueueDepthGauge],
})
export class MetricsModule {}
