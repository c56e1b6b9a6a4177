import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type * as embedded from '../src/persistence/embedded/start-embedded-postgres.ts';
import type * as migrations from '../src/persistence/migrate.ts';
import { BenchStopped } from './bench.ts';
import type { BenchContext } from './bench.ts';

const DIST = join(import.meta.dirname, '..', 'dist');

/** A Postgres server of the bench's own: the bundled one, durable as in production. */
export interface BenchPostgres {
  /** A new database that nobody else uses, with the service's schema. */
  migratedDatabase(): Promise<string>;
}

/**
 * Starts the server by the built program's own launcher: it knows how the bundled binaries want to be run. It ends with
 * the bench.
 */
export async function startPostgres({ undo }: BenchContext): Promise<BenchPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-bench-'));
  undo(() => rm(folder, { recursive: true, force: true }));
  const { startEmbeddedPostgres } = built<typeof embedded>('persistence/embedded/start-embedded-postgres.js');
  const { migrate } = built<typeof migrations>('persistence/migrate.js');
  const server = await startEmbeddedPostgres({ dataDir: folder });
  killServerAtExit(folder);
  undo(() => server.stop());
  let made = 0;
  return {
    migratedDatabase: async () => {
      const name = `bench_${(made += 1)}`;
      await once(server.url, `CREATE DATABASE ${name}`);
      const url = new URL(server.url);
      url.pathname = name;
      await migrate(url.href);
      return url.href;
    },
  };
}

/** A connection that ends with the bench. */
export async function connect(url: string, { undo }: BenchContext): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // the next statement tells
  await client.connect();
  undo(() => client.end());
  return client;
}

async function once(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** The code of the program is at hand only as it was built. */
function built<T>(path: string): T {
  const file = join(DIST, path);
  if (!existsSync(file)) throw new BenchStopped('Vigil is not built: `npm run build` (`npm run bench` does it).');
  const require = createRequire(import.meta.url);
  require('reflect-metadata');
  return require(file) as T;
}

/** For an end without time, after a second Ctrl-C: the server ends at once, with its children. */
export function killServerAtExit(dataDir: string): void {
  process.once('exit', () => {
    try {
      const [pid] = readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGQUIT');
    } catch {
      return; // it has ended
    }
  });
}
