import { Module } from '@nestjs/common';
import { Briefing } from './briefing';
import type { SectionSource } from './section-source';

/** The sections of the opening message in their order, which is that of their handles. */
function sections(): SectionSource[] {
  return [];
}

/** What can be known for free, before the first token. */
@Module({
  providers: [{ provide: Briefing, useFactory: () => new Briefing(sections()) }],
  exports: [Briefing],
})
export class BriefingModule {}
