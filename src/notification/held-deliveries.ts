import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { TriageConfig } from '../config/slices';
import { Clock } from '../domain/clock';
import type { Channel } from '../domain/delivery';
import { Notifiers } from './notifiers';
import { DeliveryLedger } from './ports/delivery-ledger';

/** How often it is looked at, and said. */
const ROUND_MS = 3_600_000;

/**
 * What was owed to a channel that is not configured any more is kept for as long as it matters: it may be a mistake, or
 * another replica may have it. Nobody is to find out by himself that it is not told.
 */
@Injectable()
export class HeldDeliveries implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(HeldDeliveries.name);
  private readonly stopping = new AbortController();

  constructor(
    private readonly notifiers: Notifiers,
    private readonly ledger: DeliveryLedger,
    private readonly clock: Clock,
    private readonly limits: TriageConfig,
  ) {}

  onApplicationBootstrap(): void {
    for (const { channel, configured } of this.notifiers.all) if (!configured) void this.keepHolding(channel);
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  private async keepHolding(channel: Channel): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.hold(channel).catch((error: unknown) =>
        this.log.error({ err: error, channel }, 'what is owed to a channel that is not configured cannot be read'),
      );
      await this.clock.sleep(ROUND_MS, this.stopping.signal);
    }
  }

  private async hold(channel: Channel): Promise<void> {
    const held = await this.ledger.hold(channel, this.limits.giveUpAfterMs);
    if (held === 0) return;
    this.log.warn(
      { channel, deliveries: held },
      'messages are owed to a channel that is not configured now: they are kept, and told when it is configured again, ' +
        'until give-up-after-hours have passed. Set slack-webhook-url; the reports can be read by the API',
    );
  }
}
