import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ModelConfig, MoneyConfig } from '../config/slices';
import { dollarsInWords } from '../domain/in-words';
import { countedUsd, hasPrice } from './prices';

/** An answer shorter than this is not worth its prompt: a tool call and some thought, or a short report. Tokens. */
export const LEAST_ANSWER_TOKENS = 1_024;
/** What the opening request of a triage is estimated to hold (MoneyLimitedModel): system prompt, tools, opening message. Tokens. */
const OPENING_TOKENS = 13_000;

/** `max-cost-usd-per-day`, and what must be left of it for a triage to begin. */
@Injectable()
export class DayLimit implements OnApplicationBootstrap {
  private readonly log = new Logger(DayLimit.name);
  /** Absent: no limit. */
  readonly usd?: number;
  /** With less than this left the first call of a triage cannot be paid. */
  readonly leastUsd: number;

  constructor(
    money: MoneyConfig,
    private readonly config: ModelConfig,
  ) {
    this.usd = money.perDayUsd;
    this.leastUsd = countedUsd(config.model, {
      inputTokens: 0,
      outputTokens: LEAST_ANSWER_TOKENS,
      cacheReadTokens: 0,
      cacheWriteTokens: OPENING_TOKENS,
    });
  }

  /** Whoever sets a limit that does something else than it seems to is told at the start. */
  onApplicationBootstrap(): void {
    if (this.usd === undefined) return;
    const { model } = this.config;
    if (!hasPrice(model)) {
      this.log.warn(
        { model },
        'the price of this model is not known: max-cost-usd-per-day counts each of its calls at the dearest known price',
      );
    }
    if (this.usd < this.leastUsd) {
      this.log.warn(
        { model, limit_usd: this.usd, least_usd: this.leastUsd },
        `max-cost-usd-per-day does not pay for a single call (about ${dollarsInWords(this.leastUsd)}): every triage waits`,
      );
    }
  }
}
