import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { RetentionConfig } from '../config/slices';
import { Chance } from '../domain/chance';
import { Clock } from '../domain/clock';
import { ExpiredRecords, EXPIRING } from './ports/expired-records';

/** Between half of this and all of it lies between two rounds, so that replicas do not meet for ever. */
const ROUND_MS = 3_600_000;
/** The first round comes soon: a process that never lives for an hour has its rounds too. Between half of this and all. */
const FIRST_MS = 10_000;

/** Deletes what is older than `retention-days`, batch by batch, beside everything else. */
@Injectable()
export class RetentionJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(RetentionJob.name);
  private readonly stopping = new AbortController();
  private rounds?: Promise<void>;

  constructor(
    private readonly records: ExpiredRecords,
    private readonly config: RetentionConfig,
    private readonly clock: Clock,
    private readonly chance: Chance,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds = this.keepRounds();
  }

  /** Waits for the batch in hand. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.rounds;
  }

  private async keepRounds(): Promise<void> {
    const { signal } = this.stopping;
    for (let longestMs = FIRST_MS; ; longestMs = ROUND_MS) {
      await this.clock.sleep((longestMs / 2) * (1 + this.chance.fraction()), signal);
      if (signal.aborted) return;
      await this.round().catch((error: unknown) => {
        this.log.warn(
          { err: error },
          'what is older than retention-days could not be deleted; the next round tries again',
        );
      });
    }
  }

  /** One round over everything that expires. */
  async round(): Promise<void> {
    for (const what of EXPIRING) {
      let deleted = 0;
      for (let more = true; more && !this.stopping.signal.aborted;) {
        const batch = await this.records.deleteBatch(what, this.config.days);
        if (!batch) return; // another replica is at it
        deleted += batch.deleted;
        more = batch.more;
      }
      if (deleted > 0) this.log.log({ what, deleted }, 'deleted what is older than retention-days');
    }
  }
}
