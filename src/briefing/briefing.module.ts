import { Module } from '@nestjs/common';
import { ToolConfig } from '../config/slices';
import { PrometheusClient } from '../tools/prometheus/prometheus-client';
import { Briefing } from './briefing';
import { ChangesSection } from './changes-section';
import { ChangeHistory } from './ports/change-history';
import { RuleSection } from './rule-section';
import type { SectionSource } from './section-source';

/** The sections of the opening message in their order, which is that of their handles. */
function sections(config: ToolConfig, changes: ChangeHistory): SectionSource[] {
  const prometheus = new PrometheusClient(config.prometheus);
  return [new RuleSection(prometheus), new ChangesSection(changes)];
}

/** What can be known for free, before the first token. Needs from outside: ChangeHistory. */
@Module({
  providers: [
    {
      provide: Briefing,
      inject: [ToolConfig, ChangeHistory],
      useFactory: (...known: Parameters<typeof sections>) => new Briefing(sections(...known)),
    },
  ],
  exports: [Briefing],
})
export class BriefingModule {}
