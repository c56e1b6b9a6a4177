import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter, Gauge } from 'prom-client';
import { VigilEventEmitter } from '../events/vigil-event-emitter';
import { CHANNELS, DELIVERIES_TOTAL, DELIVERY_OUTCOMES, LLM_BREAKER_OPEN, OUTCOMES, TRIAGES_TOTAL } from './metrics';

/** Counts what is announced. Nobody waits for it and nobody knows it. */
@Injectable()
export class EventCounters implements OnModuleInit, OnApplicationShutdown {
  private stopListening: (() => void)[] = [];

  constructor(
    private readonly events: VigilEventEmitter,
    @InjectMetric(TRIAGES_TOTAL) private readonly triages: Counter,
    @InjectMetric(DELIVERIES_TOTAL) private readonly deliveries: Counter,
    @InjectMetric(LLM_BREAKER_OPEN) private readonly breaker: Gauge,
  ) {}

  onModuleInit(): void {
    this.showZeros();
    this.stopListening = [
      this.events.on('triage.finished', ({ outcome }) => this.triages.inc({ outcome })),
      this.events.on('delivery.attempted', ({ channel, outcome }) => this.deliveries.inc({ channel, outcome })),
      this.events.on('model.outages', ({ count }) => this.breaker.set(count > 0 ? 1 : 0)),
    ];
  }

  onApplicationShutdown(): void {
    for (const stop of this.stopListening) stop();
  }

  /** A series that appears with its first event hides that event from `rate()`. */
  private showZeros(): void {
    this.breaker.set(0);
    for (const outcome of Object.keys(OUTCOMES)) this.triages.inc({ outcome }, 0);
    for (const channel of Object.keys(CHANNELS)) {
      for (const outcome of Object.keys(DELIVERY_OUTCOMES)) this.deliveries.inc({ channel, outcome }, 0);
    }
  }
}
