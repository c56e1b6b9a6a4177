import { Injectable } from '@nestjs/common';
import { ModelConfig, TriageConfig } from '../config/slices';
import { Clock } from '../domain/clock';
import type { Block } from '../domain/conversation';
import { LanguageModel } from '../llm/language-model';
import { Toolbox } from '../tools/toolbox';
import { submitReportSpec } from './engine/submit-report';
import type { NewConversation, NewUserTurn } from './ports/conversation-log';
import type { ClaimedTriage } from './ports/triage-queue';
import { openingMessage } from './prompts/opening-message';
import { PROMPT_VERSION, SYSTEM_PROMPT } from './prompts/system-prompt';

/**
 * Begins the conversation of a triage. Model, system prompt and tools are frozen with it here: a triage that goes on
 * after a deploy goes on with what it began with.
 */
@Injectable()
export class ConversationOpener {
  constructor(
    private readonly model: LanguageModel,
    private readonly toolbox: Toolbox,
    private readonly modelConfig: ModelConfig,
    private readonly triageConfig: TriageConfig,
    private readonly clock: Clock,
  ) {}

  begin({ lease, firings }: ClaimedTriage): { conversation: NewConversation; opening: NewUserTurn } {
    const { model } = this.modelConfig;
    const tools = [...this.toolbox.specs(), submitReportSpec].sort((a, b) => (a.name < b.name ? -1 : 1));
    const text = openingMessage({
      firings,
      now: this.clock.now(),
      maxToolCalls: this.triageConfig.maxToolCalls,
      boundary: boundaryOf(lease.triageId),
    });
    const blocks: Block[] = [{ type: 'text', text }];
    return {
      conversation: {
        triageId: lease.triageId,
        purpose: 'investigation',
        provider: this.model.provider,
        model,
        promptVersion: PROMPT_VERSION,
        systemPrompt: SYSTEM_PROMPT,
        prefix: this.model.freezePrefix({ model, systemPrompt: SYSTEM_PROMPT, tools }),
      },
      opening: { wire: this.model.userWire(blocks), blocks },
    };
  }
}

/** The random end of the triage's id: whoever wrote the alert's text could not know it. */
function boundaryOf(triageId: string): string {
  return triageId.slice(-12);
}
