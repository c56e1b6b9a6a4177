import type { LokiClient } from '../tools/loki/loki-client';
import type { PrometheusClient } from '../tools/prometheus/prometheus-client';
import { partOf } from './in-time';
import { logsLiveness, NO_LOG_SOURCE } from './logs-liveness';
import { metricsLiveness } from './metrics-liveness';
import type { BriefingSubject, SectionSource } from './section-source';

/** Whether the sources of an answer are alive: their silence is evidence only then. */
export class LivenessSection implements SectionSource {
  readonly title = 'whether the target is up, and how old its last sample and log line are';
  readonly maxChars = 1_500;

  constructor(
    private readonly prometheus: PrometheusClient,
    /** Absent: not configured. */
    private readonly loki?: LokiClient,
  ) {}

  async gather(subject: BriefingSubject, signal: AbortSignal): Promise<string> {
    const { prometheus, loki } = this;
    const parts = await Promise.all([
      partOf('metrics', (until) => metricsLiveness(prometheus, subject, until), signal),
      loki ? partOf('logs', (until) => logsLiveness(loki, subject, until), signal) : [NO_LOG_SOURCE],
    ]);
    return parts.flat().join('\n');
  }
}
