import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, DATABASE_USER } from './cluster';
import { Ownership } from './ownership';
import { takeServer, type Taken } from './raise-server';
import { databaseUrl, findServer, type RunningServer } from './running-server';
import { endServer, type LaunchPlan } from './server-process';

/** A server that does not come up is tried again after a pause that doubles from the first to the longest; in milliseconds. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;

/** Told what an operator should know of the server's life; never a secret. */
export type ServerLog = (level: 'info' | 'warn' | 'error', message: string) => void;

/**
 * The server that this process owns. One that dies under us is started again on the same port, so that the address in
 * use stays right, for as long as this process lives: a disk that was full is one day freed.
 */
export class KeptServer {
  /** The database's address. A secret: it holds the password. */
  readonly url: string;
  private readonly ending = new AbortController();
  private ownership?: Ownership;
  private restoring: Promise<void> = Promise.resolve();
  private stopped?: Promise<void>;

  /** @param plan with the port that the server has now */
  constructor(
    private readonly cluster: Cluster,
    private readonly plan: LaunchPlan,
    private server: RunningServer,
    ownership: Ownership,
    private readonly log: ServerLog,
  ) {
    this.url = databaseUrl(cluster, server.port, DATABASE_USER);
    this.watch(ownership);
  }

  /** Ends the server and gives the data directory back. May be called more than once. */
  stop(): Promise<void> {
    return (this.stopped ??= this.end());
  }

  private watch(ownership: Ownership): void {
    this.ownership = ownership;
    void ownership.ended.then(() => {
      this.ownership = undefined;
      if (!this.ending.signal.aborted) this.restoring = this.restore();
    });
  }

  private async end(): Promise<void> {
    this.ending.abort();
    await this.restoring;
    const ownership = this.ownership ?? (await this.lastClaim());
    if (!ownership) return; // it is gone, or somebody else's
    // The lock is held to the last: freed a moment earlier, it would go to a waiting process whose server is then ended.
    if ((await findServer(this.cluster)).kind !== 'absent') await endServer(this.cluster, this.server);
    await ownership.release();
  }

  /** The server may have restarted itself at the very moment. */
  private async lastClaim(): Promise<Ownership | undefined> {
    const state = await findServer(this.cluster);
    if (state.kind !== 'running') return undefined;
    this.server = state.server;
    const claim = await Ownership.claim(this.cluster, state.server);
    return claim.kind === 'owner' ? claim.ownership : undefined;
  }

  private async restore(): Promise<void> {
    const lostMs = performance.now();
    this.log(
      'warn',
      'the bundled Postgres went away: alerts are refused until it is up again, and nothing stored is lost',
    );
    for (let pauseMs = FIRST_PAUSE_MS; !this.isEnding(); pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const failure = await this.tryOnce();
      if (failure === undefined) {
        this.log('info', `the bundled Postgres is up again after ${Math.round(performance.now() - lostMs)} ms`);
        return;
      }
      if (this.isEnding()) return;
      this.log('error', `the bundled Postgres cannot be brought back yet, next try in ${pauseMs / 1000} s: ${failure}`);
      await sleep(pauseMs, undefined, { signal: this.ending.signal }).catch(() => undefined);
    }
  }

  private isEnding(): boolean {
    return this.ending.signal.aborted;
  }

  /** @returns why it did not succeed */
  private async tryOnce(): Promise<string | undefined> {
    try {
      const taken = await takeServer(this.cluster, this.plan, this.ending.signal);
      return await this.accept(taken);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private async accept(taken: Taken): Promise<string | undefined> {
    if (taken.kind === 'held_by_another') {
      return `another Vigil took the data directory ${this.cluster.dataDir} meanwhile: stop one of the two`;
    }
    if (taken.server.port !== this.server.port) {
      await endServer(this.cluster, taken.server);
      await taken.ownership.release();
      return 'it was started on another port by a process that has ended since';
    }
    this.server = taken.server;
    this.watch(taken.ownership);
    return undefined;
  }
}
