import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../domain/clock';
import { VigilEventEmitter } from '../events/vigil-event-emitter';
import { ChannelLoop } from './channel-loop';
import { Courier } from './courier';
import { Notifiers } from './notifiers';
import { DeliveryLedger } from './ports/delivery-ledger';

/** Pays what is owed to the channels that are configured: one loop each, so that none waits for another. */
@Injectable()
export class NotificationDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loops: readonly ChannelLoop[];
  private stopListening?: () => void;

  constructor(
    notifiers: Notifiers,
    ledger: DeliveryLedger,
    courier: Courier,
    clock: Clock,
    private readonly events: VigilEventEmitter,
  ) {
    this.loops = notifiers.configured.map((notifier) => new ChannelLoop({ notifier, ledger, courier, clock, events }));
  }

  onApplicationBootstrap(): void {
    this.stopListening = this.events.on('delivery.owed', () => this.loops.forEach((loop) => loop.ring()));
    for (const loop of this.loops) loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopListening?.();
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }
}
