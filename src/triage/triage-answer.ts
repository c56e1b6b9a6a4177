import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Firing } from '../domain/alert';
import { CHANNELS, type Delivery, DELIVERY_KINDS, DELIVERY_STATES } from '../domain/delivery';
import { expenses } from '../domain/expenses';
import {
  ENDS,
  type EndedBy,
  type ListedTriage,
  OUTCOMES,
  type Outcome,
  type Triage,
  TRIAGE_STATUSES,
  type TriageStatus,
} from '../domain/triage';
import { ConversationAnswer, conversationView } from './conversation-answer';
import { ListedReport, listedReportView, ReportAnswer, reportView } from './report-answer';
import { secondsOf } from './seconds-of';

/** What lists and single triages tell alike: snake_case, and a field is absent rather than zero when it is not known. */
class TriageOutline {
  @ApiProperty({ description: 'ULID' })
  id!: string;

  @ApiProperty({ enum: TRIAGE_STATUSES, description: '`waiting` is parked until `due_at`' })
  status!: TriageStatus;

  @ApiPropertyOptional({
    enum: OUTCOMES,
    description: "When finished. `failed` is the model's side, `error` is Vigil's own",
  })
  outcome?: Outcome;

  @ApiPropertyOptional({ enum: ENDS, description: 'When finished' })
  ended_by?: EndedBy;

  @ApiProperty()
  alert_name!: string;

  @ApiProperty()
  fingerprint!: string;

  @ApiPropertyOptional()
  severity?: string;

  @ApiPropertyOptional({ description: "The alert's own" })
  summary?: string;

  @ApiPropertyOptional({ description: 'The model that is asked' })
  model?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Cache reads and writes included' })
  tokens_in?: number;

  @ApiPropertyOptional({ type: 'integer' })
  tokens_in_uncached?: number;

  @ApiPropertyOptional({ type: 'integer' })
  tokens_out?: number;

  @ApiPropertyOptional({ type: Number, nullable: true, description: 'Null for a model without a known price' })
  cost_usd?: number | null;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;

  @ApiPropertyOptional({ format: 'date-time' })
  started_at?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  completed_at?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'While it waits: when it goes on, at the latest' })
  due_at?: string;

  @ApiPropertyOptional({ description: 'Running time of the attempts that have ended; waiting does not count' })
  duration_seconds?: number;

  @ApiProperty({ type: 'integer' })
  attempts!: number;

  @ApiProperty({ format: 'uri', description: 'A page for people that needs no token, until the link expires' })
  link!: string;
}

/** A triage of a list as the API shows it: a part of the whole one, under the same names. */
export class ListedTriageAnswer extends TriageOutline {
  @ApiPropertyOptional({ type: ListedReport })
  report?: ListedReport;
}

class FiringAnswer {
  @ApiProperty()
  fingerprint!: string;

  @ApiProperty({ enum: ['firing', 'resolved'] })
  status!: 'firing' | 'resolved';

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  labels!: Readonly<Record<string, string>>;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  annotations!: Readonly<Record<string, string>>;

  @ApiProperty({ format: 'date-time' })
  starts_at!: string;

  @ApiPropertyOptional({ format: 'date-time' })
  ends_at?: string;

  @ApiPropertyOptional({ description: 'As it was sent: shown, never fetched' })
  generator_url?: string;
}

class DeliveryAnswer {
  @ApiProperty({ enum: CHANNELS })
  channel!: Delivery['channel'];

  @ApiProperty({ enum: DELIVERY_KINDS })
  kind!: Delivery['kind'];

  @ApiProperty({ enum: DELIVERY_STATES })
  state!: Delivery['state'];

  @ApiProperty({ type: 'integer' })
  attempts!: number;

  @ApiPropertyOptional({ format: 'date-time' })
  delivered_at?: string;

  @ApiPropertyOptional({ description: 'Why it is not delivered (yet)' })
  reason?: string;
}

/** A triage as the API shows it, whole. */
export class TriageAnswer extends TriageOutline {
  @ApiPropertyOptional({ description: 'Markdown: the rendered report, or the reason why there is none' })
  analysis?: string;

  @ApiPropertyOptional({ type: ReportAnswer })
  report?: ReportAnswer;

