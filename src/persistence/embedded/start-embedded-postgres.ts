import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, clusterOwner, DATABASE_USER, openCluster } from './cluster';
import { DataDirInUse, EmbeddedPostgresUnusable } from './embedded-postgres-errors';
import { Ownership } from './ownership';
import { findPostgresBinaries } from './postgres-binaries';
import { databaseUrl, findServer, type RunningServer } from './running-server';
import { chooseAccount } from './server-account';
import { endServer, launchServer, type LaunchPlan } from './server-process';

/** The bundled Postgres, owned by this process for as long as it lives. */
export interface EmbeddedPostgres {
  /** The database's address. A secret: it holds the password. */
  readonly url: string;
  /** True: the server was running already, left behind by an owner that was killed. */
  readonly adopted: boolean;
  /** Ends the server and gives the data directory back. May be called more than once. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** Told what an operator should know of the server's life; never a secret. */
  readonly log?: (message: string) => void;
  /** Off only where the data may be lost: in tests. */
  readonly fsync?: boolean;
}

/** How long a server that is ending, or whose killed children still hold its memory, may keep us waiting; in milliseconds. */
const SETTLE_MS = 5_000;
/** The same for one that says it is starting or ending: recovery and a last checkpoint take their time. */
const BUSY_MS = 120_000;
const RETRY_EVERY_MS = 100;

/** What the log says when waiting helps (PostgreSQL: src/backend/utils/init/miscinit.c, libpq/pqcomm.c, port/sysv_shmem.c). */
const PASSING_FAILURE = /lock file "postmaster.pid"|pre-existing shared memory block|Address already in use/;

/**
 * Starts the bundled Postgres in `dataDir`, or adopts the one that a killed owner left running there.
 * @throws DataDirInUse while another living process owns it
 * @throws EmbeddedPostgresUnusable when it cannot run here; the message says what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log = () => undefined, fsync = true } = options;
  const dataDir = resolve(options.dataDir);
  const binaries = await findPostgresBinaries();
  const proven = await chooseAccount(binaries.postgres, process.getuid?.() ?? -1, await clusterOwner(dataDir));
  const cluster = await openCluster(dataDir, binaries, proven);
  const plan = { postgres: binaries.postgres, account: proven.account, fsync };

  const deadline = Date.now() + BUSY_MS;
  for (;;) {
    const { server, adopted } = await adoptOrLaunch(cluster, plan);
    const claim = await Ownership.claim(cluster, server, log);
    switch (claim.kind) {
      case 'owner':
        if (adopted) log('adopted the bundled Postgres that an earlier process left running');
        return ownedServer(cluster, server, adopted, claim.ownership);
      case 'held_by_another':
        throw new DataDirInUse(dataDir);
      case 'server_lost':
        if (Date.now() > deadline) throw unstable(cluster, claim.reason);
    }
    await sleep(RETRY_EVERY_MS);
  }
}

interface FoundServer {
  readonly server: RunningServer;
  readonly adopted: boolean;
}

async function adoptOrLaunch(cluster: Cluster, plan: LaunchPlan): Promise<FoundServer> {
  const busyUntil = Date.now() + BUSY_MS;
  let settleUntil: number | undefined;
  for (;;) {
    const state = await findServer(cluster);
    if (state.kind === 'running') return { server: state.server, adopted: true };
    if (state.kind === 'absent') {
      const launch = await launchServer(cluster, plan);
      if (launch.kind !== 'exited') return { server: launch.server, adopted: launch.kind === 'overtaken' };
      settleUntil ??= Date.now() + SETTLE_MS;
      if (!PASSING_FAILURE.test(launch.logTail) || Date.now() > settleUntil) throw failedStart(cluster, launch.logTail);
    } else if (Date.now() > busyUntil) {
      throw unstable(cluster, 'it says that it is starting or shutting down');
    }
    await sleep(RETRY_EVERY_MS);
  }
}

function ownedServer(
  cluster: Cluster,
  server: RunningServer,
  adopted: boolean,
  ownership: Ownership,
): EmbeddedPostgres {
  let stopping: Promise<void> | undefined;
  const end = async () => {
    // A process id outlives its process: signal it only while our server still answers.
    if ((await findServer(cluster)).kind !== 'absent') await endServer(cluster, server);
  };
  return {
    url: databaseUrl(cluster, server.port, DATABASE_USER),
    adopted,
    stop: () => (stopping ??= ownership.release(end)),
  };
}

function failedStart(cluster: Cluster, logTail: string): EmbeddedPostgresUnusable {
  return new EmbeddedPostgresUnusable(
    'database.embedded_start_failed',
    `the bundled Postgres ended at once; mend what the end of its log (${cluster.logFile}) says, ` +
      `or set --database-url:\n${logTail || '(the log is empty)'}`,
  );
}

function unstable(cluster: Cluster, reason: string): EmbeddedPostgresUnusable {
  return new EmbeddedPostgresUnusable(
    'database.embedded_unstable',
    `the bundled Postgres does not stay up long enough to be used (${reason}): read ${cluster.logFile}, then start Vigil again`,
  );
}
