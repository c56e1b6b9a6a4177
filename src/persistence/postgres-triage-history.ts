import { Injectable } from '@nestjs/common';
import { type EarlierTriage, TriageHistory } from '../briefing/ports/triage-history';
import type { Labels } from '../domain/alert';
import type { Confidence, ReportCheck } from '../domain/report';
import type { EndedBy, Outcome } from '../domain/triage';
import { Database } from './database';
import { storedAlertName } from './stored-alert-name';

@Injectable()
export class PostgresTriageHistory extends TriageHistory {
  constructor(private readonly database: Database) {
    super();
  }

  async earlier(
    { triageId, fingerprint, alertName }: { triageId: string; fingerprint: string; alertName: string },
    limit: number,
  ): Promise<readonly EarlierTriage[]> {
    const parameters = [triageId, fingerprint, storedAlertName(alertName), limit];
    return (await this.database.read<EarlierRow>(EARLIER, parameters)).map(earlierFrom);
  }
}

const ENDED = `id <> $1 AND status = 'finished' AND outcome <> 'cancelled'`;

/**
 * Two short walks along an index, newest first: a name that has 100,000 triages costs no more than one that has five.
 * Reports are opened for the rows that are shown, and the labels are those of the first firing.
 */
export const EARLIER = `
  SELECT t.id, t.fingerprint, t.completed_at, t.outcome, t.ended_by, f.labels,
    t.report->>'headline' AS headline, t.report#>>'{rootCause,component}' AS component,
    t.report#>>'{rootCause,change}' AS change, t.report#>>'{rootCause,confidence}' AS confidence,
    t.report->'check' AS "check"
  FROM (
    (SELECT *, 0 AS distance FROM triages WHERE fingerprint = $2 AND ${ENDED}
     ORDER BY created_at DESC, id DESC LIMIT $4)
    UNION ALL
    (SELECT *, 1 AS distance FROM triages WHERE alert_name = $3 AND fingerprint <> $2 AND ${ENDED}
     ORDER BY created_at DESC, id DESC LIMIT $4)
    ORDER BY distance, created_at DESC, id DESC LIMIT $4
  ) AS t
  LEFT JOIN LATERAL (
    SELECT labels FROM firings JOIN triage_firings tf ON tf.firing_id = firings.id
    WHERE tf.triage_id = t.id ORDER BY starts_at, firings.id LIMIT 1
  ) AS f ON true
  ORDER BY t.distance, t.created_at DESC, t.id DESC`;

interface EarlierRow {
  readonly id: string;
  readonly fingerprint: string;
  readonly completed_at: Date;
  readonly outcome: Outcome;
  readonly ended_by: EndedBy | null;
  /** Null: retention has taken the firing. */
  readonly labels: Labels | null;
  readonly headline: string | null;
  readonly component: string | null;
  readonly change: string | null;
  readonly confidence: Confidence | null;
  readonly check: ReportCheck | null;
}

function earlierFrom(row: EarlierRow): EarlierTriage {
  const { id, fingerprint, labels, completed_at, outcome, ended_by } = row;
  const { headline, component, change, confidence, check } = row;
  const conclusion =
    headline === null || component === null || confidence === null
      ? undefined
      : { headline, component, change, confidence, check: check ?? undefined };
  return {
    id,
    fingerprint,
    labels: labels ?? {},
    completedAt: completed_at,
    outcome,
    endedBy: ended_by ?? undefined,
    conclusion,
  };
}
