import { Module } from '@nestjs/common';
import { BriefingModule } from '../briefing/briefing.module';
import { PublicUrl } from '../config/public-url';
import { LlmModule } from '../llm/llm.module';
import { ToolsModule } from '../tools/tools.module';
import { AttemptRunner } from './attempt-runner';
import { ClaimTerms } from './claim-terms';
import { ConversationOpener } from './conversation-opener';
import { AgentLoop } from './engine/agent-loop';
import { CallRunner } from './engine/call-runner';
import { Investigation } from './investigation';
import { LeaseKeeper } from './lease-keeper';
import { OpeningWriter } from './opening-writer';
import { TriagePageController } from './page/triage-page.controller';
import { SignedLinks } from './signed-links';
import { TriageController } from './triage.controller';
import { TriageWorker, WorkerLimits } from './triage-worker';

/** From a queued triage to a settled one, and looking it up. */
@Module({
  imports: [BriefingModule, LlmModule, ToolsModule],
  controllers: [TriageController, TriagePageController],
  providers: [
    TriageWorker,
    WorkerLimits,
    ClaimTerms,
    LeaseKeeper,
    AttemptRunner,
    Investigation,
    ConversationOpener,
    OpeningWriter,
    AgentLoop,
    CallRunner,
    SignedLinks,
    PublicUrl,
  ],
  exports: [SignedLinks, TriageWorker],
})
export class TriageModule {}
