import { Module } from '@nestjs/common';
import { Courier } from './courier';
import { HeldDeliveries } from './held-deliveries';
import { NotificationDispatcher } from './notification-dispatcher';
import { Notifiers } from './notifiers';
import { SlackNotifier } from './slack/slack-notifier';

/** Needs from outside: DeliveryLedger, TriageLinks, Clock, Chance, the events and the configuration. */
@Module({
  providers: [
    SlackNotifier,
    { provide: Notifiers, inject: [SlackNotifier], useFactory: (slack: SlackNotifier) => new Notifiers([slack]) },
    Courier,
    NotificationDispatcher,
    HeldDeliveries,
  ],
  exports: [Notifiers],
})
export class NotificationModule {}
