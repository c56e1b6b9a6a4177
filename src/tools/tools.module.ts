import { Module } from '@nestjs/common';
import { TraceService } from 'nestjs-otel';
import { ToolConfig } from '../config/slices';
import { Clock } from '../domain/clock';
import { Ids } from '../domain/ids';
import { AlertmanagerClient } from './alertmanager/alertmanager-client';
import { listAlertsTool } from './alertmanager/list-alerts.tool';
import { logPatternsTool } from './loki/log-patterns.tool';
import { LokiClient } from './loki/loki-client';
import { queryLogsTool } from './loki/query-logs.tool';
import { PrometheusClient } from './prometheus/prometheus-client';
import { queryMetricsRangeTool } from './prometheus/query-metrics-range.tool';
import { queryMetricsTool } from './prometheus/query-metrics.tool';
import type { Tool } from './tool';
import { Toolbox } from './toolbox';

type Backends = Pick<ToolConfig, 'prometheus' | 'loki' | 'alertmanager'> & Partial<Pick<ToolConfig, 'timeoutMs'>>;

/** Every tool there is; those of a backend that is not configured are not offered. */
export function toolsFor({ prometheus, loki, alertmanager, timeoutMs }: Backends): Tool[] {
  const metrics = new PrometheusClient(prometheus, timeoutMs);
  const tools: Tool[] = [queryMetricsTool(metrics), queryMetricsRangeTool(metrics)];
  if (loki) {
    const logs = new LokiClient(loki);
    tools.push(queryLogsTool(logs), logPatternsTool(logs));
  }
  if (alertmanager) tools.push(listAlertsTool(new AlertmanagerClient(alertmanager)));
  return tools;
}

@Module({
  providers: [
    TraceService,
    {
      provide: Toolbox,
      inject: [ToolConfig, Clock, Ids, TraceService],
      useFactory: (config: ToolConfig, clock: Clock, ids: Ids, trace: TraceService) =>
        new Toolbox({
          tools: toolsFor(config),
          clock,
          ids,
          trace,
          timeoutMs: config.timeoutMs,
          traceContent: config.traceContent,
        }),
    },
  ],
  exports: [Toolbox],
})
export class ToolsModule {}
