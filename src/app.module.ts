import { type DynamicModule, Global, Module } from '@nestjs/common';
import { OpenTelemetryModule } from 'nestjs-otel';
import { AlertsModule } from './alerts/alerts.module';
import { IntakeLedger } from './alerts/ports/intake-ledger';
import { AuthModule } from './auth/auth.module';
import { ChangeHistory } from './briefing/ports/change-history';
import { FiringRecord } from './briefing/ports/firing-record';
import { TriageHistory } from './briefing/ports/triage-history';
import { ChangesModule } from './changes/changes.module';
import { ChangeLedger } from './changes/ports/change-ledger';
import { CursorKey } from './changes/ports/cursor-key';
import { VigilConfigModule } from './config/config.module';
import type { Settings } from './config/settings';
import { EventsModule } from './events/events.module';
import { HealthModule } from './health/health.module';
import { DatabasePing } from './health/ports/database-ping';
import { WorkerPulse } from './health/ports/worker-pulse';
import { DayMoney } from './llm/ports/day-money';
import { NotificationModule } from './notification/notification.module';
import { Notifiers } from './notification/notifiers';
import { DeliveryLedger } from './notification/ports/delivery-ledger';
import { TriageLinks } from './notification/ports/triage-links';
import { LogsModule } from './observability/logs.module';
import { MetricsModule } from './observability/metrics.module';
import { QueueDepth } from './observability/ports/queue-depth';
import { GroupedIntakeLedger } from './persistence/grouped-intake-ledger';
import { PersistenceModule } from './persistence/persistence.module';
import { PostgresChanges } from './persistence/postgres-changes';
import { PostgresConversationLog } from './persistence/postgres-conversation-log';
import { PostgresDayMoney } from './persistence/postgres-day-money';
import { PostgresDeliveryLedger } from './persistence/postgres-delivery-ledger';
import { PostgresExpiredRecords } from './persistence/postgres-expired-records';
import { PostgresFiringRecord } from './persistence/postgres-firing-record';
import { PostgresFullResults } from './persistence/postgres-full-results';
import { PostgresLinkKey } from './persistence/postgres-link-key';
import { PostgresPulse } from './persistence/postgres-pulse';
import { PostgresTriageHistory } from './persistence/postgres-triage-history';
import { PostgresTriageQueue } from './persistence/postgres-triage-queue';
import { PostgresTriageReader } from './persistence/postgres-triage-reader';
import { ExpiredRecords } from './retention/ports/expired-records';
import { RetentionModule } from './retention/retention.module';
import { SystemModule } from './system/system.module';
import { ChangeSearch } from './tools/ports/change-search';
import { FullResults } from './tools/ports/full-results';
import { ConversationLog } from './triage/ports/conversation-log';
import { DeliveryChannels } from './triage/ports/delivery-channels';
import { LinkKey } from './triage/ports/link-key';
import { TriageQueue } from './triage/ports/triage-queue';
import { TriageReader } from './triage/ports/triage-reader';
import { SignedLinks } from './triage/signed-links';
import { TriageModule } from './triage/triage.module';
import { TriageWorker } from './triage/triage-worker';

/** Which adapter serves which port: the one list. */
const PORTS = [
  { provide: IntakeLedger, useExisting: GroupedIntakeLedger },
  { provide: TriageQueue, useExisting: PostgresTriageQueue },
  { provide: ConversationLog, useExisting: PostgresConversationLog },
  { provide: TriageReader, useExisting: PostgresTriageReader },
  { provide: LinkKey, useExisting: PostgresLinkKey },
  { provide: ChangeLedger, useExisting: PostgresChanges },
  { provide: ChangeHistory, useExisting: PostgresChanges },
  { provide: ChangeSearch, useExisting: PostgresChanges },
  { provide: FullResults, useExisting: PostgresFullResults },
  { provide: CursorKey, useExisting: PostgresLinkKey },
  { provide: DeliveryLedger, useExisting: PostgresDeliveryLedger },
  { provide: FiringRecord, useExisting: PostgresFiringRecord },
  { provide: TriageHistory, useExisting: PostgresTriageHistory },
  { provide: DayMoney, useExisting: PostgresDayMoney },
  { provide: ExpiredRecords, useExisting: PostgresExpiredRecords },
  { provide: DatabasePing, useExisting: PostgresPulse },
  { provide: QueueDepth, useExisting: PostgresPulse },
  { provide: TriageLinks, useExisting: SignedLinks },
  { provide: WorkerPulse, useExisting: TriageWorker },
  {
    provide: DeliveryChannels,
    inject: [Notifiers],
    useFactory: ({ all }: Notifiers): DeliveryChannels => ({
      all: () => all.map(({ channel, configured }) => ({ channel, configured })),
    }),
  },
];

@Global()
@Module({
  imports: [PersistenceModule, NotificationModule, TriageModule],
  providers: PORTS,
  exports: PORTS.map(({ provide }) => provide),
})
class PortsModule {}

/** The composition root: the only place that names every module and binds ports to adapters. */
@Module({})
export class AppModule {
  /** @param databaseUrl where Postgres is: the setting's, or that of the embedded server */
  static forRoot(settings: Settings, databaseUrl: string): DynamicModule {
    return {
      module: AppModule,
      imports: [
        VigilConfigModule.forRoot({ ...settings, databaseUrl }),
        LogsModule,
        OpenTelemetryModule.forRoot(),
        SystemModule,
        EventsModule,
        AuthModule,
        PortsModule,
        AlertsModule,
        ChangesModule,
        TriageModule,
        NotificationModule,
        RetentionModule,
        HealthModule,
        MetricsModule,
      ],
    };
  }
}
