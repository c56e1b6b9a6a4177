import { DataSource } from 'typeorm';
import { ulid } from 'ulid';
import { DatabaseConfig } from '../../src/config/slices';
import type { Settings } from '../../src/config/settings';
import type { Alert } from '../../src/domain/alert';
import type { Ids } from '../../src/domain/ids';
import { Database } from '../../src/persistence/database';
import { dataSourceOptions } from '../../src/persistence/data-source';
import { HeartbeatConnection } from '../../src/persistence/heartbeat-connection';
import { PostgresConversationLog } from '../../src/persistence/postgres-conversation-log';
import { OwedContents } from '../../src/persistence/owed-contents';
import { PostgresDayMoney } from '../../src/persistence/postgres-day-money';
import { PostgresDeliveryLedger } from '../../src/persistence/postgres-delivery-ledger';
import { PostgresExpiredRecords } from '../../src/persistence/postgres-expired-records';
import { PostgresIntakeLedger } from '../../src/persistence/postgres-intake-ledger';
import { PostgresTriageQueue } from '../../src/persistence/postgres-triage-queue';
import { StoredTriages } from '../../src/persistence/stored-triages';
import { createTestDatabase } from '../database/create-test-database';

/** The adapters of one process on a database of their own; `again` gives those of a second process. */
export interface Adapters {
  readonly url: string;
  readonly database: Database;
  readonly intake: PostgresIntakeLedger;
  readonly queue: PostgresTriageQueue;
  readonly log: PostgresConversationLog;
  readonly deliveries: PostgresDeliveryLedger;
  readonly money: PostgresDayMoney;
  readonly expired: PostgresExpiredRecords;
  readonly stored: StoredTriages;
  /** Plain SQL, to look and to move time. */
  sql<Row>(text: string, parameters?: unknown[]): Promise<Row[]>;
  again(): Promise<Adapters>;
  close(): Promise<void>;
}

const ids: Ids = { next: () => ulid() };

export async function freshAdapters(): Promise<Adapters> {
  const { url, drop } = await createTestDatabase();
  const adapters = await adaptersOn(url);
  return { ...adapters, close: () => adapters.close().then(drop) };
}

export async function adaptersOn(url: string): Promise<Adapters> {
  const dataSource = await new DataSource(dataSourceOptions(url)).initialize();
  const database = new Database(dataSource);
  const stored = new StoredTriages(dataSource);
  const heartbeat = new HeartbeatConnection(new DatabaseConfig({ databaseUrl: url } as Settings));
  const others: Adapters[] = [];
  return {
    url,
    database,
    stored,
    intake: new PostgresIntakeLedger(database, ids),
    queue: new PostgresTriageQueue(database, heartbeat, { all: () => [{ channel: 'slack', configured: true }] }, ids),
    log: new PostgresConversationLog(database, stored, ids),
    deliveries: new PostgresDeliveryLedger(database, new OwedContents(database, stored)),
    money: new PostgresDayMoney(database),
    expired: new PostgresExpiredRecords(database),
    sql: (text, parameters = []) => database.read(text, parameters),
    again: async () => {
      const other = await adaptersOn(url);
      others.push(other);
      return other;
    },
    close: async () => {
      await Promise.all(others.map((other) => other.close()));
      await heartbeat.onApplicationShutdown();
      await dataSource.destroy();
    },
  };
}

let count = 0;

/** A firing alert of a fingerprint of its own. */
export function anAlert(over: Partial<Alert> = {}): Alert {
  count += 1;
  return {
    fingerprint: `fp${count}`,
    status: 'firing',
    labels: { alertname: 'HighErrorRate', severity: 'warning', service: 'payments' },
    annotations: { summary: 'too many errors' },
    startsAt: new Date('2026-11-23T19:05:34.825Z'),
    ...over,
  };
}
