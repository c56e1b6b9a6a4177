import type { Firing } from './alert';
import type { Conversation } from './conversation';
import type { Delivery } from './delivery';
import type { Report } from './report';

/** What is owed: `waiting` is parked until `dueAt`. */
export const TRIAGE_STATUSES = ['queued', 'running', 'waiting', 'finished'] as const;
export type TriageStatus = (typeof TRIAGE_STATUSES)[number];

/** How it ended: `failed` is the model's side, `error` is ours. */
export const OUTCOMES = ['complete', 'partial', 'failed', 'error', 'cancelled'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What ended it. */
export const ENDS = [
  'answer',
  'tool_budget',
  'token_budget',
  'deadline',
  'context_full',
  'refusal',
  'model_unavailable',
  'crashed',
  'resolved',
] as const;
export type EndedBy = (typeof ENDS)[number];

/** Why a triage waits. */
export type WaitReason = 'cool_down' | 'model_unavailable' | 'money';

/** The end of an investigation, as it is settled. */
export interface Ending {
  readonly outcome: Outcome;
  readonly endedBy: EndedBy;
  /** Markdown: the rendered report, or what was found, or the reason why there is nothing. */
  readonly analysis: string;
  readonly report?: Report;
}

/** A triage as its readers see it: all of it. */
export interface Triage {
  readonly id: string;
  readonly status: TriageStatus;
  readonly outcome?: Outcome;
  readonly endedBy?: EndedBy;
  readonly alertName: string;
  readonly fingerprint: string;
  readonly severity?: string;
  readonly summary?: string;
  readonly analysis?: string;
  readonly report?: Report;
  readonly createdAt: Date;
  readonly startedAt?: Date;
  readonly completedAt?: Date;
  /** When it is looked at again; only while it waits. */
  readonly dueAt?: Date;
  readonly waitReason?: WaitReason;
  /** How many further alerts of the group Alertmanager cut off the body that opened it; absent: none. */
  readonly truncatedAlerts?: number;
  readonly attempts: number;
  /** Running time; waiting does not count. Milliseconds. */
  readonly runningMs: number;
  readonly firings: readonly Firing[];
  readonly deliveries: readonly Delivery[];
  readonly conversations: readonly Conversation[];
}

/** A triage in a list: who it is, how it stands, and what it found in a line. */
export interface ListedTriage extends Omit<Triage, 'analysis' | 'report' | 'firings' | 'deliveries' | 'conversations'> {
  readonly report?: Pick<Report, 'headline'> & {
    readonly rootCause: Pick<Report['rootCause'], 'component' | 'change' | 'confidence'>;
    /** Figures of the headline that nothing bears out; absent: none, or nobody looked. */
    readonly headlineUnverified?: readonly string[];
  };
  readonly model?: string;
  /** Absent while no model has answered. */
  readonly expenses?: Pick<Expenses, 'tokensIn' | 'tokensInUncached' | 'tokensOut' | 'costUsd'>;
}

/** Sums over conversations; absent while no model has answered. */
export interface Expenses {
  /** The whole prompt of every call: uncached, cache reads and cache writes. */
  readonly tokensIn: number;
  readonly tokensInUncached: number;
  readonly tokensOut: number;
  /** US dollars; null as soon as one call has no known price. */
  readonly costUsd: number | null;
  readonly llmMs: number;
  readonly toolMs: number;
  /** Tool calls, `submit_report` not counted. */
  readonly toolCalls: number;
  readonly toolsUsed: readonly string[];
}
