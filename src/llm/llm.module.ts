import { Module } from '@nestjs/common';
import { TraceService } from 'nestjs-otel';
import { ModelConfig } from '../config/slices';
import { Chance } from '../domain/chance';
import { Clock } from '../domain/clock';
import { AnthropicModel } from './anthropic/anthropic-model';
import { DayLimit } from './day-limit';
import { GuardedModel } from './guarded-model';
import { LanguageModel } from './language-model';
import { MoneyLimitedModel } from './money-limited-model';
import { DayMoney } from './ports/day-money';
import { RetryingModel } from './retrying-model';
import { TracedModel } from './traced-model';

/** The language model as everybody gets it: the day's money, around the breaker, one span a turn, the retries, the vendor. */
@Module({
  providers: [
    TraceService,
    DayLimit,
    {
      provide: LanguageModel,
      inject: [ModelConfig, Clock, Chance, TraceService, DayLimit, DayMoney],
      useFactory: (
        config: ModelConfig,
        clock: Clock,
        chance: Chance,
        traces: TraceService,
        limit: DayLimit,
        money: DayMoney,
      ): LanguageModel => {
        const vendor = new AnthropicModel(config, clock);
        const patient = new TracedModel(new RetryingModel(vendor, clock, chance), traces);
        const guarded = new GuardedModel(patient, new TracedModel(vendor, traces), clock);
        return limit.usd === undefined ? guarded : new MoneyLimitedModel(guarded, money, limit.usd);
      },
    },
  ],
  exports: [LanguageModel, DayLimit],
})
export class LlmModule {}
