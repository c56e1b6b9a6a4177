import type { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, DATABASE_USER } from './cluster';
import { errorCode } from './embedded-postgres-errors';
import { databaseUrl, quietClient, type RunningServer } from './running-server';

/** Any number: the lock is taken in a database that nobody else uses. */
export const OWNER_LOCK = 8_620_177_401;
/** A killed owner's lock is free when its server has seen the closed socket; in milliseconds. */
const GRACE_MS = 1_500;

/** What came of asking for the lock. `server_lost`: the server went away meanwhile; look again. */
export type Claim =
  { kind: 'owner'; ownership: Ownership } | { kind: 'held_by_another' } | { kind: 'server_lost'; reason: string };

/** Holds the data directory for this process. The kernel closes a dead process' socket, so the lock cannot lie. */
export class Ownership {
  /** Resolves when the server has closed the connection that holds the lock, or `release` has. */
  readonly ended: Promise<void>;

  private constructor(private readonly client: Client) {
    this.ended = new Promise((resolve) => client.once('end', () => resolve()));
  }

  /**
   * Asks for the lock, for a moment longer than a dead owner can hold it.
   * @throws what the server answers when it lives and cannot serve (its disk is full)
   */
  static async claim(cluster: Cluster, server: RunningServer): Promise<Claim> {
    const client = quietClient(databaseUrl(cluster, server.port, 'postgres'));
    const ownership = new Ownership(client);
    try {
      await client.connect();
      for (const deadline = Date.now() + GRACE_MS; !(await tryLock(client)); await sleep(50)) {
        if (Date.now() < deadline) continue;
        await client.end();
        return { kind: 'held_by_another' };
      }
      await createDatabase(client);
      return { kind: 'owner', ownership };
    } catch (error) {
      await client.end().catch(() => undefined);
      if (!isLost(error)) throw error;
      return { kind: 'server_lost', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Frees the lock. Whoever means to end the server does that first: a waiting process takes it at once. */
  async release(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }
}

/** No SQLSTATE (the socket broke), connection (08), going down or coming up (57). */
function isLost(error: unknown): boolean {
  const code = errorCode(error) ?? '';
  return !/^[0-9A-Z]{5}$/.test(code) || code === 'EPIPE' || /^(08|57)/.test(code);
}

async function tryLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ granted: boolean }>('SELECT pg_try_advisory_lock($1) AS granted', [OWNER_LOCK]);
  return rows[0]?.granted === true;
}

async function createDatabase(client: Client): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE_USER]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE_USER}`);
}
