import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type * as binaries from '../../src/persistence/embedded/postgres-binaries.ts';
import type * as clusters from '../../src/persistence/embedded/cluster.ts';
import type * as raise from '../../src/persistence/embedded/raise-server.ts';
import type * as running from '../../src/persistence/embedded/running-server.ts';
import type * as accounts from '../../src/persistence/embedded/server-account.ts';
import type { Seeded } from './seeded.ts';

const DIST = join(import.meta.dirname, '..', '..', 'dist', 'persistence', 'embedded');

/** How the server ends: SIGINT (connections are cut), SIGQUIT (as after a crash), SIGKILL of it and its children. */
export type PostgresEnd = 'fast' | 'immediate' | 'crash';

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT', crash: 'SIGKILL' } as const;

/** Below those that the kernel gives out: nobody takes the port while the server is away. */
const PORTS = [15_000, 30_000] as const;
const GONE_MS = 30_000;

/** A Postgres of the run's own, durable as in production; the one who starts and ends it is the run. */
export class OwnPostgres {
  readonly url: string;
  /** For an end of the run without time. */
  private readonly endAtOnce = (): void => void this.signal('SIGQUIT');
  private readonly raise: () => Promise<raise.Taken>;
  private taken: Extract<raise.Taken, { kind: 'owner' }>;

  private constructor(url: string, again: () => Promise<raise.Taken>, taken: raise.Taken) {
    this.url = url;
    this.raise = again;
    this.taken = owned(taken);
    process.once('exit', this.endAtOnce);
  }

  /** By the built program's own launcher: it knows how the bundled binaries want to be run. */
  static async start(dataDir: string, seeded: Seeded): Promise<OwnPostgres> {
    const { findPostgresBinaries } = built<typeof binaries>('postgres-binaries');
    const { clusterOwner, openCluster } = built<typeof clusters>('cluster');
    const { chooseAccount } = built<typeof accounts>('server-account');
    const { takeServer } = built<typeof raise>('raise-server');
    const { databaseUrl } = built<typeof running>('running-server');
    const found = await findPostgresBinaries();
    const proven = await chooseAccount(found.postgres, process.getuid?.() ?? -1, await clusterOwner(dataDir));
    const cluster = await openCluster(dataDir, found, proven);
    const port = await freePort(seeded);
    const plan = { postgres: found.postgres, account: proven.account, fsync: true, maxConnections: 100, port };
    const again = (): Promise<raise.Taken> => takeServer(cluster, plan, new AbortController().signal);
    return new OwnPostgres(databaseUrl(cluster, port, 'vigil'), again, await again());
  }

  /** Ends it as told; resolves when it has gone. */
  async end(how: PostgresEnd): Promise<void> {
    const { pid } = this.taken.server;
    const children = how === 'crash' ? childrenOf(pid) : [];
    this.signal(SIGNALS[how]);
    for (const child of children) signal(child, 'SIGKILL');
    await this.taken.ownership.release();
    for (const deadline = Date.now() + GONE_MS; signal(pid, 0); await delay(10)) {
      if (Date.now() > deadline) throw new Error(`Postgres (process ${pid}) is still there after ${SIGNALS[how]}`);
    }
  }

  /** The orderly end, with the run. */
  async close(): Promise<void> {
    await this.end('fast');
    process.off('exit', this.endAtOnce);
  }

  /** Starts it on the same port; resolves when it answers. */
  async begin(): Promise<void> {
    this.taken = owned(await this.raise());
  }

  private signal(name: NodeJS.Signals): boolean {
    return signal(this.taken.server.pid, name);
  }
}

function owned(taken: raise.Taken): Extract<raise.Taken, { kind: 'owner' }> {
  if (taken.kind !== 'owner') throw new Error("another process owns the run's Postgres");
  return taken;
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false; // no such process
  }
}

/** Where the system does not tell, they end by themselves when they see that their parent has gone. */
function childrenOf(pid: number): number[] {
  const list = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(list)) return [];
  return readFileSync(list, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number);
}

async function freePort(seeded: Seeded): Promise<number> {
  for (;;) {
    const port = seeded.whole(...PORTS);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (isFree) {
      await new Promise((resolve) => probe.close(resolve));
      return port;
    }
  }
}

/** The code of the program is at hand only as it was built. */
function built<T>(name: string): T {
  const file = join(DIST, `${name}.js`);
  if (!existsSync(file)) throw new Error('Vigil is not built: `npm run build` (`npm run test:chaos` does it).');
  const require = createRequire(import.meta.url);
  require('reflect-metadata');
  return require(file) as T;
}
