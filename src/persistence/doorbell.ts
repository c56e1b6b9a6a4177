import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Client } from 'pg';
import { DatabaseConfig } from '../config/slices';
import { Clock } from '../domain/clock';
import { ToldTrouble } from '../domain/told-trouble';
import { VigilEventEmitter } from '../events/vigil-event-emitter';
import { KEEP_ALIVE, QUERY_TIMEOUT_MS } from './data-source';
import { guarded } from './database';
import { ImpatientClient } from './impatient-client';

const RECONNECT_MS = 2_000;

/**
 * Hears the other replicas: their transactions ring one bell without a payload, and this rings the events of this
 * process. It has a connection of its own, because LISTEN does not survive a transaction pooler. Deaf is no harm: every
 * stage polls.
 */
@Injectable()
export class Doorbell implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(Doorbell.name);
  private readonly stopping = new AbortController();
  private readonly trouble = new ToldTrouble();
  private client?: Client;
  private listening?: Promise<void>;

  constructor(
    private readonly config: DatabaseConfig,
    private readonly clock: Clock,
    private readonly events: VigilEventEmitter,
  ) {}

  onApplicationBootstrap(): void {
    this.listening = this.keepListening();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.client?.end().catch(() => undefined);
    await this.listening;
  }

  private async keepListening(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await guarded(() => this.listenUntilLost()).catch((error: unknown) => {
        if (this.stopping.signal.aborted || !this.trouble.begins(error)) return;
        this.log.warn(
          { err: error },
          'the doorbell is deaf: work of other replicas is found by polling until it hears again',
        );
      });
      // One that was refused would stay: a standby answers LISTEN with an error, and each try would leave a connection.
      await this.client?.end().catch(() => undefined);
      await this.clock.sleep(RECONNECT_MS, this.stopping.signal);
    }
  }

  private async listenUntilLost(): Promise<void> {
    const client: Client = new ImpatientClient({
      connectionString: this.config.listenUrl ?? this.config.url,
      ...KEEP_ALIVE,
      connectionTimeoutMillis: 5_000,
      query_timeout: QUERY_TIMEOUT_MS,
      application_name: 'vigil doorbell',
    });
    this.client = client;
    const lost = new Promise<void>((resolve, reject) => {
      client.once('end', resolve);
      client.once('error', reject);
    });
    lost.catch(() => undefined); // it is awaited below, but may fail while LISTEN is still on its way
    client.on('error', () => undefined);
    client.on('notification', () => {
      this.events.emit('triage.queued', {});
      this.events.emit('delivery.owed', {});
    });
    await client.connect();
    await client.query('LISTEN vigil');
    if (this.trouble.ends()) this.log.log('the doorbell hears again');
    await lost;
  }
}
