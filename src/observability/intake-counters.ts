import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';
import { VigilEventEmitter } from '../events/vigil-event-emitter';
import { ALERTS_TRUNCATED_TOTAL, DECISIONS, REFUSALS, SUBMITS_TOTAL, WEBHOOK_REJECTED_TOTAL } from './metrics';

/** Counts what came in at the webhook: what became of each alert, and what was refused. */
@Injectable()
export class IntakeCounters implements OnModuleInit, OnApplicationShutdown {
  private stopListening: (() => void)[] = [];

  constructor(
    private readonly events: VigilEventEmitter,
    @InjectMetric(SUBMITS_TOTAL) private readonly submits: Counter,
    @InjectMetric(WEBHOOK_REJECTED_TOTAL) private readonly rejected: Counter,
    @InjectMetric(ALERTS_TRUNCATED_TOTAL) private readonly truncated: Counter,
  ) {}

  onModuleInit(): void {
    this.showZeros();
    this.stopListening = [
      this.events.on('alerts.admitted', ({ decisions, truncatedAlerts }) => {
        // A counter asked ten thousand times for one body would hold the others up.
        for (const [decision, { length }] of Map.groupBy(decisions, (each) => each))
          this.submits.inc({ decision }, length);
        this.truncated.inc(truncatedAlerts);
      }),
      this.events.on('alerts.refused', ({ reason }) => this.rejected.inc({ reason })),
    ];
  }

  onApplicationShutdown(): void {
    for (const stop of this.stopListening) stop();
  }

  /** A series that appears with its first event hides that event from `rate()`. */
  private showZeros(): void {
    for (const decision of Object.keys(DECISIONS)) this.submits.inc({ decision }, 0);
    for (const reason of Object.keys(REFUSALS)) this.rejected.inc({ reason }, 0);
  }
}
