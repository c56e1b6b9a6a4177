import { Injectable, Module } from '@nestjs/common';
import { TraceService } from 'nestjs-otel';
import { ToolConfig } from '../config/slices';
import { Clock } from '../domain/clock';
import { Ids } from '../domain/ids';
import { AlertmanagerClient } from './alertmanager/alertmanager-client';
import { listAlertsTool } from './alertmanager/list-alerts.tool';
import { rankAnomaliesTool } from './anomalies/rank-anomalies.tool';
import { listChangesTool } from './changes/list-changes.tool';
import { logPatternsTool } from './loki/log-patterns.tool';
import { LokiClient } from './loki/loki-client';
import { queryLogsTool } from './loki/query-logs.tool';
import { ChangeSearch } from './ports/change-search';
import { FullResults } from './ports/full-results';
import { describeMetricTool } from './prometheus/describe-metric.tool';
import { findMetricsTool } from './prometheus/find-metrics.tool';
import { listTargetsTool } from './prometheus/list-targets.tool';
import { PrometheusClient } from './prometheus/prometheus-client';
import { queryMetricsRangeTool } from './prometheus/query-metrics-range.tool';
import { queryMetricsTool } from './prometheus/query-metrics.tool';
import { readResultTool } from './read-result/read-result.tool';
import type { Tool } from './tool';
import { Toolbox } from './toolbox';

type Backends = Pick<ToolConfig, 'prometheus' | 'loki' | 'alertmanager'> & Partial<Pick<ToolConfig, 'timeoutMs'>>;

/** What is asked of Vigil's own record. */
@Injectable()
export class Records {
  constructor(
    readonly changes: ChangeSearch,
    readonly results: FullResults,
  ) {}
}

/** Every tool there is; those of a backend that is not configured are not offered. */
export function toolsFor(
  { prometheus, loki, alertmanager, timeoutMs }: Backends,
  { changes, results }: Records,
): Tool[] {
  const metrics = new PrometheusClient(prometheus, timeoutMs);
  const tools: Tool[] = [
    queryMetricsTool(metrics),
    queryMetricsRangeTool(metrics),
    findMetricsTool(metrics),
    describeMetricTool(metrics),
    listTargetsTool(metrics),
    rankAnomaliesTool(metrics),
    listChangesTool(changes),
    readResultTool(results),
    listAlertsTool(metrics, alertmanager && new AlertmanagerClient(alertmanager)),
  ];
  if (loki) {
    const logs = new LokiClient(loki);
    tools.push(queryLogsTool(logs), logPatternsTool(logs, timeoutMs));
  }
  return tools;
}

@Module({
  providers: [
    TraceService,
    Records,
    {
      provide: Toolbox,
      inject: [ToolConfig, Records, Clock, Ids, TraceService],
      useFactory: (config: ToolConfig, records: Records, clock: Clock, ids: Ids, trace: TraceService) =>
        new Toolbox({
          tools: toolsFor(config, records),
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
