import { resolve } from 'node:path';
import { clusterOwner, openCluster } from './cluster';
import { namingFullDisk } from './disk-full';
import { DataDirInUse } from './embedded-postgres-errors';
import { KeptServer, type ServerLog } from './kept-server';
import { findPostgresBinaries } from './postgres-binaries';
import { takeServer } from './raise-server';
import { chooseAccount } from './server-account';

/** The bundled Postgres, owned by this process for as long as it lives. */
export interface EmbeddedPostgres {
  /** The database's address. A secret: it holds the password. It stays the same when the server is started again. */
  readonly url: string;
  /** True: the server was running already, left behind by an owner that was killed. */
  readonly adopted: boolean;
  /** Ends the server and gives the data directory back. May be called more than once. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** Told what an operator should know of the server's life; never a secret. */
  readonly log?: ServerLog;
  /** Off only where the data may be lost: in tests. */
  readonly fsync?: boolean;
  /** One Vigil uses some twenty. */
  readonly maxConnections?: number;
  /** Ends the start early; a server that is just coming up is ended with it. */
  readonly signal?: AbortSignal;
}

/**
 * Starts the bundled Postgres in `dataDir`, or adopts the one that a killed owner left running there.
 * @throws DataDirInUse while another living process owns it
 * @throws EmbeddedPostgresUnusable when it cannot run here; the message says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  return namingFullDisk(dataDir, () => start({ ...options, dataDir }));
}

async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log = () => undefined, signal = new AbortController().signal } = options;
  const { fsync = true, maxConnections = 100 } = options;
  const binaries = await findPostgresBinaries();
  const proven = await chooseAccount(binaries.postgres, process.getuid?.() ?? -1, await clusterOwner(dataDir));
  const cluster = await openCluster(dataDir, binaries, proven);
  const plan = { postgres: binaries.postgres, account: proven.account, fsync, maxConnections };
  const taken = await takeServer(cluster, plan, signal);
  if (taken.kind === 'held_by_another') throw new DataDirInUse(dataDir);
  if (taken.adopted) log('info', 'adopted the bundled Postgres that an earlier process left running');
  const kept = new KeptServer(cluster, { ...plan, port: taken.server.port }, taken.server, taken.ownership, log);
  return { url: kept.url, adopted: taken.adopted, stop: () => kept.stop() };
}
