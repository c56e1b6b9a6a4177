import { Module } from '@nestjs/common';
import { TraceService } from 'nestjs-otel';
import { ModelConfig } from '../config/slices';
import { Chance } from '../domain/chance';
import { Clock } from '../domain/clock';
import { AnthropicModel } from './anthropic/anthropic-model';
import { GuardedModel } from './guarded-model';
import { LanguageModel } from './language-model';
import { RetryingModel } from './retrying-model';
import { TracedModel } from './traced-model';

/** The language model as everybody gets it: the breaker around one span a turn, around the retries, around the vendor. */
@Module({
  providers: [
    TraceService,
    {
      provide: LanguageModel,
      inject: [ModelConfig, Clock, Chance, TraceService],
      useFactory: (config: ModelConfig, clock: Clock, chance: Chance, traces: TraceService): LanguageModel => {
        const vendor = new AnthropicModel(config, clock);
        const patient = new TracedModel(new RetryingModel(vendor, clock, chance), traces);
        return new GuardedModel(patient, new TracedModel(vendor, traces), clock);
      },
    },
  ],
  exports: [LanguageModel],
})
export class LlmModule {}
