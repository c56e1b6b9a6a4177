import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster';
import { EmbeddedPostgresUnusable } from './embedded-postgres-errors';
import { Ownership } from './ownership';
import { findServer, type RunningServer } from './running-server';
import { endServer, launchServer, type LaunchPlan } from './server-process';
import { clearStaleLock } from './stale-lock';

/** How long a server that is ending, or whose killed children still hold its memory, may keep us waiting; in milliseconds. */
const SETTLE_MS = 5_000;
/** The same for one that says it is starting or ending: recovery and a last checkpoint take their time. */
const BUSY_MS = 120_000;
const RETRY_EVERY_MS = 100;

const LOCKED = /lock file "postmaster.pid" already exists/;
/** What the log says when waiting helps (PostgreSQL: src/backend/utils/init/miscinit.c, libpq/pqcomm.c, port/sysv_shmem.c). */
const PASSING_FAILURE =
  /lock file "postmaster.pid" (already exists|is empty)|pre-existing shared memory block|Address already in use/;

interface RaisedServer {
  readonly server: RunningServer;
  /** True: it was running already. */
  readonly adopted: boolean;
}

export type Taken = (RaisedServer & { kind: 'owner'; ownership: Ownership }) | { kind: 'held_by_another' };

/**
 * Finds the cluster's server, or starts it, and asks for its ownership.
 * @throws EmbeddedPostgresUnusable when it does not come up; the signal's reason when that aborts
 */
export async function takeServer(cluster: Cluster, plan: LaunchPlan, signal: AbortSignal): Promise<Taken> {
  const deadline = Date.now() + BUSY_MS;
  for (;;) {
    const raised = await raiseServer(cluster, plan, signal);
    const claim = await Ownership.claim(cluster, raised.server).catch(async (error: unknown) => {
      if (!raised.adopted) await endServer(cluster, raised.server); // nobody would own it
      throw error;
    });
    switch (claim.kind) {
      case 'owner':
        return { ...raised, ...claim };
      case 'held_by_another':
        return claim;
      case 'server_lost':
        if (Date.now() > deadline) throw unstable(cluster, claim.reason);
    }
    await pause(signal);
  }
}

async function raiseServer(cluster: Cluster, plan: LaunchPlan, signal: AbortSignal): Promise<RaisedServer> {
  const busyUntil = Date.now() + BUSY_MS;
  let settleUntil: number | undefined;
  for (;;) {
    const state = await findServer(cluster);
    if (state.kind === 'running') return { server: state.server, adopted: true };
    if (state.kind === 'absent') {
      const launch = await launchServer(cluster, plan, signal);
      if (launch.kind !== 'exited') return { server: launch.server, adopted: launch.kind === 'overtaken' };
      signal.throwIfAborted();
      settleUntil ??= Date.now() + SETTLE_MS;
      if (LOCKED.test(launch.logTail)) await clearStaleLock(cluster);
      if (!PASSING_FAILURE.test(launch.logTail) || Date.now() > settleUntil) throw failedStart(cluster, launch.logTail);
    } else if (Date.now() > busyUntil) {
      throw unstable(cluster, 'it says that it is starting or shutting down');
    }
    await pause(signal);
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await sleep(RETRY_EVERY_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
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
