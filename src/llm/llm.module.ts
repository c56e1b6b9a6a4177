import { Module } from '@nestjs/common';
import { TraceService } from 'nestjs-otel';
import { ModelConfig } from '../config/slices';
import { Chance } from '../domain/chance';
import { Clock } from '../domain/clock';
import { AnthropicModel } from './anthropic/anthropic-model';
import { LanguageModel } from './language-model';
import { RetryingModel } from './retrying-model';
import { TracedModel } from './traced-model';

/** The language model as everybody gets it: one span a turn, around the retries, around the vendor. */
@Module({
  providers: [
    TraceService,
    {
      provide: LanguageModel,
      inject: [ModelConfig, Clock, Chance, TraceService],
      useFactory: (config: ModelConfig, clock: Clock, chance: Chance, traces: TraceService): LanguageModel =>
        new TracedModel(new RetryingModel(new AnthropicModel(config, clock), clock, chance), traces),
    },
  ],
  exports: [LanguageModel],
})
export class LlmModule {}
