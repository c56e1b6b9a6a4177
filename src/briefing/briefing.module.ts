import { Module } from '@nestjs/common';
import { Briefing } from './briefing';
import { ChangesSection } from './changes-section';
import { ChangeHistory } from './ports/change-history';
import type { SectionSource } from './section-source';

/** The sections of the opening message in their order, which is that of their handles. */
function sections(changes: ChangeHistory): SectionSource[] {
  return [new ChangesSection(changes)];
}

/** What can be known for free, before the first token. Needs from outside: ChangeHistory. */
@Module({
  providers: [
    {
      provide: Briefing,
      inject: [ChangeHistory],
      useFactory: (...known: Parameters<typeof sections>) => new Briefing(sections(...known)),
    },
  ],
  exports: [Briefing],
})
export class BriefingModule {}
