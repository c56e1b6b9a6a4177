import { HttpException, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, type HealthCheckResult } from '@nestjs/terminus';
import { Clock } from '../domain/clock';
import { DatabasePing } from './ports/database-ping';
import { WorkerPulse } from './ports/worker-pulse';

export type Part = 'database' | 'worker';

/** Whether work can be sent here, and if not, what is in the way. */
export type ReadinessStatus =
  | { readonly status: 'ready' }
  | { readonly status: 'starting' | 'draining' }
  | { readonly status: 'failing'; readonly failing: readonly Part[] };

/** Shorter than a kubelet's or a load balancer's own patience (1 s by default, Kubernetes `timeoutSeconds`). */
const PING_TIMEOUT_MS = 900;
/** The worker looks for work every second; after this long without a round it hangs. */
const PULSE_LOST_MS = 15_000;

/** The one answer that both ports give. */
@Injectable()
export class Readiness implements OnModuleDestroy {
  private phase: 'starting' | 'started' | 'draining' = 'starting';

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    private readonly database: DatabasePing,
    private readonly worker: WorkerPulse,
    private readonly clock: Clock,
  ) {}

  /** The listeners are open. */
  started(): void {
    if (this.phase === 'starting') this.phase = 'started';
  }

  /** For good: whatever the parts say, nothing more shall be sent here. */
  draining(): void {
    this.phase = 'draining';
  }

  onModuleDestroy(): void {
    this.draining();
  }

  async check(): Promise<ReadinessStatus> {
    if (this.phase !== 'started') return { status: this.phase };
    const failing = Object.keys((await this.checkParts()).error ?? {}) as Part[];
    return failing.length === 0 ? { status: 'ready' } : { status: 'failing', failing };
  }

  private async checkParts(): Promise<HealthCheckResult> {
    const part = (name: Part): ReturnType<HealthIndicatorService['check']> => this.indicator.check(name);
    try {
      return await this.health.check([
        async () =>
          part('database')
            .attempt(() => this.database.ping())
            .withTimeout(PING_TIMEOUT_MS),
        () => (this.isBeating() ? part('worker').up() : part('worker').down()),
      ]);
    } catch (error) {
      // Terminus throws what it found as soon as one part is down.
      if (error instanceof HttpException) return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }

  private isBeating(): boolean {
    const lastBeatMs = this.worker.lastBeatMs();
    return lastBeatMs !== undefined && this.clock.monotonicMs() - lastBeatMs < PULSE_LOST_MS;
  }
}
