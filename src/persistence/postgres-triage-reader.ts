import { Injectable } from '@nestjs/common';
import type { Confidence } from '../domain/report';
import type { EndedBy, ListedTriage, Outcome, Triage, TriageStatus, WaitReason } from '../domain/triage';
import { type ListPosition, type TriageFilter, type TriageList, TriageReader } from '../triage/ports/triage-reader';
import { Database } from './database';
import { storedAlertName } from './stored-alert-name';
import { StoredTriages } from './stored-triages';

@Injectable()
export class PostgresTriageReader extends TriageReader {
  constructor(
    private readonly stored: StoredTriages,
    private readonly database: Database,
  ) {
    super();
  }

  find(triageId: string): Promise<Triage | undefined> {
    return this.stored.find(triageId);
  }

  async list(filter: TriageFilter, limit: number, after?: ListPosition): Promise<TriageList> {
    const { text, parameters } = listStatement(filter, limit, after);
    const rows = await this.database.read<ListedRow>(text, parameters);
    // One row more than was asked for: it tells whether anything comes after, and is not shown.
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { triages: shown.map(listedFrom), next: last && { createdAt: last.created_at_exact, id: last.id } };
  }
}

/** The statement of one page; `migrations/0004` has the indexes that serve it. */
export function listStatement(
  filter: TriageFilter,
  limit: number,
  after?: ListPosition,
): { text: string; parameters: unknown[] } {
  const parameters: unknown[] = [];
  const placed = (value: unknown): string => `$${parameters.push(value)}`;
  const conditions = [
    filter.status && `status = ${placed(filter.status)}`,
    filter.outcome && `outcome = ${placed(filter.outcome)}`,
    filter.alertName && `alert_name = ${placed(storedAlertName(filter.alertName))}`,
    filter.fingerprint && `fingerprint = ${placed(filter.fingerprint)}`,
    filter.severity && `severity = ${placed(filter.severity)}`,
    filter.since && `created_at >= ${placed(filter.since)}`,
    filter.until && `created_at < ${placed(filter.until)}`,
    after && `(created_at, id) < (${placed(after.createdAt)}::timestamptz, ${placed(after.id)})`,
  ].filter(Boolean);
  // The inner select finds the rows of the page; reports are opened for those alone.
  const text = `
    SELECT id, status, outcome, ended_by, wait_reason, alert_name, fingerprint, severity, summary, created_at, due_at,
      started_at, completed_at, attempts, running_ms::float8 AS running_ms, requested_model, cost_usd::float8 AS cost_usd,
      input_tokens::float8 AS input_tokens, output_tokens::float8 AS output_tokens,
      (cache_read_tokens + cache_write_tokens)::float8 AS cache_tokens,
      report->>'headline' AS headline, report#>>'{rootCause,component}' AS component,
      report#>>'{rootCause,change}' AS change, report#>>'{rootCause,confidence}' AS confidence,
      (SELECT json_agg(figure ->> 'text') FROM json_array_elements(report #> '{check,figures}') AS figure
       WHERE figure ->> 'verified' = 'unverified' AND figure ->> 'field' = 'headline') AS headline_unverified,
      to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at_exact
    FROM (
      SELECT * FROM triages
      ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
      ORDER BY created_at DESC, id DESC
      LIMIT ${placed(limit + 1)}
    ) AS page
    ORDER BY page.created_at DESC, page.id DESC`;
  return { text, parameters };
}

interface ListedRow {
  readonly id: string;
  readonly status: TriageStatus;
  readonly outcome: Outcome | null;
  readonly ended_by: EndedBy | null;
  readonly wait_reason: WaitReason | null;
  readonly alert_name: string;
  readonly fingerprint: string;
  readonly severity: string | null;
  readonly summary: string | null;
  readonly created_at: Date;
  readonly created_at_exact: string;
  readonly due_at: Date;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
  readonly attempts: number;
  readonly running_ms: number;
  readonly requested_model: string | null;
  readonly input_tokens: number;
  readonly cache_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number | null;
  readonly headline: string | null;
  readonly component: string | null;
  readonly change: string | null;
  readonly confidence: Confidence | null;
  readonly headline_unverified: string[] | null;
}

function listedFrom(row: ListedRow): ListedTriage {
  return {
    id: row.id,
    status: row.status,
    outcome: row.outcome ?? undefined,
    endedBy: row.ended_by ?? undefined,
    alertName: row.alert_name,
    fingerprint: row.fingerprint,
    severity: row.severity ?? undefined,
    summary: row.summary ?? undefined,
    report: reportFrom(row),
    model: row.requested_model ?? undefined,
    expenses: expensesFrom(row),
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    completedAt: row.completed_at ?? undefined,
    dueAt: row.status === 'waiting' ? row.due_at : undefined,
    waitReason: row.wait_reason ?? undefined,
    attempts: row.attempts,
    runningMs: row.running_ms,
  };
}

function reportFrom(row: ListedRow): ListedTriage['report'] {
  const { headline, component, change, confidence, headline_unverified } = row;
  if (headline === null || component === null || confidence === null) return undefined;
  return {
    headline,
    rootCause: { component, change, confidence },
    headlineUnverified: headline_unverified ?? undefined,
  };
}

/** The sums of a row are zero until a model has answered. */
function expensesFrom({ input_tokens, cache_tokens, output_tokens, cost_usd }: ListedRow): ListedTriage['expenses'] {
  if (input_tokens + cache_tokens + output_tokens === 0) return undefined;
  return {
    tokensIn: input_tokens + cache_tokens,
    tokensInUncached: input_tokens,
    tokensOut: output_tokens,
    costUsd: cost_usd,
  };
}