  @ApiPropertyOptional()
  system_prompt?: string;

  @ApiPropertyOptional({ type: [String], description: 'Without `submit_report`' })
  tools_used?: readonly string[];

  @ApiPropertyOptional({ type: 'integer', description: 'Without `submit_report`' })
  tool_calls?: number;

  @ApiPropertyOptional()
  llm_time_seconds?: number;

  @ApiPropertyOptional()
  tool_time_seconds?: number;

  @ApiProperty({ type: [FiringAnswer] })
  alerts!: readonly FiringAnswer[];

  @ApiPropertyOptional({
    type: 'integer',
    description: 'Alerts of the group that Alertmanager left out (`max_alerts`); absent when there are none',
  })
  truncated_alerts?: number;

  @ApiProperty({ type: [DeliveryAnswer] })
  deliveries!: readonly DeliveryAnswer[];

  @ApiProperty({ type: [ConversationAnswer] })
  conversations!: readonly ConversationAnswer[];
}

/** A part of the list of triages. */
export class TriageListAnswer {
  @ApiProperty({ type: [ListedTriageAnswer] })
  triages!: readonly ListedTriageAnswer[];

  @ApiProperty({ type: String, nullable: true, description: 'For the parameter `cursor`; null: nothing comes after' })
  next_cursor!: string | null;
}

export function triageView(triage: Triage, link: string): TriageAnswer {
  const conversation = triage.conversations.at(-1);
  const spent = expenses(triage.conversations);
  return {
    ...outlineView(triage, conversation?.model, spent, link),
    analysis: triage.analysis,
    report: triage.report && reportView(triage.report),
    system_prompt: conversation?.systemPrompt,
    tools_used: spent?.toolsUsed,
    tool_calls: spent?.toolCalls,
    llm_time_seconds: spent && secondsOf(spent.llmMs),
    tool_time_seconds: spent && secondsOf(spent.toolMs),
    alerts: triage.firings.map(firingView),
    truncated_alerts: triage.truncatedAlerts,
    deliveries: triage.deliveries.map(deliveryView),
    conversations: triage.conversations.map(conversationView),
  };
}

export function listedTriageView(triage: ListedTriage, link: string): ListedTriageAnswer {
  return {
    ...outlineView(triage, triage.model, triage.expenses, link),
    report: triage.report && listedReportView(triage.report),
  };
}

function outlineView(
  triage: Omit<ListedTriage, 'report'>,
  model: string | undefined,
  spent: ListedTriage['expenses'],
  link: string,
): TriageOutline {
  return {
    id: triage.id,
    status: triage.status,
    outcome: triage.outcome,
    ended_by: triage.endedBy,
    alert_name: triage.alertName,
    fingerprint: triage.fingerprint,
    severity: triage.severity,
    summary: triage.summary,
    model,
    tokens_in: spent?.tokensIn,
    tokens_in_uncached: spent?.tokensInUncached,
    tokens_out: spent?.tokensOut,
    cost_usd: spent && dollars(spent.costUsd),
    created_at: triage.createdAt.toISOString(),
    started_at: triage.startedAt?.toISOString(),
    completed_at: triage.completedAt?.toISOString(),
    due_at: triage.dueAt?.toISOString(),
    // Of the attempts that have ended: during the first one it is not known yet.
    duration_seconds: triage.runningMs > 0 ? secondsOf(triage.runningMs) : undefined,
    attempts: triage.attempts,
    link,
  };
}

/** To the millionth: a sum of many calls carries the noise of its additions. */
function dollars(costUsd: number | null): number | null {
  return costUsd === null ? null : Math.round(costUsd * 1e6) / 1e6;
}

function firingView(firing: Firing): FiringAnswer {
  return {
    fingerprint: firing.fingerprint,
    status: firing.status,
    labels: firing.labels,
    annotations: firing.annotations,
    starts_at: firing.startsAt.toISOString(),
    ends_at: firing.endsAt?.toISOString(),
    generator_url: firing.generatorUrl,
  };
}

function deliveryView(delivery: Delivery): DeliveryAnswer {
  const { channel, kind, state, attempts, reason } = delivery;
  return { channel, kind, state, attempts, delivered_at: delivery.deliveredAt?.toISOString(), reason };
}
