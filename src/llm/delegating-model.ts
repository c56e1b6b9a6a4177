import type { Block } from '../domain/conversation';
import { LanguageModel, type ToolSpec } from './language-model';

/** A layer around a model: it changes how answers are got, never what is sent. */
export abstract class DelegatingModel extends LanguageModel {
  readonly provider: string;

  constructor(protected readonly inner: LanguageModel) {
    super();
    this.provider = inner.provider;
  }

  freezePrefix(input: { model: string; systemPrompt: string; tools: readonly ToolSpec[] }): string {
    return this.inner.freezePrefix(input);
  }

  userWire(blocks: readonly Block[]): string {
    return this.inner.userWire(blocks);
  }
}
