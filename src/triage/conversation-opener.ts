import { Injectable } from '@nestjs/common';
import { ModelConfig } from '../config/slices';
import type { Block, Conversation } from '../domain/conversation';
import { LanguageModel } from '../llm/language-model';
import { Toolbox } from '../tools/toolbox';
import { submitReportSpec } from './engine/submit-report';
import { OpeningWriter } from './opening-writer';
import type { NewConversation, NewUserTurn } from './ports/conversation-log';
import type { ClaimedTriage } from './ports/triage-queue';
import { resultsSoFar } from './prompts/results-so-far';
import { PROMPT_VERSION, SYSTEM_PROMPT } from './prompts/system-prompt';

/**
 * Begins the conversation of a triage. Model, system prompt and tools are frozen with it here: a triage that goes on
 * after a deploy goes on with what it began with.
 */
@Injectable()
export class ConversationOpener {
  constructor(
    private readonly opening: OpeningWriter,
    private readonly model: LanguageModel,
    private readonly toolbox: Toolbox,
    private readonly modelConfig: ModelConfig,
  ) {}

  /** @throws the signal's reason when it aborts, and nothing else */
  async begin(
    claimed: ClaimedTriage,
    signal: AbortSignal,
  ): Promise<{ conversation: NewConversation; opening: NewUserTurn }> {
    const blocks: Block[] = [{ type: 'text', text: await this.opening.write(claimed, signal) }];
    return { conversation: this.frozen(claimed.lease.triageId), opening: this.userTurn(blocks) };
  }

  /** In the place of one that the model's side does not take any more: with all that is on record, nothing asked anew. */
  beginAgain(earlier: Conversation, maxToolCalls: number): { conversation: NewConversation; opening: NewUserTurn } {
    const opening = earlier.turns[0]?.blocks ?? [];
    const blocks: Block[] = [...opening, { type: 'text', text: resultsSoFar(earlier, maxToolCalls) }];
    return { conversation: { ...this.frozen(earlier.triageId), earlier }, opening: this.userTurn(blocks) };
  }

  private frozen(triageId: string): NewConversation {
    const { model } = this.modelConfig;
    const tools = [...this.toolbox.specs, submitReportSpec].sort((a, b) => (a.name < b.name ? -1 : 1));
    return {
      triageId,
      purpose: 'investigation',
      provider: this.model.provider,
      model,
      promptVersion: PROMPT_VERSION,
      systemPrompt: SYSTEM_PROMPT,
      prefix: this.model.freezePrefix({ model, systemPrompt: SYSTEM_PROMPT, tools }),
    };
  }

  private userTurn(blocks: readonly Block[]): NewUserTurn {
    return { wire: this.model.userWire(blocks), blocks };
  }
}
