import { Injectable } from '@nestjs/common';
import type { AssistantTurn, Conversation, ToolCallRecord, Turn, UserTurn } from '../domain/conversation';
import { LeaseLost } from '../domain/errors';
import { Ids } from '../domain/ids';
import {
  ConversationLog,
  type NewAssistantTurn,
  type NewConversation,
  type NewUserTurn,
} from '../triage/ports/conversation-log';
import type { Lease } from '../triage/ports/triage-queue';
import { Database, type Sql } from './database';
import { packed, type PackedText } from './full-result-text';
import { isUniqueViolation } from './postgres-errors';
import { spend } from './postgres-day-money';
import { fence } from './postgres-triage-queue';
import { StoredTriages } from './stored-triages';

/** A full result is kept for so long. */
const FULL_RESULT_DAYS = 7;

/** The record of conversations: each write is one transaction that first locks the triage's row under its lease. */
@Injectable()
export class PostgresConversationLog extends ConversationLog {
  constructor(
    private readonly database: Database,
    private readonly stored: StoredTriages,
    private readonly ids: Ids,
  ) {
    super();
  }

  async load(triageId: string): Promise<Conversation | undefined> {
    const [first, second] = await this.stored.conversationsOf(triageId);
    return first && second ? { ...second, earlier: first } : first;
  }

  async open(lease: Lease, conversation: NewConversation, opening: NewUserTurn): Promise<Conversation> {
    const id = this.ids.next();
    const at = await this.fenced(lease, async (sql) => {
      await sql(
        `INSERT INTO conversations (id, triage_id, purpose, provider, model, prompt_version, system_prompt, prefix, ordinal)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          id,
          conversation.triageId,
          conversation.purpose,
          conversation.provider,
          conversation.model,
          conversation.promptVersion,
          conversation.systemPrompt,
          conversation.prefix,
          conversation.earlier ? 1 : 0,
        ],
      );
      await sql(`UPDATE triages SET requested_model = $2 WHERE id = $1`, [lease.triageId, conversation.model]);
      return insertUserTurn(sql, id, 0, opening);
    });
    return { ...conversation, id, turns: [{ role: 'user', seq: 0, at, ...opening }], toolCalls: [] };
  }

  async recordUserTurn(lease: Lease, conversation: Conversation, turn: NewUserTurn): Promise<Conversation> {
    const seq = conversation.turns.length;
    const at = await this.fenced(lease, (sql) => insertUserTurn(sql, conversation.id, seq, turn));
    const recorded: UserTurn = { role: 'user', seq, at, ...turn };
    return withTurn(conversation, recorded);
  }

  async recordAssistantTurn(lease: Lease, conversation: Conversation, turn: NewAssistantTurn): Promise<Conversation> {
    const { responseId, attempts, countedUsd, ...rest } = turn;
    const write = async (sql: Sql): Promise<Date> => {
      await addExpenses(sql, lease, turn);
      const [row] = await sql<{ at: Date }>(
        `INSERT INTO turns (conversation_id, seq, role, wire, blocks, stop_reason, model, response_id, input_tokens,
           output_tokens, cache_read_tokens, cache_write_tokens, cost_usd, duration_ms, model_attempts)
         VALUES ($1, $2, 'assistant', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING at`,
        [
          conversation.id,
          turn.seq,
          turn.wire,
          JSON.stringify(turn.blocks),
          turn.stopReason,
          turn.model,
          responseId ?? null,
          turn.usage.inputTokens,
          turn.usage.outputTokens,
          turn.usage.cacheReadTokens,
          turn.usage.cacheWriteTokens,
          turn.costUsd,
          Math.round(turn.durationMs),
          attempts,
        ],
      );
      await spend(sql, lease.owner, countedUsd ?? turn.costUsd ?? 0);
      return row!.at;
    };
    const at = await this.fenced(lease, write, () => this.recordedAt(conversation.id, turn));
    const recorded: AssistantTurn = { ...rest, at };
    return withTurn(conversation, recorded);
  }

  async recordToolCall(
    lease: Lease,
    conversation: Conversation,
    call: ToolCallRecord,
    full?: string,
  ): Promise<Conversation> {
    const whole = full === undefined ? undefined : await packed(full);
    await this.fenced(lease, async (sql) => {
      await sql(
        `INSERT INTO tool_calls (conversation_id, turn_seq, position, handle, vendor_id, name, input, status, text, bytes,
           duration_ms, refusal)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          conversation.id,
          call.turnSeq,
          call.position,
          call.handle,
          call.vendorId,
          call.name,
          JSON.stringify(call.input ?? null),
          call.status,
          call.text,
          call.bytes,
          Math.round(call.durationMs),
          call.refusal ?? null,
        ],
      );
      if (whole) await insertFullResult(sql, conversation.id, call, whole);
    });
    return { ...conversation, toolCalls: [...conversation.toolCalls, call] };
  }

