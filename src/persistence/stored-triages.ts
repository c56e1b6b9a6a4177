import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import type { Firing } from '../domain/alert';
import type { Conversation, ToolCallRecord, Turn } from '../domain/conversation';
import type { Delivery } from '../domain/delivery';
import { mostUrgent, type Report } from '../domain/report';
import type { Triage } from '../domain/triage';
import { guarded } from './database';
import { ConversationRow } from './rows/conversation.entity';
import { DeliveryRow } from './rows/delivery.entity';
import type { FiringRow } from './rows/firing.entity';
import { ToolCallRow } from './rows/tool-call.entity';
import { TriageRow } from './rows/triage.entity';
import { TurnRow } from './rows/turn.entity';

/** Rows read as wholes and turned into the nouns of the domain. Each answer is as of one moment. */
@Injectable()
export class StoredTriages {
  constructor(private readonly dataSource: DataSource) {}

  /** A triage with everything that belongs to it. */
  find(triageId: string): Promise<Triage | undefined> {
    return this.inSnapshot(async (rows) => {
      const row = await rows.findOne(TriageRow, {
        where: { id: triageId },
        relations: { firings: true },
        order: { firings: { startsAt: 'ASC', id: 'ASC' } },
      });
      if (!row) return undefined;
      const conversations = await conversationsOf(rows, triageId);
      return triageFrom(row, conversations, await rows.findBy(DeliveryRow, { subjectId: triageId }));
    });
  }

  /** The conversations of a triage, oldest first. */
  conversationsOf(triageId: string): Promise<Conversation[]> {
    return this.inSnapshot((rows) => conversationsOf(rows, triageId));
  }

  /** Statement by statement a reader would see a triage that runs still, and its delivery that is made already. */
  private inSnapshot<T>(read: (rows: EntityManager) => Promise<T>): Promise<T> {
    return guarded(() => this.dataSource.transaction('REPEATABLE READ', read));
  }
}

async function conversationsOf(manager: EntityManager, triageId: string): Promise<Conversation[]> {
  const rows = await manager.find(ConversationRow, { where: { triageId }, order: { ordinal: 'ASC' } });
  const conversationId = In(rows.map((row) => row.id));
  const turns = await manager.find(TurnRow, { where: { conversationId }, order: { seq: 'ASC' } });
  const calls = await manager.find(ToolCallRow, {
    where: { conversationId },
    order: { turnSeq: 'ASC', position: 'ASC' },
  });
  return rows.map((row) => ({
    ...row,
    turns: turns.filter((turn) => turn.conversationId === row.id).map(turnFrom),
    toolCalls: calls.filter((call) => call.conversationId === row.id).map(toolCallFrom),
  }));
}

function triageFrom(row: TriageRow, conversations: Conversation[], deliveries: DeliveryRow[]): Triage {
  return {
    id: row.id,
    status: row.status,
    outcome: row.outcome ?? undefined,
    endedBy: row.endedBy ?? undefined,
    alertName: row.alertName,
    fingerprint: row.fingerprint,
    severity: row.severity ?? undefined,
    summary: row.summary ?? undefined,
    analysis: row.analysis ?? undefined,
    report: row.report ? reportFrom(row.report) : undefined,
    createdAt: row.createdAt,
    startedAt: row.startedAt ?? undefined,
    completedAt: row.completedAt ?? undefined,
    dueAt: row.status === 'waiting' ? row.dueAt : undefined,
    waitReason: row.waitReason ?? undefined,
    truncatedAlerts: row.truncatedAlerts ?? undefined,
    attempts: row.attempts,
    runningMs: row.runningMs,
    firings: row.firings.map(firingFrom),
    deliveries: deliveries.map(deliveryFrom),
    conversations,
  };
}

/** Reports of older versions say nothing of their urgency; no message and no page may fail for it. */
function reportFrom(stored: Omit<Report, 'urgency'> & Partial<Report>): Report {
  return { ...stored, urgency: stored.urgency ?? mostUrgent(stored.actions) };
}

function firingFrom(row: FiringRow): Firing {
  return { ...row, endsAt: row.endsAt ?? undefined, generatorUrl: row.generatorUrl ?? undefined };
}

function deliveryFrom(row: DeliveryRow): Delivery {
  return {
    channel: row.channel,
    kind: row.kind,
    state: row.state,
    attempts: row.attempts,
    deliveredAt: row.deliveredAt ?? undefined,
    reason: row.reason ?? undefined,
  };
}

function turnFrom(row: TurnRow): Turn {
  const { seq, at, wire, blocks } = row;
  if (row.role === 'user') return { role: 'user', seq, at, wire, blocks };
  return {
    role: 'assistant',
    seq,
    at,
    wire,
    blocks,
    stopReason: row.stopReason ?? 'unknown',
    model: row.model ?? 'unknown',
    usage: {
      inputTokens: row.inputTokens ?? 0,
      outputTokens: row.outputTokens ?? 0,
      cacheReadTokens: row.cacheReadTokens ?? 0,
      cacheWriteTokens: row.cacheWriteTokens ?? 0,
    },
    costUsd: row.costUsd,
    durationMs: row.durationMs ?? 0,
  };
}

function toolCallFrom(row: ToolCallRow): ToolCallRecord {
  const { turnSeq, position, handle, vendorId, name, input, status, text, bytes, durationMs } = row;
  return {
    turnSeq,
    position,
    handle,
    vendorId,
    name,
    input,
    status,
    text,
    bytes,
    durationMs,
    refusal: row.refusal ?? undefined,
  };
}
