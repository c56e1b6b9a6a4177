import { Injectable } from '@nestjs/common';
import { ModelConfig, TriageConfig } from '../config/slices';
import { Breaker } from '../llm/breaker';
import { DayLimit } from '../llm/day-limit';
import type { ModelOutage, MoneyLimit } from './ports/triage-queue';

/** What can stand in the way of a claim although a place is free: the day's money, and a model that answers nobody. */
@Injectable()
export class ClaimTerms {
  readonly money?: MoneyLimit;
  private readonly giveUpAfterMs: number;
  private readonly model: string;

  constructor(
    { giveUpAfterMs }: TriageConfig,
    { model }: ModelConfig,
    { usd: limitUsd, leastUsd }: DayLimit,
    private readonly breaker: Breaker,
  ) {
    this.giveUpAfterMs = giveUpAfterMs;
    this.model = model;
    if (limitUsd !== undefined) this.money = { limitUsd, leastUsd, giveUpAfterMs };
  }

  /** Absent too when it is time to look whether it is over. */
  outage(): ModelOutage | undefined {
    const refusal = this.breaker.holdsBack(this.model);
    if (!refusal) return undefined;
    const { model, giveUpAfterMs } = this;
    return { model, giveUpAfterMs, afterMs: refusal.retryAfterMs ?? 0, happened: refusal.message };
  }

  /** A triage is begun, and nothing held it back: during an outage it is the probe, and no other one is begun beside it. */
  begun(): void {
    this.breaker.begun(this.model);
  }
}