  /**
   * A key that exists already means that another worker wrote this, and the lease is lost, whatever we believed; or that
   * we did ourselves, and the answer to COMMIT did not arrive.
   * @param ours what `write` gives, where it was that
   */
  private async fenced<T>(
    lease: Lease,
    write: (sql: Sql) => Promise<T>,
    ours?: () => Promise<T | undefined>,
  ): Promise<T> {
    try {
      return await this.database.transaction(async (sql) => {
        await fence(sql, lease);
        return write(sql);
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      const written = await ours?.();
      if (written === undefined) throw new LeaseLost(lease.triageId);
      return written;
    }
  }

  private async recordedAt(
    conversationId: string,
    { seq, wire, responseId }: NewAssistantTurn,
  ): Promise<Date | undefined> {
    const [row] = await this.database.read<{ at: Date }>(
      `SELECT at FROM turns WHERE conversation_id = $1 AND seq = $2 AND wire = $3 AND response_id IS NOT DISTINCT FROM $4`,
      [conversationId, seq, wire, responseId ?? null],
    );
    return row?.at;
  }
}

function withTurn(conversation: Conversation, turn: Turn): Conversation {
  return { ...conversation, turns: [...conversation.turns, turn] };
}

async function insertUserTurn(sql: Sql, conversationId: string, seq: number, turn: NewUserTurn): Promise<Date> {
  const [row] = await sql<{ at: Date }>(
    `INSERT INTO turns (conversation_id, seq, role, wire, blocks) VALUES ($1, $2, 'user', $3, $4) RETURNING at`,
    [conversationId, seq, turn.wire, JSON.stringify(turn.blocks)],
  );
  return row!.at;
}

/** A recorded turn also proves that this triage does not kill its worker: its strikes are forgotten. */
async function addExpenses(sql: Sql, lease: Lease, { usage, costUsd }: NewAssistantTurn): Promise<void> {
  await sql(
    `UPDATE triages SET strikes = 0, presumed_dead = '{}', event_seq = event_seq + 1, input_tokens = input_tokens + $2,
       output_tokens = output_tokens + $3, cache_read_tokens = cache_read_tokens + $4,
       cache_write_tokens = cache_write_tokens + $5, cost_usd = COALESCE(cost_usd, 0) + $6
     WHERE id = $1`,
    [
      lease.triageId,
      usage.inputTokens,
      usage.outputTokens,
      usage.cacheReadTokens,
      usage.cacheWriteTokens,
      costUsd ?? 0,
    ],
  );
}

async function insertFullResult(
  sql: Sql,
  conversationId: string,
  { turnSeq, position }: ToolCallRecord,
  { gzip, bytes, lines }: PackedText,
): Promise<void> {
  await sql(
    `INSERT INTO full_results (conversation_id, turn_seq, position, gzip, bytes, lines, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 day')`,
    [conversationId, turnSeq, position, gzip, bytes, lines, FULL_RESULT_DAYS],
  );
}
