import type { Firing } from '../domain/alert';
import type { Block, Conversation, ToolCallRecord, Turn } from '../domain/conversation';
import type { Delivery } from '../domain/delivery';
import { expenses } from '../domain/expenses';
import type { Report } from '../domain/report';
import type { Triage } from '../domain/triage';

/** A JSON object; what is undefined in it is absent from the answer. */
type Json = Record<string, unknown>;

/** A triage as the API shows it: snake_case, and a field is absent rather than zero when it is not known. */
export function triageView(triage: Triage, link: string): Json {
  const conversation = triage.conversations.at(-1);
  const spent = expenses(triage.conversations);
  return {
    id: triage.id,
    status: triage.status,
    outcome: triage.outcome,
    ended_by: triage.endedBy,
    alert_name: triage.alertName,
    fingerprint: triage.fingerprint,
    severity: triage.severity,
    summary: triage.summary,
    analysis: triage.analysis,
    report: triage.report && reportView(triage.report),
    model: conversation?.model,
    system_prompt: conversation?.systemPrompt,
    tools_used: spent?.toolsUsed,
    tool_calls: spent?.toolCalls,
    tokens_in: spent?.tokensIn,
    tokens_in_uncached: spent?.tokensInUncached,
    tokens_out: spent?.tokensOut,
    cost_usd: spent?.costUsd,
    created_at: triage.createdAt,
    started_at: triage.startedAt,
    completed_at: triage.completedAt,
    due_at: triage.dueAt,
    // Of the attempts that have ended: during the first one it is not known yet.
    duration_seconds: triage.runningMs > 0 ? seconds(triage.runningMs) : undefined,
    llm_time_seconds: spent && seconds(spent.llmMs),
    tool_time_seconds: spent && seconds(spent.toolMs),
    attempts: triage.attempts,
    alerts: triage.firings.map(firingView),
    truncated_alerts: triage.truncatedAlerts,
    deliveries: triage.deliveries.map(deliveryView),
    link,
    conversations: triage.conversations.map(conversationView),
  };
}

function reportView(report: Report): Json {
  return {
    headline: report.headline,
    what_is_happening: report.whatIsHappening,
    root_cause: report.rootCause,
    affected: report.affected,
    evidence: report.evidence,
    ruled_out: report.ruledOut,
    actions: report.actions,
    could_not_check: report.couldNotCheck,
    flags: report.flags,
  };
}

function firingView(firing: Firing): Json {
  return {
    fingerprint: firing.fingerprint,
    status: firing.status,
    labels: firing.labels,
    annotations: firing.annotations,
    starts_at: firing.startsAt,
    ends_at: firing.endsAt,
    generator_url: firing.generatorUrl,
  };
}

function deliveryView(delivery: Delivery): Json {
  const { channel, kind, state, attempts, reason } = delivery;
  return { channel, kind, state, attempts, delivered_at: delivery.deliveredAt, reason };
}

function conversationView(conversation: Conversation): Json {
  const { purpose, provider, model } = conversation;
  const calls = new Map(conversation.toolCalls.map((call) => [call.handle, call]));
  return { purpose, provider, model, turns: conversation.turns.map((turn) => turnView(turn, calls)) };
}

function turnView(turn: Turn, calls: ReadonlyMap<string, ToolCallRecord>): Json {
  const common = { seq: turn.seq, role: turn.role, at: turn.at, content: turn.blocks.map((b) => blockView(b, calls)) };
  if (turn.role === 'user') return common;
  return {
    ...common,
    stop_reason: turn.stopReason,
    usage: {
      input_tokens: turn.usage.inputTokens,
      output_tokens: turn.usage.outputTokens,
      cache_read_tokens: turn.usage.cacheReadTokens,
      cache_write_tokens: turn.usage.cacheWriteTokens,
    },
    duration_seconds: seconds(turn.durationMs),
    model: turn.model,
  };
}

function blockView(block: Block, calls: ReadonlyMap<string, ToolCallRecord>): Json {
  switch (block.type) {
    case 'text':
    case 'thinking':
      return { type: block.type, text: block.text };
    case 'tool_use':
      return { type: block.type, handle: block.handle, name: block.name, input: block.input };
    case 'tool_result': {
      const call = calls.get(block.handle);
      return {
        type: block.type,
        handle: block.handle,
        status: block.status,
        text: block.text,
        bytes: call?.bytes,
        duration_seconds: call && seconds(call.durationMs),
      };
    }
  }
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
