import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { DataDirInUse } from '../../src/persistence/embedded/embedded-postgres-errors';
import { startEmbeddedPostgres } from '../../src/persistence/embedded/start-embedded-postgres';
import { migrate } from '../../src/persistence/migrate';
import { CLUSTER_URL_VARIABLE, TEMPLATE } from './create-test-database';

const DIRECTORY = 'vigil-test-cluster-';
/** A younger directory may be one that another run is just filling; in milliseconds. */
const STALE_AFTER_MS = 10 * 60_000;
/** A program in a test uses some twenty, and up to five stand in one spec file, on each core. */
const MAX_CONNECTIONS = 400;

/** The one Postgres server of a test run. */
export interface TestCluster {
  stop(): Promise<void>;
}

/** Starts the run's server, migrates the template, and tells the specs by an environment variable where it is. */
export async function startTestCluster(): Promise<TestCluster> {
  await sweepDeadRuns();
  const dataDir = await mkdtemp(join(tmpdir(), DIRECTORY));
  const postgres = await startEmbeddedPostgres({ dataDir, fsync: false, maxConnections: MAX_CONNECTIONS });
  const abandon = endAtExit(dataDir);
  try {
    await createTemplate(postgres.url);
  } catch (error) {
    abandon();
    throw error;
  }
  process.env[CLUSTER_URL_VARIABLE] = postgres.url;
  return {
    async stop() {
      await postgres.stop();
      abandon();
    },
  };
}

async function createTemplate(clusterUrl: string): Promise<void> {
  const client = new Client({ connectionString: clusterUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  const template = new URL(clusterUrl);
  template.pathname = TEMPLATE;
  await migrate(template.href);
}

/**
 * An interrupted run (Ctrl-C, a failed set-up) has no tear-down: what is left to do must then be done in one go.
 * @returns does it now, once
 */
function endAtExit(dataDir: string): () => void {
  const abandon = () => {
    process.off('exit', abandon);
    for (const signal of SIGNALS) process.off(signal, endBySignal);
    killServer(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  };
  const endBySignal = (signal: NodeJS.Signals) => {
    abandon();
    process.kill(process.pid, signal); // nobody listens any more: the process ends as it would have
  };
  process.on('exit', abandon);
  for (const signal of SIGNALS) process.on(signal, endBySignal);
  return abandon;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * SIGQUIT: at once, with its children; there is nothing to keep. Its last act is to remove its file: until then it would
 * write into the directory that is being removed. No promise is kept after a signal, so this waits on the spot.
 */
function killServer(dataDir: string): void {
  const pidFile = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  try {
    const [pid] = readFileSync(pidFile, 'utf8').split('\n');
    process.kill(Number(pid), 'SIGQUIT');
  } catch {
    return; // it has ended
  }
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (const deadline = Date.now() + 5_000; existsSync(pidFile) && Date.now() < deadline;)
    Atomics.wait(pause, 0, 0, 20);
}

/** A killed run leaves its server running; whoever can adopt it may end it. */
async function sweepDeadRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const dataDir = join(tmpdir(), name);
    if (!name.startsWith(DIRECTORY) || Date.now() - (await stat(dataDir)).mtimeMs < STALE_AFTER_MS) continue;
    try {
      const orphan = await startEmbeddedPostgres({ dataDir, fsync: false });
      await orphan.stop();
    } catch (error) {
      if (error instanceof DataDirInUse) continue; // a long run, alive
    }
    await rm(dataDir, { recursive: true, force: true });
  }
}
