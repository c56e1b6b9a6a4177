import { Injectable } from '@nestjs/common';
import type { Handle, ToolStatus } from '../domain/conversation';
import { SUBMIT_REPORT } from '../domain/report';
import { type EarlierResult, FullResults } from '../tools/ports/full-results';
import { Database } from './database';
import { unpacked } from './full-result-text';

/** What was fitted away, read back for the conversation that it belongs to. */
@Injectable()
export class PostgresFullResults extends FullResults {
  constructor(private readonly database: Database) {
    super();
  }

  async read(conversationId: string, handle: Handle): Promise<EarlierResult | undefined> {
    const [row] = await this.database.read<ResultRow>(READ, [conversationId, handle, SUBMIT_REPORT]);
    if (!row) return undefined;
    const { name: tool, text: sent, gzip, lines, ...rest } = row;
    if (!gzip) return { ...rest, tool, sent };
    return {
      ...rest,
      tool,
      sent,
      full: { text: await unpacked(gzip), ...(lines === null ? {} : { wholeLines: lines }) },
    };
  }

  async handles(conversationId: string): Promise<readonly Handle[]> {
    const rows = await this.database.read<{ handle: Handle }>(HANDLES, [conversationId, SUBMIT_REPORT]);
    return rows.map(({ handle }) => handle);
  }
}

interface ResultRow {
  readonly handle: Handle;
  readonly name: string;
  readonly input: unknown;
  readonly status: ToolStatus;
  readonly text: string;
  readonly bytes: number;
  readonly gzip: Buffer | null;
  readonly lines: number | null;
}

/** A conversation that was begun in the place of another one has that one's results too: their handles differ. */
const ITS_OWN = `c.conversation_id IN (SELECT o.id FROM conversations o JOIN conversations t USING (triage_id) WHERE t.id = $1)`;

/** A call that was not run has no result. What has expired is gone, whether or not it was deleted yet. */
const READ = `
  SELECT c.handle, c.name, c.input, c.status, c.text, c.bytes, f.gzip, f.lines
  FROM tool_calls c LEFT JOIN full_results f ON (f.conversation_id, f.turn_seq, f.position)
    = (c.conversation_id, c.turn_seq, c.position) AND f.expires_at > now()
  WHERE ${ITS_OWN} AND c.handle = $2 AND c.name <> $3 AND c.refusal IS NULL`;

const HANDLES = `
  SELECT c.handle FROM tool_calls c WHERE ${ITS_OWN} AND c.name <> $2 AND c.refusal IS NULL
  ORDER BY (SELECT ordinal FROM conversations WHERE id = c.conversation_id), c.turn_seq, c.position`;
