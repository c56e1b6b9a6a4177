import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseConfig } from '../config/slices';
import { Database } from './database';
import { dataSourceOptions } from './data-source';
import { Doorbell } from './doorbell';
import { GroupedIntakeLedger } from './grouped-intake-ledger';
import { HeartbeatConnection } from './heartbeat-connection';
import { OwedContents } from './owed-contents';
import { PostgresChanges } from './postgres-changes';
import { PostgresConversationLog } from './postgres-conversation-log';
import { PostgresDayMoney } from './postgres-day-money';
import { PostgresDeliveryLedger } from './postgres-delivery-ledger';
import { PostgresExpiredRecords } from './postgres-expired-records';
import { PostgresFiringRecord } from './postgres-firing-record';
import { PostgresFullResults } from './postgres-full-results';
import { PostgresIntakeLedger } from './postgres-intake-ledger';
import { PostgresLinkKey } from './postgres-link-key';
import { PostgresPulse } from './postgres-pulse';
import { PostgresTriageHistory } from './postgres-triage-history';
import { PostgresTriageQueue } from './postgres-triage-queue';
import { PostgresTriageReader } from './postgres-triage-reader';
import { StoredTriages } from './stored-triages';

const ADAPTERS = [
  GroupedIntakeLedger,
  PostgresIntakeLedger,
  PostgresTriageQueue,
  PostgresChanges,
  PostgresConversationLog,
  PostgresTriageReader,
  PostgresDeliveryLedger,
  PostgresDayMoney,
  PostgresExpiredRecords,
  PostgresFiringRecord,
  PostgresFullResults,
  PostgresTriageHistory,
  PostgresLinkKey,
  PostgresPulse,
];

/** The adapters of Postgres. Which port each one serves is bound in the composition root. */
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [DatabaseConfig],
      useFactory: (config: DatabaseConfig) => ({ ...dataSourceOptions(config.url!), retryAttempts: 0 }),
    }),
  ],
  providers: [Database, StoredTriages, OwedContents, HeartbeatConnection, Doorbell, ...ADAPTERS],
  exports: ADAPTERS,
})
export class PersistenceModule {}
