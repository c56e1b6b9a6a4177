import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { DatabaseConfig } from '../config/slices';

/** One connection for lease renewals alone: a pool that is used up must not cost a living worker its leases. */
@Injectable()
export class HeartbeatConnection implements OnApplicationShutdown {
  private readonly pool: Pool;

  constructor(config: DatabaseConfig) {
    this.pool = new Pool({
      connectionString: config.url,
      max: 1,
      connectionTimeoutMillis: 1_800,
      query_timeout: 5_000,
      application_name: 'vigil heartbeat',
    });
    this.pool.on('error', () => undefined); // the next query connects anew; without a listener it ends the process
  }

  async query<Row extends object>(text: string, parameters: unknown[]): Promise<Row[]> {
    const { rows } = await this.pool.query<Row>(text, parameters);
    return rows;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
