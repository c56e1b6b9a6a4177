import type { WaitReason } from '../../domain/triage';

/** A database that answers. */
export interface DatabaseFacts {
  /** `18.4` */
  readonly version: string;
  readonly connections: number;
  readonly maxConnections: number;
  readonly isReadOnly: boolean;
  readonly bytes: number;
}

/** What of the migrations is applied. */
export interface SchemaFacts {
  /** No migration ever ran. */
  readonly isEmpty: boolean;
  /** Of this program, and not applied. */
  readonly missing: readonly string[];
  /** Applied, and not known to this program. */
  readonly unknown: readonly string[];
}

/** What the database shows of those who are connected to it. */
export interface SessionFacts {
  /** Hosts from which Vigil's pool is connected. */
  readonly hosts: number;
  /** Doorbell connections: one for each process that hears. */
  readonly doorbells: number;
  /** Of them, those that have said LISTEN last: another statement on one shows that a pooler shares it. */
  readonly listening: number;
  /** Hosts with a pool and without a doorbell. */
  readonly deafHosts: number;
  /** Open for more than a minute, the longest first. */
  readonly long: readonly Session[];
  /** Somebody has waited for it for more than five seconds. */
  readonly blocking: readonly Session[];
}

export interface Session {
  readonly pid: number;
  readonly application: string;
  /** In Postgres' words: `idle in transaction`. */
  readonly state: string;
  readonly openMs: number;
}

/** Triages that are not finished. */
export interface TriageFacts {
  readonly queued: number;
  readonly running: number;
  readonly waiting: readonly Waiting[];
  /** Due, and held by nobody; those that must run alone are not among them. */
  readonly due: number;
  /** For how long the first of them has been due. */
  readonly overdueMs: number;
  /** Running under a lease that has run out. */
  readonly expired: number;
  readonly expiredMs: number;
  /** Of the expired ones, those that only an idle worker takes: two strikes would be the next. */
  readonly expiredSuspects: number;
  readonly suspects: readonly Suspect[];
  readonly spentTodayUsd: number;
}

export interface Waiting {
  readonly reason: WaitReason;
  readonly count: number;
  /** Age of the oldest triage among them. */
  readonly oldestMs: number;
  /** When the first of them is looked at again. */
  readonly nextInMs: number;
  /** The last one about it. There is one a day: it may tell of an earlier outage. */
  readonly notice?: { readonly happened: string; readonly ageMs: number };
}

/** A triage whose worker ended while it held it, with no turn since. */
export interface Suspect {
  readonly id: string;
  readonly alertName: string;
  readonly strikes: number;
}

/** Triages that ended badly in the last day. */
export interface EndFacts {
  readonly finished: number;
  readonly error: Ended;
  readonly failed: Ended;
}

export interface Ended {
  readonly count: number;
  readonly lastId?: string;
  readonly lastReason?: string;
}

/** What is owed to Slack. */
export interface DeliveryFacts {
  readonly pending: number;
  readonly oldestMs: number;
  /** How long ago the head of the queue was due; negative while it waits. */
  readonly overdueMs: number;
  readonly attempts: number;
  readonly reason?: string;
  readonly saidInLastHour: number;
  /** In the last day. */
  readonly givenUp: number;
  readonly givenUpReason?: string;
  /** Something was delivered after the last one that was given up. */
  readonly deliveredSince: boolean;
  /** In the last day: made while no webhook was set. */
  readonly notConfigured: number;
}

/** What came in. */
export interface IntakeFacts {
  /** Absent: no alert ever came. */
  readonly lastAlertMs?: number;
  /** In the last day, as the next two. */
  readonly quarantined: number;
  readonly quarantineReason?: string;
  readonly truncatedTriages: number;
  readonly truncatedAlerts: number;
}

/** How much is kept. */
export interface KeptFacts {
  /** Age of the oldest finished triage; absent: there is none. */
  readonly oldestDays?: number;
  readonly tables: readonly { readonly name: string; readonly bytes: number }[];
}

/** Whether the database can be asked at all. */
export type DatabaseAnswer =
  | { readonly kind: 'reached'; readonly facts: DatabaseFacts }
  | { readonly kind: 'unreached'; readonly why: UnreachedWhy };

export interface UnreachedWhy {
  /** In words, without an address or a secret. */
  readonly reason: string;
  readonly todo: string;
}

/** What the database knows of an installation. It is only read; a question that fails throws. */
export abstract class InstallationRecords {
  abstract database(): Promise<DatabaseAnswer>;
  abstract schema(): Promise<SchemaFacts>;
  abstract sessions(): Promise<SessionFacts>;
  abstract triages(): Promise<TriageFacts>;
  abstract ends(): Promise<EndFacts>;
  abstract deliveries(): Promise<DeliveryFacts>;
  abstract intake(): Promise<IntakeFacts>;
  abstract kept(): Promise<KeptFacts>;
  abstract close(): Promise<void>;
}
