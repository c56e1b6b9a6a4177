import { Module } from '@nestjs/common';
import { ToolConfig } from '../config/slices';
import { AlertmanagerClient } from '../tools/alertmanager/alertmanager-client';
import { LokiClient } from '../tools/loki/loki-client';
import { PrometheusClient } from '../tools/prometheus/prometheus-client';
import { Briefing, SECTION_TIMEOUT_MS } from './briefing';
import { ChangesSection } from './changes-section';
import { EarlierTriagesSection } from './earlier-triages-section';
import { FiringHistorySection } from './firing-history-section';
import { LivenessSection } from './liveness-section';
import { OtherAlertsSection } from './other-alerts-section';
import { ChangeHistory } from './ports/change-history';
import { FiringRecord } from './ports/firing-record';
import { TriageHistory } from './ports/triage-history';
import { RuleSection } from './rule-section';
import type { SectionSource } from './section-source';

/** The sections of the opening message in their order, which is that of their handles. */
function sections(
  config: ToolConfig,
  firings: FiringRecord,
  changes: ChangeHistory,
  triages: TriageHistory,
): SectionSource[] {
  const prometheus = new PrometheusClient(config.prometheus, SECTION_TIMEOUT_MS);
  const loki = config.loki && new LokiClient(config.loki);
  const alertmanager = config.alertmanager && new AlertmanagerClient(config.alertmanager);
  return [
    new RuleSection(prometheus),
    new FiringHistorySection(prometheus, firings),
    new OtherAlertsSection(prometheus, alertmanager),
    new LivenessSection(prometheus, loki),
    new ChangesSection(changes),
    new EarlierTriagesSection(triages),
  ];
}

/** What can be known for free, before the first token. Needs from outside: the three ports. */
@Module({
  providers: [
    {
      provide: Briefing,
      inject: [ToolConfig, FiringRecord, ChangeHistory, TriageHistory],
      useFactory: (...known: Parameters<typeof sections>) => new Briefing(sections(...known)),
    },
  ],
  exports: [Briefing],
})
export class BriefingModule {}
