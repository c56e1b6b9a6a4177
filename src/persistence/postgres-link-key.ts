import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LinkKey } from '../triage/ports/link-key';
import { Database } from './database';

/** The key is made by whichever replica asks first; all others read that one. */
@Injectable()
export class PostgresLinkKey extends LinkKey {
  private known?: Buffer;

  constructor(private readonly database: Database) {
    super();
  }

  async key(): Promise<Buffer> {
    if (this.known) return this.known;
    this.known = await this.database.transaction(async (sql) => {
      await sql(`INSERT INTO signing_keys (purpose, secret) VALUES ('link', $1) ON CONFLICT DO NOTHING`, [
        randomBytes(32),
      ]);
      const [row] = await sql<{ secret: Buffer }>(`SELECT secret FROM signing_keys WHERE purpose = 'link'`);
      return row!.secret;
    });
    return this.known;
  }
}
