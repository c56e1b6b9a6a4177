import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Cluster, DATABASE_USER } from './cluster';
import { errorCode } from './embedded-postgres-errors';

/** A server that answers for a cluster. */
export interface RunningServer {
  readonly pid: number;
  readonly port: number;
}

/** What there is to see of a cluster's server now. `busy`: it starts, recovers or ends. */
export type ServerState = { kind: 'running'; server: RunningServer } | { kind: 'busy' } | { kind: 'absent' };

/** The address of a database on a cluster's server. It holds the password. */
export function databaseUrl(cluster: Cluster, port: number, database: string): string {
  return `postgres://${DATABASE_USER}:${cluster.password}@127.0.0.1:${port}/${database}?sslmode=disable`;
}

/** A connection that a lost server does not turn into a crash. */
export function quietClient(connectionString: string): Client {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5_000, application_name: 'vigil owner' });
  client.on('error', () => undefined); // pg emits it when the server goes away; without a listener it ends the process
  return client;
}

/**
 * Asks for the cluster's server at the port that Postgres itself wrote down. The file outlives a killed server, so it is
 * believed only when what answers there takes our password and names our directory.
 */
export async function findServer(cluster: Cluster): Promise<ServerState> {
  const noted = await notedServer(cluster);
  if (!noted) return { kind: 'absent' };
  const client = quietClient(databaseUrl(cluster, noted.port, 'postgres'));
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    const directory = await realpath(rows[0]?.data_directory ?? '').catch(() => '');
    return directory === cluster.pgData ? { kind: 'running', server: noted } : { kind: 'absent' };
  } catch (error) {
    return { kind: isPassing(error) ? 'busy' : 'absent' };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** @returns the process and port in postmaster.pid: line 1 and line 4 (PostgreSQL, src/include/utils/pidfile.h) */
export async function notedServer(cluster: Cluster): Promise<RunningServer | undefined> {
  const lines = (await readFile(join(cluster.pgData, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port } : undefined;
}

/** 57P03: starting, recovering or shutting down; 57P01 and a closed socket: it ended this connection while we asked. */
function isPassing(error: unknown): boolean {
  const code = errorCode(error);
  return code === '57P03' || code === '57P01' || code === 'ECONNRESET';
}
