import {
  type DatabaseAnswer,
  type DatabaseFacts,
  type DeliveryFacts,
  type EndFacts,
  InstallationRecords,
  type IntakeFacts,
  type KeptFacts,
  type SchemaFacts,
  type SessionFacts,
  type Suspect,
  type TriageFacts,
  type Waiting,
} from '../../doctor/ports/installation-records';
import { migrationNames } from '../data-source';
import { spentToday } from '../postgres-day-money';
import {
  BLOCKING,
  DATABASE,
  DELIVERIES,
  ENDS,
  INTAKE,
  KEPT,
  LONG,
  SESSIONS,
  SUSPECTS,
  TABLES,
  TRIAGES,
  WAITING,
} from './installation-statements';
import { ReadOnlyDatabase } from './read-only-database';
import { unreachedWhy } from './unreached-database';

/** Lists that are shown hold so many. */
const SHOWN = 3;

/** Reads an installation where it stands: the rows of every stage, and the server's own view of its sessions. */
export class PostgresInstallationRecords extends InstallationRecords {
  private readonly db: ReadOnlyDatabase;

  constructor(url: string) {
    super();
    this.db = new ReadOnlyDatabase(url);
  }

  /** A refusal is what is looked for: it is an answer, not an error. */
  async database(): Promise<DatabaseAnswer> {
    try {
      return { kind: 'reached', facts: await this.one<DatabaseFacts>(DATABASE) };
    } catch (error) {
      return { kind: 'unreached', why: unreachedWhy(error) };
    }
  }

  schema(): Promise<SchemaFacts> {
    return this.db.ask(async (sql) => {
      const ours = migrationNames();
      const [table] = await sql<{ there: boolean }>(`SELECT to_regclass('migrations') IS NOT NULL AS there`);
      const rows = table!.there ? await sql<{ name: string }>('SELECT name FROM migrations ORDER BY id') : [];
      const applied = rows.map(({ name }) => name);
      return {
        isEmpty: applied.length === 0,
        missing: ours.filter((name) => !applied.includes(name)),
        unknown: applied.filter((name) => !ours.includes(name)),
      };
    });
  }

  sessions(): Promise<SessionFacts> {
    return this.db.ask(async (sql) => {
      const [row] = await sql<Omit<SessionFacts, 'long' | 'blocking'>>(SESSIONS);
      return { ...row!, long: await sql(LONG, [SHOWN]), blocking: await sql(BLOCKING, [SHOWN]) };
    });
  }

  triages(): Promise<TriageFacts> {
    return this.db.ask(async (sql) => {
      const [row] = await sql<Omit<TriageFacts, 'waiting' | 'suspects' | 'spentTodayUsd'>>(TRIAGES);
      return {
        ...row!,
        waiting: (await sql<Waiting>(WAITING)).map(known),
        suspects: await sql<Suspect>(SUSPECTS, [SHOWN]),
        spentTodayUsd: await spentToday(sql),
      };
    });
  }

  ends(): Promise<EndFacts> {
    return this.db.ask(async (sql) => {
      const [row] = await sql<EndRow>(ENDS);
      const { finished, error, failed, last_error, last_failed } = row!;
      return {
        finished,
        error: { count: error, lastId: last_error?.[0], lastReason: last_error?.[1] },
        failed: { count: failed, lastId: last_failed?.[0], lastReason: last_failed?.[1] },
      };
    });
  }

  async deliveries(): Promise<DeliveryFacts> {
    return known(await this.one<DeliveryFacts>(DELIVERIES));
  }

  async intake(): Promise<IntakeFacts> {
    return known(await this.one<IntakeFacts>(INTAKE));
  }

  kept(): Promise<KeptFacts> {
    return this.db.ask(async (sql) => {
      const [row] = await sql<{ oldestDays: number | null }>(KEPT);
      return { oldestDays: row!.oldestDays ?? undefined, tables: await sql(TABLES, [SHOWN]) };
    });
  }

  close(): Promise<void> {
    return this.db.close();
  }

  private one<Row>(text: string): Promise<Row> {
    return this.db.ask(async (sql) => (await sql<Row>(text))[0]!);
  }
}

interface EndRow {
  finished: number;
  error: number;
  failed: number;
  /** Id and reason. */
  last_error: [string, string] | null;
  last_failed: [string, string] | null;
}

/** Without the fields that are null. */
function known<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Row;
}
