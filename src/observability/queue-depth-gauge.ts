import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Gauge, register } from 'prom-client';
import { QueueDepth } from './ports/queue-depth';

const NAME = 'vigil_queue_depth';
/** Well below a scrape's own limit (10 s, Prometheus' `scrape_timeout`): a slow database must not cost all figures. */
const ASK_TIMEOUT_MS = 1_000;

/** Asks the database at each scrape. Without an answer the gauge is left out: an old depth would be a false one. */
@Injectable()
export class QueueDepthGauge implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger(QueueDepthGauge.name);

  constructor(private readonly queue: QueueDepth) {}

  onModuleInit(): void {
    register.removeSingleMetric(NAME);
    const collect = (gauge: Gauge<'status'>): Promise<void> => this.collect(gauge);
    new Gauge({
      name: NAME,
      help: 'Triages that wait to be run, over all replicas.',
      labelNames: ['status'],
      async collect() {
        await collect(this);
      },
    });
  }

  onApplicationShutdown(): void {
    register.removeSingleMetric(NAME);
  }

  private async collect(gauge: Gauge<'status'>): Promise<void> {
    gauge.reset();
    try {
      const { queued, waiting } = await withTimeout(this.queue.queueDepth(), ASK_TIMEOUT_MS);
      gauge.set({ status: 'queued' }, queued);
      gauge.set({ status: 'waiting' }, waiting);
    } catch (error) {
      this.log.debug({ err: error }, 'the queue depth is not known');
    }
  }
}

async function withTimeout<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
