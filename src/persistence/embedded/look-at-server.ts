import { readFile, realpath, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { EmbeddedState } from '../../doctor/ports/embedded-state';
import { type Cluster, DATABASE_USER } from './cluster';
import { errorCode } from './embedded-postgres-errors';
import { OWNER_LOCK } from './ownership';
import { databaseUrl, findServer, quietClient } from './running-server';

/** Looks whether the server of `dataDir` runs and is owned. Unlike a start it makes, starts and takes nothing. */
export async function lookAtEmbedded(dataDir: string): Promise<EmbeddedState> {
  let cluster: Cluster;
  try {
    cluster = await existingCluster(resolve(dataDir));
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' ? { kind: 'missing' } : { kind: 'unreadable', reason: code ?? 'it cannot be read' };
  }
  const state = await findServer(cluster);
  if (state.kind === 'busy') return { kind: 'busy' };
  if (state.kind === 'absent') return { kind: 'stopped' };
  const { port } = state.server;
  return {
    kind: 'running',
    url: databaseUrl(cluster, port, DATABASE_USER),
    owned: await isOwned(databaseUrl(cluster, port, 'postgres')),
  };
}

/** @returns bytes that are free where `dataDir` is; undefined where that is not known */
export async function freeBytesAt(dataDir: string): Promise<number | undefined> {
  return statfs(resolve(dataDir)).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );
}

async function existingCluster(dataDir: string): Promise<Cluster> {
  const directory = await realpath(join(dataDir, 'postgres'));
  const password = (await readFile(join(directory, 'password'), 'utf8')).trim();
  const pgData = await realpath(join(directory, 'data'));
  return { dataDir, pgData, logFile: join(directory, 'server.log'), password };
}

/** The lock is read where Postgres lists it: to ask for it would take it from a Vigil that starts now. */
async function isOwned(url: string): Promise<boolean> {
  const client = quietClient(url);
  try {
    await client.connect();
    const { rows } = await client.query<{ owned: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
         AND (classid::bigint << 32) | objid::bigint = $1) AS owned`,
      [OWNER_LOCK],
    );
    return rows[0]?.owned === true;
  } finally {
    await client.end().catch(() => undefined);
  }
}
