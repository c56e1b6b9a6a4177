import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseConfig } from '../config/slices';
import { Database } from './database';
import { dataSourceOptions } from './data-source';
import { Doorbell } from './doorbell';
import { HeartbeatConnection } from './heartbeat-connection';
import { PostgresConversationLog } from './postgres-conversation-log';
import { PostgresDeliveryLedger } from './postgres-delivery-ledger';
import { PostgresIntakeLedger } from './postgres-intake-ledger';
import { PostgresLinkKey } from './postgres-link-key';
import { PostgresPulse } from './postgres-pulse';
import { PostgresTriageQueue } from './postgres-triage-queue';
import { PostgresTriageReader } from './postgres-triage-reader';
import { StoredTriages } from './stored-triages';

const ADAPTERS = [
  PostgresIntakeLedger,
  PostgresTriageQueue,
  PostgresConversationLog,
  PostgresTriageReader,
  PostgresDeliveryLedger,
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
  providers: [Database, StoredTriages, HeartbeatConnection, Doorbell, ...ADAPTERS],
  exports: ADAPTERS,
})
export class PersistenceModule {}
