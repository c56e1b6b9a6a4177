import type { Client } from 'pg';
import { PostgresExpiredRecords } from '../../src/persistence/postgres-expired-records';
import { RetentionJob } from '../../src/retention/retention-job';
import { SystemClock } from '../../src/system/system-clock';
import { type Adapters, adaptersOn } from '../db/adapters';
import { keepPosting, lostOf } from '../e2e/posting';
import { startVigilWithWorld, type VigilWithWorld } from '../e2e/vigil-with-world';
import { until } from '../until';
import { storeExpiredTriages } from './expired-triages';

const EXPIRED = 20_000;
const DAYS = 90;
const TABLES = ['triages', 'firings', 'triage_firings', 'conversations', 'turns', 'tool_calls', 'deliveries'];

describe('A round of retention over twenty thousand triages', () => {
  let vigil: VigilWithWorld;
  let sql: Client;
  let other: Adapters;
  beforeAll(async () => {
    vigil = await startVigilWithWorld({ retention_days: '3650' }); // its own rounds find nothing
    ({ sql } = vigil);
    other = await adaptersOn(vigil.databaseUrl);
    await storeExpiredTriages(sql, EXPIRED);
    await noteDeletions();
  });
  afterAll(async () => {
    await other.close();
    await vigil.stop();
  });

  const job = (): RetentionJob =>
    new RetentionJob(new PostgresExpiredRecords(other.database), { days: DAYS }, new SystemClock(), {
      fraction: () => 1,
    });
  const count = async (table: string): Promise<number> =>
    (await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]!.n;

  const expiredFirings = async (): Promise<number> =>
    (await sql.query(`SELECT 1 FROM firings WHERE fingerprint LIKE 'old-%'`)).rows.length;

  /** Each statement that deletes tells how many rows, and in which transaction. */
  async function noteDeletions(): Promise<void> {
    await sql.query(`
      CREATE TABLE deletions (tx xid8, n bigint);
      CREATE FUNCTION note_deletion() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO deletions SELECT pg_current_xact_id(), count(*) FROM gone; RETURN NULL; END $$`);
    for (const table of TABLES) {
      await sql.query(`CREATE TRIGGER note_deletion AFTER DELETE ON ${table} REFERENCING OLD TABLE AS gone
        FOR EACH STATEMENT EXECUTE FUNCTION note_deletion()`);
    }
  }

  /** Looks again and again whether a session waits for a lock that one which deletes has. */
  function watchForBlocked(): { stop(): Promise<{ readonly looks: number; readonly blocked: unknown[] }> } {
    let isStopped = false;
    const look = async (): Promise<{ looks: number; blocked: unknown[] }> => {
      const blocked: unknown[] = [];
      let looks = 0;
      for (; !isStopped; looks += 1) {
        const rows = await other.sql<object>(
          `SELECT b.query AS blocked, d.query AS by FROM pg_stat_activity b
           JOIN pg_stat_activity d ON d.pid = ANY (pg_blocking_pids(b.pid)) WHERE b.datname = current_database()`,
        );
        blocked.push(...rows);
      }
      return { looks, blocked };
    };
    const looking = look();
    return {
      stop: () => {
        isStopped = true;
        return looking;
      },
    };
  }

  it('that ends in its middle leaves whole triages, and the next one goes on with them (F74)', async () => {
    const first = job();
    const round = first.round();
    await until('it is in its middle', async () => (await count('triages')) < EXPIRED - 500);
    await first.beforeApplicationShutdown();
    await round;
    const left = await count('triages');
    expect(left).toBeGreaterThan(0);
    expect([await count('turns'), await count('tool_calls'), await count('deliveries')]).toEqual([
      10 * left,
      5 * left,
      left,
    ]);
  });

  it('holds up no alert, takes at most a thousand rows in a transaction, and leaves nothing behind (F74)', async () => {
    const watch = watchForBlocked();
    const posting = keepPosting(vigil, 'meanwhile');
    await until('alerts come in', () => posting.acknowledged.length > 5);
    const before = posting.acknowledged.length;
    await until(
      'nothing is left',
      async () => {
        await job().round(); // ends early where the program's own round is at it
        return (await count('triages')) === 0 && (await expiredFirings()) === 0;
      },
      120_000,
    );
    const meanwhile = posting.acknowledged.length - before;
    await posting.stop();
    const { looks, blocked } = await watch.stop();

    expect(blocked).toEqual([]);
    expect(looks).toBeGreaterThan(50);
    expect(meanwhile).toBeGreaterThan(10);
    expect([posting.refusedAfterMs, posting.others]).toEqual([[], []]);
    expect(await lostOf(posting, sql)).toEqual([]);
    for (const table of TABLES.filter((name) => name !== 'firings'))
      expect([table, await count(table)]).toEqual([table, 0]);
    expect(await count('firings')).toBe(posting.acknowledged.length);
    const { rows } = await sql.query<{ most: number }>(
      'SELECT max(n)::int AS most FROM (SELECT sum(n) AS n FROM deletions GROUP BY tx) AS transactions',
    );
    expect(rows[0]!.most).toBeLessThanOrEqual(1_000);
  });
});
