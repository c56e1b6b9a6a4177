import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, type QueryConfig } from 'pg';
import { DatabaseConfig } from '../config/slices';
import { KEEP_ALIVE, QUERY_TIMEOUT_MS } from './data-source';
import { guarded } from './database';
import { ImpatientClient } from './impatient-client';

/** One connection for lease renewals alone: a pool that is used up must not cost a living worker its leases. */
@Injectable()
export class HeartbeatConnection implements OnApplicationShutdown {
  private readonly pool: Pool;

  constructor(config: DatabaseConfig) {
    this.pool = new Pool({
      connectionString: config.url,
      ...KEEP_ALIVE,
      Client: ImpatientClient,
      max: 1,
      connectionTimeoutMillis: 1_800,
      query_timeout: QUERY_TIMEOUT_MS,
      application_name: 'vigil heartbeat',
    });
    this.pool.on('error', () => undefined); // the next query connects anew; without a listener it ends the process
  }

  /** @param limitMs an answer that comes later fails, and the next statement gets a new connection */
  async query<Row extends object>(text: string, parameters: unknown[], limitMs: number): Promise<Row[]> {
    const query = { text, values: parameters, query_timeout: limitMs };
    // pg's types do not know the limit here
    const { rows } = await guarded(() => this.pool.query<Row>(query as QueryConfig));
    return rows;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
