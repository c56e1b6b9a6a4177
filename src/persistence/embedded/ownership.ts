import type { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, DATABASE_USER } from './cluster';
import { databaseUrl, quietClient, type RunningServer } from './running-server';

/** Any number: the lock is taken in a database that nobody else uses. */
const OWNER_LOCK = 8_620_177_401;
/** A killed owner's lock is free when its server has seen the closed socket; in milliseconds. */
const GRACE_MS = 1_500;
const RETAKE_EVERY_MS = 1_000;

/** What came of asking for the lock. `server_lost`: the server went away meanwhile; look again. */
export type Claim =
  { kind: 'owner'; ownership: Ownership } | { kind: 'held_by_another' } | { kind: 'server_lost'; reason: string };

/** Holds the data directory for this process. The kernel closes a dead process' socket, so the lock cannot lie. */
export class Ownership {
  private released = false;
  private readonly wake = new AbortController();

  private constructor(
    private readonly url: string,
    private client: Client,
    private readonly log: (message: string) => void,
  ) {
    this.watch(client);
  }

  /** Asks for the lock, for a moment longer than a dead owner can hold it. */
  static async claim(cluster: Cluster, server: RunningServer, log: (message: string) => void): Promise<Claim> {
    const url = databaseUrl(cluster, server.port, 'postgres');
    const client = quietClient(url);
    try {
      await client.connect();
      for (const deadline = Date.now() + GRACE_MS; !(await tryLock(client)); await sleep(50)) {
        if (Date.now() < deadline) continue;
        await client.end();
        return { kind: 'held_by_another' };
      }
      await createDatabase(client);
      return { kind: 'owner', ownership: new Ownership(url, client, log) };
    } catch (error) {
      await client.end().catch(() => undefined);
      return { kind: 'server_lost', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /**
   * Ends the ownership and the server with it. The lock is held to the last: freed a moment earlier, it would go to a
   * waiting process whose server is then stopped under it.
   */
  async release(endServer: () => Promise<void>): Promise<void> {
    this.released = true;
    this.wake.abort();
    await endServer();
    await this.client.end().catch(() => undefined);
  }

  private watch(client: Client): void {
    client.once('end', () => {
      if (this.released) return;
      this.log(
        'the bundled Postgres closed the connection that marks this process as its owner; trying to get it back',
      );
      void this.retake();
    });
  }

  /** A server that restarted itself after a crash of one of its processes is free to be owned: by us, again. */
  private async retake(): Promise<void> {
    while (!this.released) {
      await sleep(RETAKE_EVERY_MS, undefined, { signal: this.wake.signal }).catch(() => undefined);
      if (this.released) return;
      const client = quietClient(this.url);
      try {
        await client.connect();
        if (await tryLock(client)) {
          this.client = client;
          this.watch(client);
          this.log('the bundled Postgres is owned by this process again');
          return;
        }
      } catch {
        // not up yet
      }
      await client.end().catch(() => undefined);
    }
  }
}

async function tryLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ granted: boolean }>('SELECT pg_try_advisory_lock($1) AS granted', [OWNER_LOCK]);
  return rows[0]?.granted === true;
}

async function createDatabase(client: Client): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE_USER]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE_USER}`);
}
