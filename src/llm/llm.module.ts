import { Module } from '@nestjs/common';
import { TraceService } from 'nestjs-otel';
import { ModelConfig } from '../config/slices';
import { Chance } from '../domain/chance';
import { Clock } from '../domain/clock';
import { AnthropicModel } from './anthropic/anthropic-model';
import { Breaker } from './breaker';
import { DayLimit } from './day-limit';
import { GuardedModel } from './guarded-model';
import { LanguageModel } from './language-model';
import { MoneyLimitedModel } from './money-limited-model';
import { DayMoney } from './ports/day-money';
import { RetryingModel } from './retrying-model';
import { TracedModel } from './traced-model';

/** The model that is asked when money is no question: the breaker around one span a turn, around the retries, around the vendor. */
abstract class AskedModel extends LanguageModel {}

/** The language model as everybody gets it: the day's money around all of that. */
@Module({
  providers: [
    TraceService,
    DayLimit,
    Breaker,
    {
      provide: AskedModel,
      inject: [ModelConfig, Breaker, Clock, Chance, TraceService],
      useFactory: (
        config: ModelConfig,
        breaker: Breaker,
        clock: Clock,
        chance: Chance,
        traces: TraceService,
      ): LanguageModel => {
        const vendor = new AnthropicModel(config, clock);
        const traced = (model: LanguageModel): LanguageModel => new TracedModel(model, traces, config.traceContent);
        return new GuardedModel(traced(new RetryingModel(vendor, clock, chance)), traced(vendor), breaker, clock);
      },
    },
    {
      provide: LanguageModel,
      inject: [AskedModel, DayLimit, DayMoney],
      useFactory: (model: LanguageModel, limit: DayLimit, money: DayMoney): LanguageModel =>
        limit.usd === undefined ? model : new MoneyLimitedModel(model, money, limit.usd),
    },
  ],
  exports: [LanguageModel, DayLimit, Breaker],
})
export class LlmModule {}
